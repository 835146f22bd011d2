import type { Issue } from '../../model/issue.ts';
import { nameOf } from '../../project/layout.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import { documentKind, isSource } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { finding } from './finding.ts';

/** Result documents that are older than the source they describe: the module of their task, or the files they name. */
export function outdatedResults(repository: Repository, snapshot: Snapshot): Issue[] {
  return repository.paths.flatMap((file) => {
    const own = repository.changed.get(file);
    if (documentKind(file) !== 'result' || own === undefined) return [];
    const newer = described(repository, snapshot, file).filter((path) => (repository.changed.get(path) ?? '') > own);
    const [newest] = newer.sort((a, b) =>
      (repository.changed.get(a) ?? '') > (repository.changed.get(b) ?? '') ? -1 : 1,
    );
    if (newest === undefined) return [];
    const day = (path: string) => repository.changed.get(path)?.slice(0, 16).replace('T', ' ');
    const others = newer.length === 1 ? '' : ` and ${newer.length - 1} more`;
    const message = `This was last written on ${day(file)}; ${newest}${others} changed after that (${day(newest)}).`;
    return [finding('outdated-result', 'warning', message, { file, line: 1 })];
  });
}

function described(repository: Repository, snapshot: Snapshot, file: string): string[] {
  const slug = /^(.+?)_result\.md$/.exec(nameOf(file))?.[1];
  const module = slug === undefined ? undefined : snapshot.task(slug)?.module;
  const text = repository.read(file) ?? '';
  const named = new Set([...text.matchAll(/[\w.-]+(?:\/[\w.-]+)+\.\w+/g)].map(([path]) => path));
  return repository.paths.filter((path) => {
    if (!isSource(path)) return false;
    if (named.has(path) || [...named].some((one) => path.endsWith(`/${one}`))) return true;
    return module !== undefined && inModule(path, snapshot.config.paths.source, module);
  });
}

function inModule(path: string, source: string, module: string): boolean {
  const folder = module.replace(/\/+$/, '');
  const base = source === '.' ? folder : `${source}/${folder}`;
  return path.startsWith(`${base}/`) || path.startsWith(`${folder}/`);
}
