import { execFileSync } from 'node:child_process';
import { relative, sep } from 'node:path';
import type { FileFacts } from '../../../src/core/conformance/facts.ts';
import { type GoTarget, isBuiltFor } from '../../../src/core/conformance/go/constraints.ts';
import { IMPORTS_ONLY } from '../../../src/core/conformance/plan.ts';
import { FactReader } from '../../../src/core/conformance/read.ts';
import { folderOf } from '../../../src/core/conformance/sources.ts';
import { walk } from '../../../src/core/conformance/walk.ts';
import type { Files } from '../../../src/core/ports.ts';
import { trees } from '../../unit/conformance/support.ts';

export interface GoPackage {
  readonly Dir: string;
  readonly ImportPath: string;
  readonly Standard?: boolean;
  readonly GoFiles?: string[];
  readonly CgoFiles?: string[];
  readonly TestGoFiles?: string[];
  readonly XTestGoFiles?: string[];
  readonly Imports?: string[];
  readonly TestImports?: string[];
  readonly XTestImports?: string[];
}

const FIELDS = 'Dir,ImportPath,Standard,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports';

export function goVersion(): number | undefined {
  try {
    return Number(/go1\.(\d+)/.exec(execFileSync('go', ['version'], { encoding: 'utf8' }))?.[1]);
  } catch {
    return undefined;
  }
}

export function goRoot(): string {
  return execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
}

function environment(target: GoTarget): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOOS: target.os,
    GOARCH: target.arch,
    CGO_ENABLED: target.cgo ? '1' : '0',
    GOFLAGS: '',
    GOWORK: 'off',
    GOPROXY: 'off',
  };
}

/** The target with the tags that the tool chain itself sets there, such as experiments and the level of a machine. */
export function withToolTags(target: GoTarget): GoTarget {
  const args = ['list', '-f', '{{join context.ToolTags " "}}', 'unsafe'];
  const tags = execFileSync('go', args, { env: environment(target), encoding: 'utf8' }).trim();
  return { ...target, tags: tags.split(' ') };
}

/** What the Go tool says about packages on a platform. */
export function goList(cwd: string, target: GoTarget, ...args: string[]): GoPackage[] {
  const env = environment(target);
  const output = execFileSync('go', ['list', '-e', `-json=${FIELDS}`, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return output
    .split(/^(?=\{$)/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as GoPackage);
}

/** Facts of all Go files below `source`; types and methods only where they are asked for. */
export async function factsOf(files: Files, source = '', declarations = false): Promise<Map<string, FileFacts>> {
  const reader = new FactReader(trees, { ...IMPORTS_ONLY, declarations });
  const facts = new Map<string, FileFacts>();
  for (const path of (await walk(files, source, [], undefined)).files) {
    if (!path.endsWith('.go')) continue;
    const bytes = await files.readBytes(source === '' ? path : `${source}/${path}`);
    if (bytes !== undefined) facts.set(path, await reader.read(path, bytes));
  }
  return facts;
}

/** Each package's files and imports, as one text a line, by our reading. */
export function ourView(facts: ReadonlyMap<string, FileFacts>, target: GoTarget): Map<string, string[]> {
  const view = new Map<string, string[]>();
  for (const [path, file] of facts) {
    const usesC = file.imports.some((one) => one.path === 'C');
    if (!isBuiltFor(file.constraint, target) || (usesC && !target.cgo)) continue;
    if (file.package === 'documentation') continue;
    const kind = !file.test ? 'code' : file.package?.endsWith('_test') === true ? 'xtest' : 'test';
    const folder = folderOf(path);
    const lines = view.get(folder) ?? [];
    lines.push(`${kind} file ${path.slice(path.lastIndexOf('/') + 1)}`);
    for (const one of file.imports) lines.push(`${kind} import ${one.path}`);
    view.set(folder, lines);
  }
  return normalize(view);
}

/** The same by the Go tool's. */
export function goView(packages: readonly GoPackage[], root: string): Map<string, string[]> {
  const view = new Map<string, string[]>();
  for (const one of packages) {
    const folder = relative(root, one.Dir).split(sep).join('/');
    if (/^(\.\.|vendor)(\/|$)/.test(folder)) continue;
    const written = (path: string) => path.replace(/^vendor\//, '');
    const lines = [
      ...[...(one.GoFiles ?? []), ...(one.CgoFiles ?? [])].map((name) => `code file ${name}`),
      ...(one.TestGoFiles ?? []).map((name) => `test file ${name}`),
      ...(one.XTestGoFiles ?? []).map((name) => `xtest file ${name}`),
      ...(one.Imports ?? []).map((path) => `code import ${written(path)}`),
      ...(one.TestImports ?? []).map((path) => `test import ${written(path)}`),
      ...(one.XTestImports ?? []).map((path) => `xtest import ${written(path)}`),
    ];
    view.set(folder, lines);
  }
  return normalize(view);
}

function normalize(view: Map<string, string[]>): Map<string, string[]> {
  return new Map(
    [...view]
      .filter(([, lines]) => lines.length > 0)
      .map(([folder, lines]) => [folder, [...new Set(lines)].sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Lines that only one of the two has: `-` Go's, `+` ours. */
export function differences(go: ReadonlyMap<string, string[]>, ours: ReadonlyMap<string, string[]>): string[] {
  const result: string[] = [];
  for (const folder of new Set([...go.keys(), ...ours.keys()])) {
    const [a, b] = [new Set(go.get(folder)), new Set(ours.get(folder))];
    for (const line of a) if (!b.has(line)) result.push(`- ${folder}: ${line}`);
    for (const line of b) if (!a.has(line)) result.push(`+ ${folder}: ${line}`);
  }
  return result;
}
