import { sha256 } from '../base/digest.ts';
import type { Resource } from '../model/evidence.ts';

/** A part of the work tree that a result depends on, under the name that a person knows it by. */
export interface InputGroup {
  readonly name: string;
  matches(path: string): boolean;
}

/** Path -> content id, as the WorkTree port lists it. */
export type TreeListing = ReadonlyMap<string, string>;

/** Digests of groups of one listing; each group is digested once. */
export class InputDigests {
  readonly #sorted: readonly (readonly [string, string])[];
  readonly #known = new Map<string, Promise<Resource>>();

  constructor(listing: TreeListing) {
    this.#sorted = [...listing].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Sorted by name, as they stand in evidence. Two groups of one name must match the same paths. */
  async of(groups: readonly InputGroup[]): Promise<Resource[]> {
    const found = await Promise.all(groups.map((group) => this.#digest(group)));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The paths of a group. */
  paths(group: InputGroup): string[] {
    return this.#sorted.filter(([path]) => group.matches(path)).map(([path]) => path);
  }

  #digest(group: InputGroup): Promise<Resource> {
    const known = this.#known.get(group.name);
    if (known !== undefined) return known;
    const lines = this.#sorted.filter(([path]) => group.matches(path)).map(([path, id]) => `${id}\t${path}\n`);
    const made = sha256(lines.join('')).then((digest) => ({ name: group.name, digest: { sha256: digest } }));
    this.#known.set(group.name, made);
    return made;
  }
}

/** The digest of what was asked for: a definition out of the configuration or a scenario. */
export async function definitionDigest(name: string, definition: unknown): Promise<Resource> {
  return { name, digest: { sha256: await sha256(JSON.stringify(definition)) } };
}

/** Names of resources that differ between two lists, also of those that only one list has. */
export function changedResources(before: readonly Resource[], now: readonly Resource[]): string[] {
  const then = new Map(before.map(({ name, digest }) => [name, digest.sha256]));
  const changed = now.filter(({ name, digest }) => then.get(name) !== digest.sha256).map(({ name }) => name);
  const names = new Set(now.map(({ name }) => name));
  return [...changed, ...before.map(({ name }) => name).filter((name) => !names.has(name))];
}
