import { copyFile, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError } from '../core/base/errors.ts';
import { askGit } from './gitProgram.ts';

/**
 * Makes `to` a repository with the HEAD, the references and the index of the one that holds `from`. It borrows the objects,
 * so that it costs nothing and takes nothing; what is committed in it stays in it. Does nothing where git reads none there.
 */
export async function borrowRepository(from: string, to: string): Promise<void> {
  const ask = async (...args: string[]) => {
    const { ok, stdout } = await askGit(from, args);
    return ok ? stdout.trimEnd() : undefined;
  };
  const paths = ['objects', 'shallow', 'index', 'info/exclude'].flatMap((name) => ['--git-path', name]);
  const places = (await ask('rev-parse', ...paths))?.split('\n').map((path) => resolve(from, path));
  const [objects, shallow = '', index = '', exclude = ''] = places ?? [];
  if (objects === undefined) return;
  const format = (await ask('rev-parse', '--show-object-format')) ?? 'sha1';
  const plain = ['-c', 'init.defaultBranch=main', '-c', 'init.defaultRefFormat=files'];
  const made = await askGit(to, [...plain, 'init', '--quiet', '--template=', `--object-format=${format}`]);
  if (!made.ok) {
    const hint = 'Mend what git says, then try again.';
    throw new EnvironmentError('scratch.git', `The repository in ${from} cannot be copied. ${made.stderr}`, hint);
  }
  const own = join(to, '.git');
  await mkdir(join(own, 'info'), { recursive: true });
  await mkdir(join(own, 'objects', 'info'), { recursive: true });
  await writeFile(join(own, 'objects', 'info', 'alternates'), `${objects}\n`);
  await copyIfThere(shallow, join(own, 'shallow'));
  await copyIfThere(exclude, join(own, 'info', 'exclude'));
  const refs = await ask('for-each-ref', '--format=%(objectname) %(refname)');
  if (refs) await writeFile(join(own, 'packed-refs'), `${refs}\n`);
  const branch = await ask('symbolic-ref', '--quiet', 'HEAD');
  const head = branch === undefined ? await ask('rev-parse', '--verify', '--quiet', 'HEAD') : `ref: ${branch}`;
  if (head !== undefined) await writeFile(join(own, 'HEAD'), `${head}\n`);
  await copyIndex(index, own);
}

/** With the parts that a split index has beside it. */
async function copyIndex(index: string, own: string): Promise<void> {
  await copyIfThere(index, join(own, 'index'));
  for (const name of await readdir(dirname(index)).catch(() => [])) {
    if (name.startsWith('sharedindex.')) await copyIfThere(join(dirname(index), name), join(own, basename(name)));
  }
}

/** With its times: git compares those of the index with those of the files. */
async function copyIfThere(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(() => undefined);
  if (found === undefined) return;
  await copyFile(from, to);
  await utimes(to, found.atime, found.mtime);
}
