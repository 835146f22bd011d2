import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../src/core/base/digest.ts';
import { createEngine, type Engine, type EnginePorts } from '../../src/core/engine.ts';
import { runCheckpoint } from '../../src/core/goals/checkpoint.ts';
import { checkStep } from '../../src/core/goals/validators/checks.ts';
import { scenarioStep } from '../../src/core/goals/validators/scenario.ts';
import type { StepContext } from '../../src/core/goals/validators/validator.ts';
import type { Measurement } from '../../src/core/model/evidence.ts';
import { resultOf } from '../../src/core/model/evidence.ts';
import type { WorkTree } from '../../src/core/ports.ts';
import { createSyntaxTrees } from '../../src/node/syntaxTrees.ts';
import { createTemplates } from '../../src/node/templates.ts';
import { type MemoryContent, type MemoryFiles, memoryFiles } from './memoryFiles.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const MACHINE = { os: 'Linux', release: '5.10.0', arch: 'x64', cpu: 'Test CPU', cores: 2, memory: 8e9 };

export interface SampleEngine {
  readonly engine: Engine;
  readonly files: MemoryFiles;
  /** Moves the clock, which stands still otherwise. */
  at(time: string): void;
  /** Keeps evidence of a step on the files as they are. */
  measured(step: string, part: Partial<Measurement>): Promise<void>;
}

/** The embedded workspace in memory, with a clock that stands still and run names that repeat. Nothing is run. */
export async function sampleEngine(changes: Readonly<Record<string, MemoryContent>> = {}): Promise<SampleEngine> {
  const templates = createTemplates(join(ROOT, 'templates'));
  const sample = await templates.load('sample');
  const files = memoryFiles({ ...Object.fromEntries(sample.map(({ path, content }) => [path, content])), ...changes });
  let now = new Date('2026-11-22T08:00:00.000Z');
  const unused = {} as Omit<
    EnginePorts,
    'files' | 'clock' | 'tree' | 'machine' | 'trees' | 'templates' | 'version' | 'env'
  >;
  const engine = createEngine({
    ...unused,
    files,
    templates,
    clock: { now: () => now, monotonic: () => 0 },
    tree: memoryTree(files),
    machine: { facts: async () => MACHINE, versions: async () => ({}) },
    trees: createSyntaxTrees({
      grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
      engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
    }),
    version: '1.0.0',
    env: {},
  });
  return {
    engine,
    files,
    at(time) {
      now = new Date(time);
    },
    async measured(id, part) {
      engine.project.update();
      const snapshot = await engine.project.snapshot();
      const [kind = '', name = ''] = id.split(':');
      const make = (context: StepContext) => [
        kind === 'check' ? checkStep(name, context) : scenarioStep(name, context),
      ];
      const scope = kind === 'goal' ? { goals: snapshot.goals } : { goals: [], extra: make };
      const { states } = await runCheckpoint(engine.goalPorts, snapshot, scope, { measure: false });
      const state = states.find(({ step }) => step.id === id);
      if (state === undefined) throw new Error(`No step ${id}.`);
      const predicate = {
        ...NOTHING,
        ...part,
        step: id,
        command: state.step.command,
        configuration: [...state.configuration],
      };
      await engine.goalPorts.evidence(snapshot).append<'measurement'>({
        kind: 'measurement',
        label: id.replace(':', '-'),
        startedAt: now,
        subject: [...state.subject],
        raw: (part.outputs ?? []).map(({ name: file, path, kept }) => ({ name: file, path, copy: kept })),
        predicate: { ...predicate, result: resultOf(predicate.verdict) },
      });
    },
  };
}

const NOTHING = {
  verdict: 'pass' as const,
  reason: 'It holds.',
  values: [],
  tests: null,
  issues: [],
  scenario: null,
  argv: [],
  cwd: '.',
  exitCode: 0,
  tools: {},
  machine: { ...MACHINE },
  commits: {},
  durationMs: 1000,
};

/** Run names have random digits; while this is in force they count up. Gives what ends it. */
export function countingRuns(): () => void {
  let count = 0;
  const own = Object.getOwnPropertyDescriptor(crypto, 'getRandomValues');
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: (bytes: Uint8Array) => {
      bytes.fill(0);
      bytes[bytes.length - 1] = ++count;
      return bytes;
    },
  });
  return () => {
    if (own === undefined) Reflect.deleteProperty(crypto, 'getRandomValues');
    else Object.defineProperty(crypto, 'getRandomValues', own);
  };
}

function memoryTree(files: MemoryFiles): WorkTree {
  return {
    async list() {
      const all = Object.entries(files.texts()).filter(([path]) => !path.startsWith('.infrabuilder/'));
      return new Map(await Promise.all(all.map(async ([path, text]) => [path, await sha256(text)] as const)));
    },
    revision: async () => ({ kind: 'no-git', reason: 'There is no git here.' }),
    listAt: async () => new Map(),
    changedSinceCommit: async () => [],
    everCommitted: async () => new Set(),
    firstCommitted: async () => new Map(),
    lastCommitted: async () => new Map(),
    commits: async () => ({}),
    diff: async () => undefined,
    move: (from, to) => files.move(from, to),
  };
}
