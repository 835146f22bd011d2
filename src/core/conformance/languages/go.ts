import { folderOf, joinPath, type Sources } from '../sources.ts';
import type { Language } from './language.ts';

export const go: Language = {
  grammars: { go: 'go' },
  isTest: (path) => path.endsWith('_test.go'),
  resolve(fact, file, sources) {
    const own = /^\.{1,2}\//.test(fact.path) ? joinPath(folderOf(file), fact.path) : ownFolder(fact.path, sources);
    if (own !== undefined) return sources.find([own]) ?? { kind: 'own', path: own };
    if (fact.path === 'C') return { kind: 'std', name: 'C' };
    // The standard library's own names have no dot before the first slash; so may a module's, which was tried above.
    const first = fact.path.split('/')[0] ?? '';
    if (!first.includes('.')) return { kind: 'std', name: fact.path };
    return { kind: 'external', name: fact.path };
  },
};

function ownFolder(path: string, sources: Sources): string | undefined {
  let best: { path: string; folder: string } | undefined;
  for (const module of sources.manifests.go) {
    const holds = path === module.path || path.startsWith(`${module.path}/`);
    if (holds && (best === undefined || module.path.length > best.path.length)) best = module;
  }
  if (best === undefined) return undefined;
  const rest = path.slice(best.path.length + 1);
  return [best.folder, rest].filter((part) => part !== '').join('/');
}
