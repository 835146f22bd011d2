import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_ACCOUNT } from '../../../src/core/agent/account.ts';
import type { Desk, StageVerdict } from '../../../src/core/agent/desk.ts';
import type { Finding } from '../../../src/core/agent/guards/content.ts';
import { lineDiff } from '../../../src/core/agent/lines.ts';
import { type LoopResult, runLoop } from '../../../src/core/agent/loop.ts';
import { Recorder } from '../../../src/core/agent/recorder.ts';
import { HumanError } from '../../../src/core/base/errors.ts';
import { languageOf } from '../../../src/core/conformance/index.ts';
import { type Budget, DEFAULT_BUDGET, type TranscriptEntry } from '../../../src/core/model/implementation.ts';
import { tamperFindings } from '../../../src/core/operations/implementTrust.ts';
import type { LanguageModel, ModelMessage, ModelTurn, ToolCall, Workbench } from '../../../src/core/ports.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { type MemoryContent, type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const trees = createSyntaxTrees({
  grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
  engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
});

export const WORKSPACE: Readonly<Record<string, MemoryContent>> = {
  'agent/sampler/sampler.go': 'package sampler\n\n// Keep is how many are kept.\nfunc Keep() int {\n\treturn 10\n}\n',
  'agent/sampler/sampler_test.go':
    'package sampler\n\nimport "testing"\n\nfunc TestKeep(t *testing.T) {\n\tif Keep() != 25 {\n\t\tt.Fatal(Keep())\n\t}\n}\n',
  'agent/go.mod': 'module example.org/agent\n',
  'docs/runbook.md': '# Runbook\n',
  'docs/CHANGELOG.md': '# Changelog\n',
  'infrabuilder.yaml': 'version: 1\n',
};

export interface Bench {
  readonly desk: Desk;
  readonly files: MemoryFiles;
  /** Messages of the steps that were kept. */
  readonly commits: string[];
}

/** A copy in memory. The task holds once `agent/sampler/sampler.go` returns 25; that is all that its gate looks at. */
export function memoryBench(changes: Readonly<Record<string, MemoryContent>> = {}, part: Partial<Desk> = {}): Bench {
  const content = { ...WORKSPACE, ...changes };
  const files = memoryFiles(content);
  const base = new Map(Object.entries(memoryFiles(content).texts()));
  const commits: string[] = [];
  const bench: Workbench = {
    run: 'run-1',
    task: 'topn',
    branch: 'infrabuilder/topn/run-1',
    begun: '2026-11-22T08:00:00.000Z',
    inUse: true,
    root: '/copy',
    base: 'base',
    commit: async (message) => `c${commits.push(message)}`,
    rollback: async () => {},
    async changes() {
      const now = files.texts();
      const paths = [...new Set([...base.keys(), ...Object.keys(now)])].filter((path) => base.get(path) !== now[path]);
      return paths.sort().map((path) => {
        const { added, removed } = lineDiff(path, base.get(path) ?? '', now[path] ?? '');
        const change = !base.has(path) ? 'added' : now[path] === undefined ? 'deleted' : 'changed';
        return { path, change, addedLines: added.length, removedLines: removed.length };
      });
    },
    diff: async () => '',
    before: async (path) => base.get(path),
    cleanCopy: () => Promise.reject(new Error('Not asked for here.')),
    release: async () => {},
  };
  const desk: Desk = {
    files,
    bench,
    trees,
    rules: {
      source: 'agent',
      documents: ['docs/runbook.md', 'docs/CHANGELOG.md'],
      closed: ['testbed', 'docs', 'tasks', 'reports', 'e2e'],
      commands: [{ run: ['node', 'tools/check.mjs', '--rules=lint/rules.txt'], cwd: 'agent' }],
    },
    checks: ['test'],
    grammarOf: (path) => languageOf(path)?.grammar,
    findTampering: tamperFindings,
    paths: async () => Object.keys(files.texts()),
    ask: async () => '> The sampler keeps 25.\n>\n> [docs/blueprint.md#L4]',
    conformance: async () => 'pass: All rules hold.',
    runCheck: async () => ({ id: 'check:test', verdict: 'fail', reason: '1 failed.', values: [], issues: [] }),
    writeProse: async () => 'reports/topn_plan.md',
    intake: async () => 'Moved to tasks/in_progress/topn.yaml.',
    plan: async () => 'Wrote reports/topn_plan.md.',
    architecture: async () => 'Wrote reports/topn_arch.md.',
    baseline: async () => [{ check: 'test', verdict: 'fail', reason: '1 failed.', executed: 1, coverage: 80 }],
    brief: async () => ({
      slug: 'topn',
      title: undefined,
      module: 'sampler/',
      file: 'tasks/in_progress/topn.yaml',
      acceptance: [{ text: 'check test passes', state: 'fails' }],
      goals: [],
      scenarios: [],
      documents: ['reports/topn_plan.md'],
      missing: [],
    }),
    verify: async (stage) => ((await holds(files)) ? HOLDS : fails(`The stage ${stage} looked, and Keep() is not 25.`)),
    judge: async () => ((await holds(files)) ? [] : fails('Keep() is not 25.').missing),
    ...part,
  };
  return { desk, files, commits };
}

export const HOLDS: StageVerdict = { missing: [], tampering: [], forPerson: undefined, failures: [], tests: null };

export function fails(message: string, tampering: readonly Finding[] = []): StageVerdict {
  return { ...HOLDS, missing: [{ code: 'gate.goal-fail', message, mend: 'mend it' }], tampering };
}

async function holds(files: MemoryFiles): Promise<boolean> {
  return (await files.read('agent/sampler/sampler.go'))?.includes('return 25') === true;
}

/** What a scripted model does in one turn, given the conversation so far. */
export type Script = (messages: readonly ModelMessage[]) => Partial<ModelTurn>;

let calls = 0;

/** One tool call. */
export function call(name: string, input: Readonly<Record<string, unknown>> | undefined, raw?: string): ToolCall {
  return { id: `call-${++calls}`, name, input, raw: raw ?? JSON.stringify(input) };
}

export function turn(...toolCalls: ToolCall[]): Partial<ModelTurn> {
  return { toolCalls };
}

/** Plays one script a turn; the last one again and again. */
export function scripted(...scripts: Script[]): LanguageModel {
  let at = 0;
  return {
    name: 'scripted',
    async respond({ messages, signal }) {
      if (signal?.aborted) throw new HumanError('test.aborted', 'It was stopped.');
      const script = scripts[Math.min(at++, scripts.length - 1)];
      if (script === undefined) throw new Error('There is no script.');
      return {
        text: '',
        toolCalls: [],
        stop: 'end',
        usage: { inputTokens: 100, outputTokens: 10 },
        ...script(messages),
      };
    },
  };
}

export interface Played extends LoopResult {
  readonly entries: readonly TranscriptEntry[];
  /** What each tool answered, in order. */
  readonly answers: readonly string[];
  readonly refusals: readonly string[];
  readonly states: readonly string[];
}

/** Runs the loop over a bench in memory, with a clock that moves on at each look. */
export async function play(
  bench: Bench,
  model: LanguageModel,
  {
    budget,
    signal,
    conversation,
    tick = 1000,
  }: Partial<Pick<Parameters<typeof runLoop>[0], 'signal' | 'conversation'>> & {
    budget?: Partial<Budget>;
    /** Milliseconds between two looks at the clock. */
    tick?: number;
  } = {},
): Promise<Played> {
  const entries: TranscriptEntry[] = [];
  let now = Date.parse('2026-11-22T08:00:00.000Z');
  const clock = {
    now: () => {
      now += tick;
      return new Date(now);
    },
    monotonic: () => now,
  };
  const redact = (text: string) => text.replaceAll('hunter2hunter2', '[redacted]');
  const recorder = new Recorder(
    { run: 'run-1', clock, transcripts: undefined, redact, onEntry: (entry) => entries.push(entry) },
    NO_ACCOUNT,
  );
  const result = await runLoop({
    desk: bench.desk,
    model,
    budget: { ...DEFAULT_BUDGET, ...budget },
    recorder,
    clock,
    signal: signal ?? new AbortController().signal,
    say: () => {},
    ...(conversation && { conversation }),
  });
  return {
    ...result,
    entries,
    answers: entries.flatMap((entry) => (entry.type === 'tool' ? entry.result : [])),
    refusals: entries.flatMap((entry) => (entry.type === 'tool' ? (entry.refused ?? []) : [])),
    states: entries.flatMap((entry) => (entry.type === 'state' ? entry.state : [])),
  };
}

/** The digest that the last answer about a file gave. */
export function digestOf(messages: readonly ModelMessage[], path: string): string {
  const answer = messages.findLast(({ role, text }) => role === 'tool' && text.includes(path) && /digest/.test(text));
  return /digest:? ([0-9a-f]+)/.exec(answer?.text ?? '')?.[1] ?? 'none';
}

/** The edit that makes the task hold. */
export const SOLVE: readonly Script[] = [
  () => turn(call('read_file', { path: 'agent/sampler/sampler.go' })),
  (messages) =>
    turn(
      call('edit_file', {
        path: 'agent/sampler/sampler.go',
        digest: digestOf(messages, 'agent/sampler/sampler.go'),
        search: 'return 10',
        replace: 'return 25',
      }),
    ),
];
