import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

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
  entryPoints: { extension: 'src/extension.ts' },
  chunkNames: 'extension-chunks/[name]-[hash]',
  external: ['vscode'],
  outdir,
});

await mkdir(`${outdir}/grammars`, { recursive: true });
for (const grammar of GRAMMARS) {
  await cp(
    `node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`,
    `${outdir}/grammars/tree-sitter-${grammar}.wasm`,
  );
}
await cp('node_modules/web-tree-sitter/web-tree-sitter.wasm', `${outdir}/grammars/web-tree-sitter.wasm`);
await cp('node_modules/web-tree-sitter/web-tree-sitter.wasm', `${outdir}/grammars/web-tree-sitter.wasm`);
await writeFile(
  `${outdir}/meta.json`,
  JSON.stringify({ commandLine: commandLine.metafile, extension: extension.metafile }),
);
