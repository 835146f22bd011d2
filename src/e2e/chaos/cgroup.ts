import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage } from '../../core/base/errors.ts';
import type { ProcessIdentity } from '../reap/identity.ts';
import type { Journal } from '../reap/journal.ts';

export type Controller = 'cpu' | 'memory';

/** A place where a cgroup for one controller can be made. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  /** Folder to make the new one in. */
  readonly parent: string;
  /** `cgroup.procs` that the process is in now. */
  readonly home: string;
}

/** The places to try for `pid`, the nearest first. Empty where the system has no such controller. Linux only. */
export async function placesFor(pid: number, controller: Controller): Promise<CgroupPlace[]> {
  const mounts = parseMounts(await readFile('/proc/self/mounts', 'utf8').catch(() => ''));
  const groups = (await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  for (const { version, root, controllers } of mounts) {
    const own = groups.find(([, names]) => (version === 1 ? names?.split(',').includes(controller) : names === ''));
    if (own === undefined) continue;
    if (version === 1 && !controllers.includes(controller)) continue;
    if (
      version === 2 &&
      !(await readFile(join(root, 'cgroup.controllers'), 'utf8').catch(() => '')).split(/\s/).includes(controller)
    )
      continue;
    // In a container the path may lie outside of what is mounted; then the mount itself is where we are.
    const named = join(root, own[2] ?? '/');
    const here = (await access(named).then(
      () => true,
      () => false,
    ))
      ? named
      : root;
    const parents = version === 1 ? [here] : [here, dirname(here), root];
    return [...new Set(parents)]
      .filter((parent) => parent.startsWith(root))
      .map((parent) => ({ version, parent, home: join(here, 'cgroup.procs') }));
  }
  return [];
}

export interface MadeCgroup {
  readonly path: string;
  readonly place: CgroupPlace;
  /** Settling it moves the members home and removes the group. */
  readonly debt: number;
}

/** Makes `name` with `limits` in the first place that allows it and moves `members` in; otherwise says why not. */
export async function makeCgroup(
  journal: Journal,
  request: {
    readonly places: readonly CgroupPlace[];
    readonly name: string;
    readonly controller: Controller;
    readonly members: readonly ProcessIdentity[];
    readonly limits: (version: 1 | 2) => Readonly<Record<string, string>>;
  },
): Promise<MadeCgroup | { readonly reasons: readonly string[] }> {
  const reasons: string[] = [];
  for (const place of request.places) {
    const path = join(place.parent, request.name);
    const members = request.members.map((one) => ({ ...one, home: place.home }));
    const debt = journal.owe({ kind: 'cgroup', path, members });
    try {
      if (place.version === 2) await writeFile(join(place.parent, 'cgroup.subtree_control'), `+${request.controller}`);
      await mkdir(path);
      for (const [file, value] of Object.entries(request.limits(place.version)))
        await writeFile(join(path, file), value);
      for (const { pid } of members) await writeFile(join(path, 'cgroup.procs'), String(pid));
      return { path, place, debt };
    } catch (error) {
      reasons.push(`${path}: ${errorMessage(error)}`);
      await journal.settle(debt);
    }
  }
  return { reasons };
}

interface Hierarchy {
  readonly version: 1 | 2;
  readonly root: string;
  readonly controllers: readonly string[];
}

/** Cgroup hierarchies from the text of /proc/mounts; version 1 first, because a mixed system has its controllers there. */
export function parseMounts(text: string): Hierarchy[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([, root = '', type, options = '']): Hierarchy[] => {
      if (type === 'cgroup') return [{ version: 1, root, controllers: options.split(',') }];
      return type === 'cgroup2' ? [{ version: 2, root, controllers: [] }] : [];
    })
    .sort((a, b) => a.version - b.version);
}
