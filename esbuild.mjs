import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build, transform } from 'esbuild';

/** Another folder than `dist` must still be called `dist`: the package finds its root by that name. */
const outdir = process.env.OUTDIR ?? 'dist';

const GRAMMARS = ['go', 'typescript', 'tsx', 'javascript', 'python', 'java', 'rust', 'cpp'];

/** zod holds its messages in some fifty languages, 300 KB that every start would read; only the English ones are shown. */
const englishOnly = {
  name: 'zod-english-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * VS Code's API by its own names. Without it, each of our modules would copy the whole API, hundreds of properties, into
 * a namespace of its own when it is loaded.
 */
const vscodeByName = {
  name: 'vscode-by-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'vscode-by-name' },
    );
    onLoad({ filter: /.*/, namespace: 'vscode-by-name' }, async () => {
      const declared = await readFile('node_modules/@types/vscode/index.d.ts', 'utf8');
      const exported = declared.matchAll(
        /^\s*export (?:abstract )?(?:class|const|enum|function|let|namespace) (\w+)/gm,
      );
      const names = [...new Set([...exported].map(([, name]) => name))];
      return { contents: ["const api = require('vscode');", ...names.map(byName)].join('\n') };
    });
  },
};

const byName = (name) => `export const ${name} = api.${name};`;

/** Chunks keep the heavy parts (model client, MCP, syntax trees) out of the first load. */
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  splitting: true,
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [englishOnly],
  logLevel: 'warning',
  // Bundled CommonJS packages call require; an ES module has none.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
};

await rm(outdir, { recursive: true, force: true });
// No external for `vscode` here: an import of it from the core breaks this build.
const commandLine = await build({
  ...common,
  entryPoints: { cli: 'src/cli.ts', mcp: 'src/mcp.ts' },
  chunkNames: 'chunks/[name]-[hash]',
  outdir,
});
const extension = await build({
  ...common,
  banner: {},
  entryPoints: { extension: 'src/extension.ts' },
  chunkNames: 'extension-chunks/[name]-[hash]',
  plugins: [...common.plugins, vscodeByName],
  outExtension: { '.js': '.cjs' },
  outdir,
  write: false,
});
for (const { path, text } of extension.outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await commonJs(text));
}

await mkdir(`${outdir}/grammars`, { recursive: true });
for (const grammar of GRAMMARS) {
  await cp(
    `node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`,
    `${outdir}/grammars/tree-sitter-${grammar}.wasm`,
  );
}
await cp('node_modules/web-tree-sitter/web-tree-sitter.wasm', `${outdir}/grammars/web-tree-sitter.wasm`);
await writeFile(
  `${outdir}/meta.json`,
  JSON.stringify({ commandLine: commandLine.metafile, extension: extension.metafile }),
);

/**
 * The extension host requires CommonJS in one go, but imports ES modules file by file through a loader thread. esbuild
 * splits ES modules alone, so its chunks are turned into CommonJS afterwards, each by itself.
 */
async function commonJs(text) {
  const asksWhere = text.includes('import.meta.url');
  // Our own chunks alone: web-tree-sitter asks for modules of Node beside a `require` of its own.
  const required = text.replace(/\bimport\(("\.[^"]+")\)/g, 'Promise.resolve().then(()=>require($1))');
  const { code } = await transform(required, {
    format: 'cjs',
    platform: 'node',
    target: common.target,
    minify: true,
    legalComments: 'none',
    ...(asksWhere && {
      define: { 'import.meta.url': '__here' },
      banner: "const __here = require('node:url').pathToFileURL(__filename).href;",
    }),
  });
  return code;
}
