import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CACHE, ROOT } from './paths.ts';

/** What the extension needs beside its bundles. */
const FILES = [
  'package.json',
  'package.nls.json',
  'package.nls.de.json',
  'l10n',
  'media',
  'schemas',
  'templates',
  'README.md',
  'LICENSE',
];

/**
 * Builds the extension into a folder of this process, so that neither `dist` nor a second run changes under a test.
 * Returns the folder; `removeStage` takes it away.
 */
export async function stageExtension(name: string, { tests }: { readonly tests: boolean }): Promise<string> {
  const folder = join(CACHE, `${name}-${process.pid}`);
  removeStage(folder);
  mkdirSync(folder, { recursive: true });
  for (const file of FILES)
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  execFileSync(process.execPath, ['esbuild.mjs'], {
    cwd: ROOT,
    env: { ...process.env, OUTDIR: join(folder, 'dist') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (tests) await bundleSuite(join(folder, 'test'));
  return folder;
}

export function removeStage(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Bytes of what the extension host loads at activation: the entry and what it imports statically. */
export function mainBundleBytes(folder: string): number {
  const { extension } = JSON.parse(readFileSync(join(folder, 'dist', 'meta.json'), 'utf8')) as {
    extension: { outputs: Record<string, { bytes: number; imports: { path: string; kind: string }[] }> };
  };
  const outputs = new Map(Object.entries(extension.outputs));
  const entry = [...outputs.keys()].find((path) => path.endsWith('dist/extension.cjs'));
  if (entry === undefined) throw new Error('The build has no extension.cjs.');
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const { path: next, kind } of outputs.get(path)?.imports ?? []) {
      if (kind === 'import-statement' && outputs.has(next)) seen.add(next);
    }
  }
  return [...seen].reduce((sum, path) => sum + (outputs.get(path)?.bytes ?? 0), 0);
}

/** The tests that run inside the extension host, in one file. */
async function bundleSuite(outdir: string): Promise<void> {
  const suite = join(ROOT, 'test', 'vscode', 'suite');
  const index = readFileSync(join(suite, 'index.ts'), 'utf8');
  const forgotten = readdirSync(suite).filter((file) => file.endsWith('.test.ts') && !index.includes(`'./${file}'`));
  if (forgotten.length > 0) throw new Error(`suite/index.ts does not load ${forgotten.join(', ')}.`);
  await build({
    entryPoints: [join(suite, 'index.ts')],
    outfile: join(outdir, 'index.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}\n');
}
