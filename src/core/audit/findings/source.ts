import { posix } from 'node:path';
import type { Issue } from '../../model/issue.ts';
import { folderOf } from '../../project/layout.ts';
import { isLookedAt } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { finding } from './finding.ts';

const IMPORT = /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]+)"\s*(?:\/\/.*)?$/;

/** Go imports of a module's own packages that do not exist: what imports them cannot compile, and no tool need say so. */
export function brokenImports(repository: Repository): Issue[] {
  const modules = goModules(repository);
  const folders = new Set(repository.paths.filter((path) => path.endsWith('.go')).map(folderOf));
  return repository.paths
    .filter((path) => path.endsWith('.go'))
    .flatMap((file) => {
      const module = nearestModule(modules, file);
      const text = repository.read(file);
      if (module === undefined || text === undefined) return [];
      return imports(text).flatMap(({ line, text: shown, path }) => {
        if (path !== module.name && !path.startsWith(`${module.name}/`)) return [];
        const folder = posix.join(module.folder, path.slice(module.name.length + 1) || '.');
        const inner = modules.some(
          (one) =>
            one.folder !== module.folder &&
            (path === one.name || path.startsWith(`${one.name}/`)) &&
            one.name.length > module.name.length,
        );
        if (folders.has(folder) || inner || isGenerated(folder) || !isLookedAt(`${folder}/`)) return [];
        const message = `This does not compile: the package ${path} does not exist; ${folder} holds no Go file.`;
        return [finding('does-not-compile', 'error', message, { file, line, text: shown })];
      });
    });
}

/** Go modules in which no test file exists. */
export function testlessModules(repository: Repository): readonly { readonly file: string; readonly folder: string }[] {
  const modules = goModules(repository);
  const has = (pattern: RegExp, folder: string) =>
    repository.paths.some((path) => pattern.test(path) && nearestModule(modules, path)?.folder === folder);
  return modules
    .filter(({ folder }) => has(/\.go$/, folder) && !has(/_test\.go$/, folder))
    .map(({ file, folder }) => ({ file, folder }));
}

export interface GoModule {
  readonly file: string;
  readonly folder: string;
  readonly name: string;
}

export function goModules({ paths, read }: Pick<Repository, 'paths' | 'read'>): GoModule[] {
  return paths
    .filter((path) => /(?:^|\/)go\.mod$/.test(path))
    .flatMap((file) => {
      const name = /^module\s+"?([^\s"]+)"?/m.exec(read(file) ?? '')?.[1];
      return name === undefined ? [] : [{ file, folder: folderOf(file), name }];
    });
}

function nearestModule(modules: readonly GoModule[], path: string): GoModule | undefined {
  const holding = modules.filter(({ folder }) => folder === '.' || path.startsWith(`${folder}/`));
  return holding.sort((a, b) => b.folder.length - a.folder.length)[0];
}

function imports(text: string): { line: number; text: string; path: string }[] {
  const found: { line: number; text: string; path: string }[] = [];
  let inBlock = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^import\s*\(/.test(line)) inBlock = true;
    else if (inBlock && /^\s*\)/.test(line)) inBlock = false;
    else if (/^(?:func|type|var|const)\b/.test(line)) break;
    else if (inBlock || /^import\s/.test(line)) {
      const path = IMPORT.exec(line)?.[1];
      if (path !== undefined) found.push({ line: index + 1, text: line, path });
    }
  }
  return found;
}

/** Generated code is often not committed. */
function isGenerated(folder: string): boolean {
  return /(?:^|\/)(?:gen|generated|pb|proto|mocks?|bindata|dist)(?:\/|$)/.test(folder);
}
