import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Output {
  readonly bytes: number;
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}
type Outputs = Readonly<Record<string, Output>>;
interface Meta {
  readonly commandLine: { readonly outputs: Outputs };
  readonly extension: { readonly outputs: Outputs };
}

const META: Meta = JSON.parse(readFileSync(new URL('../../dist/meta.json', import.meta.url), 'utf8'));

/** What `src/cli.ts` loads by dynamic imports at every start. */
const CLI_START = ['src/cli.ts', 'src/cli/main.ts', 'src/cli/terminal.ts', 'src/compose.ts'];
const HEAVY = ['@modelcontextprotocol/sdk', 'openai', 'web-tree-sitter', 'execa', 'protobufjs', 'pprof-format'];

/** The files that these entries load before anything is asked of them. */
function loadedAtStart(outputs: Outputs, entries: readonly string[]): Output[] {
  const loaded = new Map<string, Output>();
  const load = (file: string): void => {
    const output = outputs[file];
    if (output === undefined || loaded.has(file)) return;
    loaded.set(file, output);
    for (const { path, kind } of output.imports) if (kind === 'import-statement') load(path);
  };
  for (const [file, { entryPoint = '' }] of Object.entries(outputs)) if (entries.includes(entryPoint)) load(file);
  return [...loaded.values()];
}

function packagesIn(outputs: readonly Output[]): Set<string> {
  const names = outputs.flatMap(({ inputs }) =>
    Object.keys(inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? ''),
  );
  return new Set(names);
}

const kilobytes = (outputs: readonly Output[]) => Math.round(outputs.reduce((sum, { bytes }) => sum + bytes, 0) / 1000);

describe('bundles', () => {
  const cli = META.commandLine.outputs;
  const starts = [
    { name: 'command line', outputs: cli, entries: CLI_START, mayHold: [] as string[] },
    { name: 'MCP server', outputs: cli, entries: ['src/mcp.ts'], mayHold: ['@modelcontextprotocol/sdk'] },
    { name: 'extension', outputs: META.extension.outputs, entries: ['src/extension.ts'], mayHold: [] },
  ];

  for (const { name, outputs, entries, mayHold } of starts) {
    it(`of the ${name}: heavy parts load on first use`, () => {
      const start = loadedAtStart(outputs, entries);
      console.log(`    ${name}: ${kilobytes(start)} KB in ${start.length} files at the start`);
      assert.equal(entries.filter((entry) => start.every(({ entryPoint }) => entryPoint !== entry)).length, 0);
      const packages = packagesIn(start);
      assert.deepEqual(
        HEAVY.filter((heavy) => packages.has(heavy) && !mayHold.includes(heavy)),
        [],
      );
    });
  }

  it('of the command line and the MCP server hold nothing of the editor', () => {
    const all = Object.entries(cli);
    const leaks = all.flatMap(([file, { inputs, imports }]) => [
      ...Object.keys(inputs).filter((path) => path.startsWith('src/vscode/') || path === 'src/extension.ts'),
      ...imports.filter(({ path }) => path === 'vscode').map(() => `${file} imports vscode`),
    ]);
    assert.ok(all.length > 5);
    assert.deepEqual(leaks, []);
  });

  it('import nothing but Node itself, and the editor in the extension', () => {
    const externals = [cli, META.extension.outputs].flatMap((outputs) =>
      Object.values(outputs).flatMap(({ imports }) =>
        imports.filter(({ external, path }) => external && !path.startsWith('node:')).map(({ path }) => path),
      ),
    );
    const known = new Set(process.getBuiltinModule('node:module').builtinModules);
    assert.deepEqual([...new Set(externals.filter((path) => !known.has(path)))], ['vscode']);
  });

  it('hold the messages of zod in one language', () => {
    const locales = [cli, META.extension.outputs].flatMap((outputs) =>
      Object.values(outputs).flatMap(({ inputs }) =>
        Object.keys(inputs).filter((path) => /zod\/v4\/locales\/(?!index|en\.)/.test(path)),
      ),
    );
    assert.deepEqual(locales, []);
  });
});
