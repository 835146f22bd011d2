import { folderOf, joinPath, type Sources, type Target } from '../sources.ts';
import { capture, importFrom, type Language } from './language.ts';

const EXTENSIONS = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** What a compiled name may stand for in the sources. */
const COMPILED: Record<string, readonly string[]> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

const BUILT_IN = new Set(
  'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);

/** TypeScript and JavaScript: import, export from, import(), require(), type imports, and aliases of tsconfig.json and package.json. */
export const script: Language = {
  grammars: {
    ts: 'typescript',
    mts: 'typescript',
    cts: 'typescript',
    tsx: 'tsx',
    js: 'javascript',
    mjs: 'javascript',
    cjs: 'javascript',
    jsx: 'javascript',
  },
  isTest: (path) => /(^|\/)(__tests__|tests?)\/|\.(test|spec)\.[cm]?[jt]sx?$/.test(path),
  imports: {
    query: `
      (import_statement source: (string) @path) @whole
      (export_statement source: (string) @path) @whole
      (call_expression function: (import) arguments: (arguments . (string) @path)) @whole
      ((call_expression function: (identifier) @function arguments: (arguments . (string) @path)) @whole
        (#eq? @function "require"))`,
    read(match) {
      const path = capture(match, 'path');
      return path === undefined ? [] : [importFrom(path, capture(match, 'whole'))];
    },
  },
  resolve({ path }, file, sources) {
    if (/^\.{1,2}(\/|$)/.test(path)) {
      const place = joinPath(folderOf(file), path.replace(/[?#].*$/, ''));
      if (place === undefined) return { kind: 'external', name: path };
      return find(place, sources) ?? { kind: 'own', path: place };
    }
    const aliased = byAlias(path, file, sources);
    if (aliased !== undefined) return aliased;
    const plain = path.replace(/^node:/, '');
    if (plain !== path || BUILT_IN.has(plain.split('/')[0] ?? '')) return { kind: 'std', name: plain };
    return ownPackage(path, sources) ?? { kind: 'external', name: path };
  },
};

function find(place: string, sources: Sources): Target | undefined {
  const extension = /\.[cm]?jsx?$/.exec(place)?.[0];
  const stem = extension === undefined ? place : place.slice(0, -extension.length);
  const sourceNames = (COMPILED[extension ?? ''] ?? []).map((other) => stem + other);
  const index = place === '' ? 'index' : `${place}/index`;
  return sources.find([
    ...(sources.hasFile(place) ? [place] : []),
    ...sourceNames,
    ...EXTENSIONS.map((other) => place + other),
    ...EXTENSIONS.map((other) => index + other),
    place,
  ]);
}

/** Only what is there: a pattern such as `*` also fits the names of packages. */
function byAlias(path: string, file: string, sources: Sources): Target | undefined {
  for (const { folder, pattern, places } of sources.manifests.aliases) {
    if (folder !== '' && !file.startsWith(`${folder}/`)) continue;
    const [before = '', after] = pattern.split('*');
    const fits =
      after === undefined
        ? path === pattern
        : path.length >= pattern.length - 1 && path.startsWith(before) && path.endsWith(after);
    if (!fits) continue;
    const star = after === undefined ? '' : path.slice(before.length, path.length - after.length);
    for (const place of places) {
      const found = find(
        place.replace('*', () => star),
        sources,
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function ownPackage(path: string, sources: Sources): Target | undefined {
  const own = sources.manifests.script.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  if (own === undefined) return undefined;
  const place = joinPath(own.folder, path.slice(own.path.length + 1)) ?? own.folder;
  return find(place, sources) ?? find(joinPath(place, 'src') ?? place, sources) ?? { kind: 'own', path: place };
}
