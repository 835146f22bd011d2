import { folderOf, joinPath } from '../sources.ts';
import { capture, importFrom, type Language } from './language.ts';

const ROOTS = ['', 'include', 'src'];

/** C and C++: #include of both forms, found beside the file, below the usual roots, or by a unique ending. */
export const cpp: Language = {
  grammars: { cc: 'cpp', cpp: 'cpp', cxx: 'cpp', c: 'cpp', h: 'cpp', hh: 'cpp', hpp: 'cpp', hxx: 'cpp' },
  isTest: (path) => /(^|\/)tests?\/|_(unit)?test\.(cc|cpp|cxx|c)$/.test(path),
  imports: {
    query: `
      (preproc_include path: (string_literal) @path) @whole
      (preproc_include path: (system_lib_string) @system) @whole`,
    read(match) {
      const node = capture(match, 'path') ?? capture(match, 'system');
      if (node === undefined) return [];
      const fact = importFrom(node, capture(match, 'whole'));
      return [node.type === 'system_lib_string' ? { ...fact, system: true } : fact];
    },
  },
  resolve(fact, file, sources) {
    const folders = fact.system === true ? ROOTS : [folderOf(file), ...ROOTS];
    const candidates = folders.map((folder) => joinPath(folder, fact.path)).filter((path) => path !== undefined);
    const own = sources.find(candidates.filter((path) => path !== ''));
    if (own !== undefined) return own;
    const ending = fact.path.includes('/') || fact.system !== true ? sources.withSuffix(fact.path) : undefined;
    if (ending !== undefined) return { kind: 'own', path: ending };
    return { kind: fact.system === true && !fact.path.includes('/') ? 'std' : 'external', name: fact.path };
  },
};
