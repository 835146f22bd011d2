import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ConformanceReport, createConformance, type ScanOptions } from '../../../src/core/conformance/index.ts';
import type { Deviation } from '../../../src/core/model/deviation.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { type MemoryContent, type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

const require = createRequire(import.meta.url);

/** Real grammars, shared by all tests of a run. */
export const trees = createSyntaxTrees({
  grammarDir: dirname(require.resolve('@vscode/tree-sitter-wasm')),
  engine: join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'),
});

export const NOW = '2026-11-22';

export const clock: Clock = {
  now: () => new Date(`${NOW}T12:00:00Z`),
  monotonic: () => 0,
};

export const GO_MOD = 'module example.com/agent\n\ngo 1.22\n';

export interface World {
  /** Lines below `rules:`; or the whole file where it starts with `version`. */
  readonly rules: string;
  readonly files: Readonly<Record<string, MemoryContent>>;
  readonly deviations?: readonly Deviation[];
  /** Whether evidence tells who approved them. Default: it does. */
  readonly recorded?: boolean;
  readonly source?: string;
}

/** Components of most tests: one for each top-level folder. */
export function components(...names: string[]): string {
  return names.map((name) => `  ${name}: {in: [${name}/**]}\n`).join('');
}

export function rulesFile(names: readonly string[], rules: string, extra = ''): string {
  return `version: 1\ncomponents:\n${components(...names)}${extra}rules:\n${rules}`;
}

export function world({ rules, files, deviations = [], recorded = true, source = '.' }: World): {
  files: MemoryFiles;
  scan(options?: ScanOptions): Promise<ConformanceReport>;
} {
  const memory = memoryFiles({ 'conformance.yaml': rules, 'go.mod': GO_MOD, ...files });
  const granted = deviations.map((value) => ({ value, recorded }));
  const conformance = createConformance({ files: memory, trees, clock, source, deviations: async () => granted });
  return { files: memory, scan: (options) => conformance.scan(options) };
}

export async function scan(one: World): Promise<ConformanceReport> {
  return world(one).scan();
}

/** `file:line:column rule` for each open violation. */
export function found(report: ConformanceReport): string[] {
  return report.violations.map(({ file, range: { start }, rule }) => `${file}:${start.line}:${start.column} ${rule}`);
}

/** `file:line:column code` for each issue. */
export function issues(report: ConformanceReport): string[] {
  return report.issues.map(({ file, range: { start }, code }) => `${file}:${start.line}:${start.column} ${code}`);
}

export function verdicts(report: ConformanceReport): Record<string, string> {
  return Object.fromEntries(report.rules.map(({ id, verdict }) => [id, verdict]));
}

export function goFile(imports: readonly string[], body = '', name = 'p'): string {
  return `package ${name}\n\nimport (\n${imports.map((path) => `\t${path}\n`).join('')})\n${body}`;
}
