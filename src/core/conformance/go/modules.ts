import { posix } from 'node:path';

export interface GoModule {
  /** Import path prefix. */
  readonly path: string;
  /** Folder, relative like the folder given to `readGoMod`; `` is the root. */
  readonly folder: string;
}

/** The module of a `go.mod`, and other modules that it replaces by local folders. */
export function readGoMod(text: string, folder: string): GoModule[] {
  const modules: GoModule[] = [];
  let block = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/, '').trim();
    if (line === '') continue;
    if (line === ')') {
      block = '';
      continue;
    }
    const opening = /^(\w+)\s*\($/.exec(line);
    if (opening !== null) {
      block = opening[1] ?? '';
      continue;
    }
    const words = (block === '' ? line : `${block} ${line}`).split(/\s+/).map(unquote);
    const [verb, path] = words;
    if (verb === 'module' && path !== undefined) modules.push({ path, folder });
    const arrow = words.indexOf('=>');
    const target = words[arrow + 1];
    if (
      verb === 'replace' &&
      path !== undefined &&
      arrow > 0 &&
      target !== undefined &&
      /^\.{1,2}(\/|$)/.test(target)
    ) {
      const place = posix.join(folder === '' ? '.' : folder, target).replace(/\/$/, '');
      if (!place.startsWith('..')) modules.push({ path, folder: place === '.' ? '' : place });
    }
  }
  return modules;
}

function unquote(word: string): string {
  return word.replace(/^(["`])(.*)\1$/, '$2');
}

/** Go's rule for `internal`: only code below the folder that holds it may import it. */
export function mayImportInternal(importer: string, target: string): boolean {
  const parts = target.split('/');
  const at = parts.lastIndexOf('internal');
  if (at < 0) return true;
  const holder = parts.slice(0, at).join('/');
  return holder === '' || importer === holder || importer.startsWith(`${holder}/`);
}
