import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { Workbench, WorkbenchChange } from '../../core/ports.ts';
import { benchRoot, checkOut, removeCopies, rootIn } from './checkout.ts';
import { baseOf, branchOf, type Note, type RunPart, runFolder } from './ledger.ts';
import { inWorkspace, placeOf, skipper, topOf } from './parts.ts';
import { git, gitText, tryGit } from './program.ts';
import { changeTree, compareTrees, readTree, stageAll, type TreeChange } from './tree.ts';

/** Precedes, in the message of a step, the commits of the repositories within the workspace. */
const PARTS = 'InfraBuilder-Parts: ';
const LINK_MODE = '120000';

/** The copy of a run that this process holds. `root` is that of the person's workspace. */
export function openWorkbench(root: string, note: Note, release: () => Promise<void>): Workbench {
  const copy = benchRoot(root, note);
  const [home] = note.parts;
  if (home === undefined) throw new Error(`Run ${note.run} has no part.`);
  const branch = `refs/heads/${branchOf(note)}`;
  const at = (part: RunPart) => topOf(part, copy);
  const stage = (part: RunPart) => stageAll(at(part), { skip: skipper(part, note.parts) });

  async function commitPart(part: RunPart, message: string, always: boolean): Promise<string> {
    const top = at(part);
    const [tip = '', before] = (await gitText(top, ['rev-parse', branch, `${branch}^{tree}`])).split('\n');
    const tree = await stage(part);
    if (tree === before && !always) return tip;
    const commit = await gitText(top, ['commit-tree', tree, '-p', tip], { input: message });
    await git(top, ['update-ref', '-m', 'infrabuilder', branch, commit, tip]);
    return commit;
  }

  async function allChanges(): Promise<
    { readonly part: RunPart; readonly path: string; readonly change: TreeChange }[]
  > {
    const found = [];
    for (const part of note.parts) {
      for (const change of await compareTrees(at(part), part.base, await stage(part), part.prefix)) {
        const path = inWorkspace(part, change.path);
        if (path !== undefined) found.push({ part, path, change });
      }
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  return {
    run: note.run,
    task: note.task,
    begun: note.begun,
    branch: branchOf(note),
    inUse: true,
    root: copy,
    base: home.base,
    release,

    async commit(message) {
      const others = note.parts.slice(1);
      if (others.length === 0) return commitPart(home, message, false);
      const before = await partsAt(at(home), note, branch);
      const now = new Map<string, string>();
      for (const part of others) now.set(part.folder, await commitPart(part, message, false));
      const moved = [...now].some(([folder, commit]) => before.get(folder) !== commit);
      return commitPart(home, `${message}\n\n${PARTS}${JSON.stringify(Object.fromEntries(now))}`, moved);
    },

    async rollback(commit) {
      await refuseForeign(at(home), note, branch, commit);
      const targets = await partsAt(at(home), note, commit);
      for (const part of note.parts) {
        const target = targets.get(part.folder) ?? part.base;
        // Files that git does not know yet would stay.
        await stage(part);
        await git(at(part), ['read-tree', '--reset', '-u', target]);
        await git(at(part), ['update-ref', '-m', 'infrabuilder', branch, target]);
      }
      // Evidence of steps that are undone was never written; nobody is to miss it.
      await rm(join(copy, '.infrabuilder', 'evidence'), { recursive: true, force: true });
    },

    async changes() {
      return (await allChanges()).map(({ path, change }): WorkbenchChange => {
        const { before, after, addedLines, removedLines } = change;
        const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'changed';
        return { path, change: kind, addedLines, removedLines };
      });
    },

    async diff(paths) {
      const wanted = paths?.map((path) => placeOf(note.parts, path));
      const texts = [];
      for (const part of note.parts) {
        const own = wanted?.filter((place) => place.part === part).map(({ path }) => path);
        const within = own ?? (part.prefix === '' ? [] : [part.prefix]);
        if (own?.length === 0) continue;
        texts.push(await diffPart(at(part), part, await stage(part), within));
      }
      return texts.join('');
    },

    async before(path) {
      const place = placeOf(note.parts, path);
      const top = at(place.part);
      const found = (await readTree(top, place.part.base, [place.path])).get(place.path);
      if (found === undefined) return undefined;
      const how = found.mode === LINK_MODE ? ['blob', found.blob] : ['--filters', `${place.part.base}:${place.path}`];
      return (await git(top, ['cat-file', ...how])).toString('utf8');
    },

    async cleanCopy(paths) {
      const name = `clean-${randomUUID().slice(0, 8)}`;
      const folder = join(runFolder(root, note.run), name);
      const commits = new Map<string, string>();
      for (const part of note.parts) {
        const wanted = paths.map((path) => placeOf(note.parts, path)).filter((place) => place.part === part);
        const now = await readTree(
          at(part),
          await stage(part),
          wanted.map(({ path }) => path),
        );
        const entries = new Map(wanted.map(({ path }) => [path, now.get(path)]));
        const index = join(runFolder(root, note.run), `${name}.index`);
        const tree = await changeTree(at(part), part.base, entries, index);
        await rm(index, { force: true });
        const input = `Run ${note.run}: clean copy`;
        commits.set(part.folder, await gitText(at(part), ['commit-tree', tree, '-p', part.base], { input }));
      }
      await checkOut(root, note, folder, copy, { commits });
      return {
        root: rootIn(folder, note),
        async dispose() {
          await removeCopies(root, note, (path) => path === folder);
          await rm(folder, { recursive: true, force: true, maxRetries: 3 });
        },
      };
    },
  };
}

/** Folder -> commit of each part at a step. */
export async function partsAt(top: string, note: Note, commit: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map(note.parts.map(({ folder, base }) => [folder, base]));
  const id = await gitText(top, ['rev-parse', '--verify', `${commit}^{commit}`]);
  found.set('', id);
  if (id === baseOf(note) || note.parts.length === 1) return found;
  const message = await gitText(top, ['cat-file', 'commit', id]);
  const line = message.split('\n').findLast((one) => one.startsWith(PARTS));
  if (line === undefined) return found;
  const commits = JSON.parse(line.slice(PARTS.length)) as Record<string, string>;
  for (const [folder, one] of Object.entries(commits)) if (found.has(folder)) found.set(folder, one);
  return found;
}

async function diffPart(top: string, part: RunPart, tree: string, paths: readonly string[]): Promise<string> {
  const inner = part.folder === '' ? '' : `${part.folder}/`;
  const shape = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=all'];
  const names = [`--src-prefix=a/${inner}`, `--dst-prefix=b/${inner}`];
  const relative = part.prefix === '' ? [] : [`--relative=${part.prefix}/`];
  const args = ['diff-tree', '-r', '-p', ...shape, ...names, ...relative, part.base, tree, '--', ...paths];
  return (await git(top, args)).toString('utf8');
}

async function refuseForeign(top: string, note: Note, branch: string, commit: string): Promise<void> {
  const isAfter = await tryGit(top, ['merge-base', '--is-ancestor', baseOf(note), commit]);
  const isBefore = await tryGit(top, ['merge-base', '--is-ancestor', commit, branch]);
  if (isAfter !== undefined && isBefore !== undefined) return;
  const message = `${commit} is no step of run ${note.run}.`;
  throw new HumanError('isolation.no-step', message, `Its steps: git log ${branchOf(note)}`);
}
