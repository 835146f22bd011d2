import type { ConformanceFile } from '../model/conformance.ts';
import type { Issue } from '../model/issue.ts';
import { expandBraces, literalPrefix, matchesGlob } from './glob.ts';
import type { RulesDocument } from './rulesDocument.ts';
import type { Sources } from './sources.ts';

interface Holder {
  readonly component: string;
  readonly glob: string;
  readonly index: number;
  /** Length of the literal prefix: the more specific glob holds a file that two match. */
  readonly weight: number;
}

/** Which component holds a file. The most specific glob wins; a tie between two components is an issue. */
export class Components {
  readonly names: readonly string[];
  readonly #holders: readonly Holder[];
  readonly #known = new Map<string, Holder | undefined>();
  readonly #ties = new Map<string, { holder: Holder; other: Holder; path: string }>();

  constructor(file: ConformanceFile) {
    this.names = Object.keys(file.components);
    this.#holders = Object.entries(file.components).flatMap(([component, { in: globs }]) =>
      globs.flatMap((glob, index) =>
        expandBraces(glob).map((part) => ({ component, glob: part, index, weight: literalPrefix(part).length })),
      ),
    );
  }

  /** `path` is a file relative to the source folder. */
  of(path: string): string | undefined {
    return this.#holder(path)?.component;
  }

  /** The component of a package's folder: that of its first file. */
  ofTarget(path: string, sources: Sources): string | undefined {
    if (sources.hasFile(path)) return this.of(path);
    const files = sources.filesIn(path);
    const first = files.find((file) => sources.files.get(file)?.test === false) ?? files[0];
    return this.of(first ?? `${path}/_`);
  }

  filesOf(component: string, sources: Sources): string[] {
    return [...sources.files.keys()].filter((path) => this.of(path) === component);
  }

  /** Globs that hold no file, and components that claim the same file. Asks every file first. */
  issues(document: RulesDocument, sources: Sources, excused: ReadonlySet<string>): Issue[] {
    const used = new Set<string>();
    for (const path of sources.files.keys()) {
      const holder = this.#holder(path);
      if (holder !== undefined) used.add(holder.component);
      for (const one of this.#holders) if (matchesGlob(one.glob, path)) used.add(`${one.component}\n${one.index}`);
    }
    const issues: Issue[] = [];
    for (const { component, index, glob } of this.#holders) {
      const key = `${component}\n${index}`;
      if (used.has(key) || excused.has(component)) continue;
      used.add(key);
      const other = [...sources.files.keys()].find((path) => matchesGlob(glob.toLowerCase(), path.toLowerCase()));
      const hint = other === undefined ? 'Mend the glob or remove it.' : `Its case differs from ${other}.`;
      const range = document.locate(['components', component, 'in', index]);
      issues.push(
        document.issue(
          'conformance.empty-component',
          'error',
          `"${glob}" of component "${component}" holds no source file. ${hint}`,
          range,
        ),
      );
    }
    for (const { holder, other, path } of this.#ties.values()) {
      const message = `Components "${holder.component}" and "${other.component}" both hold ${path}. Make one glob more specific.`;
      const range = document.locate(['components', other.component, 'in', other.index]);
      issues.push(document.issue('conformance.ambiguous-component', 'error', message, range));
    }
    return issues;
  }

  #holder(path: string): Holder | undefined {
    if (this.#known.has(path)) return this.#known.get(path);
    const matching = this.#holders.filter(({ glob }) => matchesGlob(glob, path));
    const weight = Math.max(...matching.map((holder) => holder.weight));
    const [best, ...others] = matching.filter((holder) => holder.weight === weight);
    const other = others.find(({ component }) => component !== best?.component);
    if (best !== undefined && other !== undefined)
      this.#ties.set(`${best.component}\n${other.component}`, { holder: best, other, path });
    this.#known.set(path, best);
    return best;
  }
}
