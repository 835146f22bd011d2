import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './program.ts';
import { lookAt, type TreeEntry } from './tree.ts';

/**
 * Gives files below `target` the bytes that they have below `source`, where both are the same file to git: line ends may
 * stand there in another way than a checkout writes them, and a large file that git keeps elsewhere is there already.
 */
export async function matchBytes(
  target: string,
  source: string,
  entries: ReadonlyMap<string, TreeEntry>,
): Promise<void> {
  if (!existsSync(source)) return;
  const differing = [...entries.keys()].filter((path) => {
    const [there, here] = [sizeOf(join(source, path)), sizeOf(join(target, path))];
    return there !== undefined && here !== undefined && there !== here && !path.includes('\n');
  });
  if (differing.length === 0) return;
  const input = differing.map((path) => `${path}\n`).join('');
  const hashes = (await git(source, ['hash-object', '--stdin-paths'], { input })).toString('utf8').split('\n');
  differing.forEach((path, index) => {
    if (hashes[index] === entries.get(path)?.blob) copyFileSync(join(source, path), join(target, path));
  });
}

function sizeOf(file: string): number | undefined {
  const stats = lookAt(file);
  return stats?.isFile() ? stats.size : undefined;
}
