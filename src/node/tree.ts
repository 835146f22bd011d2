import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedFile, FileDiff, Files, Revision, WorkTree } from '../core/ports.ts';
import { readDiff, wholeFile } from './diff.ts';
import { askGit } from './gitProgram.ts';
import { listByGit } from './treeGit.ts';
import { listByHash } from './treeManifest.ts';

const MOST_COMMON_BYTES = 2 * 1024 * 1024;

/** Branches of runs of the implementation loop: what was only ever there is no history of the person's. */
const NOT_OURS = ['refs/heads/infrabuilder/*', 'refs/worktree/*', 'refs/infrabuilder/*'].map(
  (ref) => `--exclude=${ref}`,
);

/** The WorkTree port on git where there is one. `files` is the port on the same folder. */
export function createWorkTree(files: Files): WorkTree {
  const { root } = files;
  const at = (folder: string) => join(root, folder);

  /** Each repository is listed once, also when several roots lie in it. */
  async function list(roots: readonly string[], without: readonly string[] = []): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const seen = new Set<string>();
    async function visit(folder: string): Promise<void> {
      if (seen.has(folder) || !existsSync(at(folder))) return;
      seen.add(folder);
      const left = without.flatMap((path) => within(folder, path) ?? []);
      const byGit = await listByGit(at(folder), left);
      // A folder that git ignores as a whole would look unchanged for ever.
      const { files: own, nested } = byGit !== undefined && byGit.files.size > 0 ? byGit : listByHash(at(folder), left);
      for (const [path, id] of own) found.set(inside(folder, path), id);
      for (const path of nested) {
        if (!existsSync(join(at(folder), path, '.git'))) continue;
        found.delete(inside(folder, path));
        await visit(inside(folder, path));
      }
    }
    const asked = roots.filter((folder) => !without.includes(folder));
    const sorted = [...new Set(asked)].sort((a, b) => depth(a) - depth(b));
    for (const folder of sorted) {
      const isOwn = existsSync(join(at(folder), '.git'));
      if (folder === '.' || isOwn || !holdsAny(found, folder)) await visit(folder);
    }
    return found;
  }

  /** The folder itself, or the nearest one above it that is there, with the way from it. */
  function nearest(folder: string): { readonly base: string; readonly rest: string } {
    let base = folder;
    while (base !== '.' && !existsSync(at(base)))
      base = base.includes('/') ? base.slice(0, base.lastIndexOf('/')) : '.';
    return { base, rest: base === folder ? '.' : base === '.' ? folder : folder.slice(base.length + 1) };
  }

  async function revision(folder: string, ref: string): Promise<Revision> {
    const where = await askGit(at(folder), ['rev-parse', '--git-common-dir', '--show-prefix']);
    if (where.missing) return { kind: 'no-git', reason: 'git is not installed.' };
    const [gitFolder = '', prefix = ''] = where.stdout.split('\n');
    if (!where.ok) return { kind: 'no-repository', reason: `${folder} is in no git repository.` };
    const asked = await askGit(at(folder), ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
    const commit = asked.stdout.trim();
    if (!asked.ok || commit === '') {
      return { kind: 'no-such-revision', reason: `The repository of ${folder} has no ${ref}.` };
    }
    return { kind: 'commit', commit, gitFolder: gitFolder.replaceAll('\\', '/'), prefix: prefix.replace(/\/$/, '') };
  }

  /** Files below a folder with the times of the commits that changed them, the newest first. */
  async function history(folder: string, filter: readonly string[]): Promise<[string, string][]> {
    const { base, rest } = nearest(folder);
    const shape = [...filter, '--no-renames', '--name-only', '--relative', '--format=%x01%aI'];
    const asked = await askGit(at(base), ['-c', 'core.quotePath=false', 'log', ...shape, '--', rest]);
    const found: [string, string][] = [];
    let time = '';
    for (const line of asked.ok ? asked.stdout.split('\n') : []) {
      if (line.startsWith('\u0001')) time = new Date(line.slice(1)).toISOString();
      else if (line !== '') found.push([inside(base, line), time]);
    }
    return found;
  }

  return {
    list,
    revision,

    async listAt(folder, commit) {
      const asked = await askGit(at(folder), ['ls-tree', '-r', '-z', commit, '--', '.']);
      const found = new Map<string, string>();
      for (const record of asked.stdout.split('\0')) {
        const [, mode, blob, path] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(record) ?? [];
        if (path !== undefined) found.set(inside(folder, path), `${mode} ${blob}`);
      }
      return found;
    },

    async changedSinceCommit(folder) {
      const { base, rest } = nearest(folder);
      const args = ['diff', '--name-status', '--no-renames', '--relative', '-z', 'HEAD', '--', rest];
      const asked = await askGit(at(base), args);
      const words = asked.stdout.split('\0');
      const found: ChangedFile[] = [];
      for (let i = 0; i + 1 < words.length; i += 2) {
        const [status, path] = [words[i] ?? '', words[i + 1] ?? ''];
        if (status !== 'A') found.push({ path: inside(base, path), change: status === 'D' ? 'gone' : 'changed' });
      }
      return found;
    },

    async everCommitted(folder) {
      const { base, rest } = nearest(folder);
      const args = ['log', ...NOT_OURS, '--all', '--diff-filter=A', '--name-only', '--relative', '--format=', '-z'];
      const asked = await askGit(at(base), [...args, '--', rest]);
      const names = asked.stdout.split(/[\0\n]/).filter((name) => name !== '');
      return new Set(names.map((name) => inside(base, name)));
    },

    async firstCommitted(folder) {
      const found = new Map<string, string>();
      // Newest first: what is set last is the oldest.
      for (const [path, time] of await history(folder, ['--diff-filter=A'])) found.set(path, time);
      return found;
    },

    async lastCommitted(folder) {
      const found = new Map<string, string>();
      for (const [path, time] of await history(folder, [])) if (!found.has(path)) found.set(path, time);
      return found;
    },

    async commits(folders) {
      const found: [string, string][] = [];
      for (const folder of folders) {
        if (!existsSync(at(folder))) continue;
        const head = await revision(folder, 'HEAD');
        if (head.kind === 'commit') found.push([folder, head.commit]);
      }
      return Object.fromEntries(found);
    },

    async diff(folder, commit) {
      const args = [
        'diff',
        '--no-color',
        '--no-ext-diff',
        '--no-renames',
        '--relative',
        '--unified=0',
        commit,
        '--',
        '.',
      ];
      const asked = await askGit(at(folder), ['-c', 'core.quotePath=false', ...args]);
      if (!asked.ok) return undefined;
      const untracked = await askGit(at(folder), ['ls-files', '--others', '--exclude-standard', '-z', '--', '.']);
      const fresh: FileDiff[] = [];
      for (const path of untracked.stdout.split('\0')) {
        const full = inside(folder, path);
        if (path === '' || ((await files.stat(full))?.size ?? 0) > MOST_COMMON_BYTES) continue;
        const bytes = await files.readBytes(full).catch(() => undefined);
        if (bytes !== undefined) fresh.push(wholeFile(full, new TextDecoder().decode(bytes)));
      }
      return [...readDiff(asked.stdout).map((one) => ({ ...one, path: inside(folder, one.path) })), ...fresh];
    },

    async move(from, to) {
      const tracked = await askGit(root, ['ls-files', '--error-unmatch', '--', from]);
      if (!tracked.ok || (await files.stat(to)) !== undefined) return files.move(from, to);
      await files.makeFolder(to.slice(0, Math.max(0, to.lastIndexOf('/'))) || '.');
      const moved = await askGit(root, ['mv', '--', from, to]);
      if (!moved.ok) await files.move(from, to);
    },
  };
}

function inside(folder: string, path: string): string {
  return folder === '.' ? path : `${folder}/${path}`;
}

/** The path as seen from a folder that holds it. */
function within(folder: string, path: string): string | undefined {
  if (folder === '.') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function depth(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}

function holdsAny(found: ReadonlyMap<string, string>, folder: string): boolean {
  for (const path of found.keys()) if (path.startsWith(`${folder}/`)) return true;
  return false;
}
