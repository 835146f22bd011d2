import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createEngine, type Engine, type EnginePorts } from '../../../src/core/engine.ts';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import type { Processes, ScenarioRequest } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createMachine } from '../../../src/node/machine.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { createTemplates } from '../../../src/node/templates.ts';
import { createWorkTree } from '../../../src/node/tree.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');
const BUF = join(MODULES, '.bin');

/** A workspace in a temporary folder. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'goals ü '));
  readonly #processes = createProcesses(this.root);

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    if (text.startsWith('#!')) chmodSync(join(this.root, path), 0o755);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    this.write(path, text.replace(from, to));
  }

  evidence(): string[] {
    const folder = join(this.root, 'reports/evidence');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  }

  git(folder: string, ...args: string[]): string {
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgSign=false'];
    const cwd = join(this.root, folder);
    return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  commit(folder = '.'): void {
    if (!existsSync(join(this.root, folder, '.git'))) this.git(folder, 'init', '--quiet', '--initial-branch=main');
    this.git(folder, 'add', '-A');
    this.git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'x');
  }

  /** Real files, processes, git and buf; scenarios end as `play` says, since a real one takes minutes. */
  engine(play?: (request: ScenarioRequest) => Promise<ScenarioRun>): Engine {
    const files = createFiles(this.root);
    const real = this.#processes;
    const processes: Processes = {
      run: (request) => real.run({ ...request, env: { PATH: ENV.PATH, ...request.env } }),
    };
    const unused = {} as Pick<EnginePorts, 'tools' | 'git' | 'target' | 'oracle' | 'models'>;
    return createEngine({
      ...unused,
      templates: createTemplates(join(MODULES, '../templates')),
      files,
      processes,
      clock: { now: () => new Date(), monotonic: () => performance.now() },
      approval: { confirm: async () => false },
      tree: createWorkTree(files),
      machine: createMachine(processes),
      trees: createSyntaxTrees({
        grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
        engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
      }),
      ...(play && { scenarios: { run: play } }),
      version: '1.2.3',
      env: ENV,
    });
  }

  dispose(): void {
    this.#processes.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** buf comes with the project; git and go from the machine. */
export const ENV = {
  ...process.env,
  PATH: `${BUF}${delimiter}${process.env.PATH ?? ''}`,
  API_TOKEN: 'hunter22-secret',
};

export function scenarioRun(fields: Partial<ScenarioRun> = {}): ScenarioRun {
  return {
    scenario: 'standard',
    run: 'r1',
    verdict: 'pass',
    reason: 'All KPIs hold.',
    seed: 1,
    load: { asked: 500, achieved: 500, unit: 'processes' },
    kpis: [
      { name: 'cpu_usage', value: 1.2, unit: 'percent', n: 60 },
      { name: 'topn_capture_ratio', value: 97.3, unit: 'percent', n: 60 },
    ],
    faults: [],
    steps: [],
    controlEvents: [],
    issues: [],
    report: undefined,
    artifacts: [],
    startedAt: new Date().toISOString(),
    durationMs: 1,
    ...fields,
  };
}

/** A small workspace whose every part is real: a schema, a check, rules, a runbook, a task and its reports. */
export function smallWorkspace(): Workspace {
  const workspace = new Workspace();
  const put = workspace.write.bind(workspace);
  put('.gitignore', '.infrabuilder/\ne2e/results/\n');
  put('infrabuilder.yaml', CONFIG);
  put('blueprint_tasks.yaml', MAPPING);
  put('tasks/pending/heap.yaml', TASK);
  put('agent/a.js', "const EVENT_OVER = 'OverLimit';\nexport const heap = 1;\n");
  put('agent/a.test.js', 'assert(1);\n');
  put(
    'agent/proto/a.proto',
    'syntax = "proto3";\npackage a.v1;\nmessage A {\n  string name = 1;\n  string kind = 2;\n}\n',
  );
  put('agent/check.mjs', "console.log('checked');\n");
  put('testbed/run.sh', '#!/bin/sh\n');
  put('e2e/scenarios/standard.yml', 'name: standard\nworkload: {type: standard}\n');
  put('docs/blueprint_vFinal.md', '# Blueprint\n\n## A1-S1\n');
  put('docs/runbook.md', RUNBOOK);
  put('docs/CHANGELOG.md', '# Changelog\n');
  return workspace;
}

const CONFIG = `version: 1
paths: {source: agent, testbed: testbed}
checks:
  unit: {run: [node, check.mjs], cwd: agent}
  bed: {run: [node, -e, "console.log(1)"], cwd: testbed, inputs: [testbed]}
goals:
  - {id: G-1, title: Schema, kind: schema}
  - {id: G-2, title: Safety, kind: kpi, scenario: standard, kpis: {cpu_usage: {max: 2, unit: percent}}}
  - {id: G-4, title: Accuracy, kind: kpi, scenario: standard, kpis: {topn_capture_ratio: {min: 95, unit: percent}}}
  - {id: G-7, title: Docs, kind: docs-parity}
  - {id: G-8, title: Green, kind: checks, checks: [unit, bed]}
  - {id: G-11, title: Own, kind: command, run: [git, --version], inputs: [testbed]}
milestones: []
`;

const MAPPING = `epics:
  A1-E1:
    stories:
      A1-S1:
        tasks:
          - slug: heap # the first one
            phase: P0
`;

const TASK = `slug: heap
title: Adaptive heap
phase: P0
blueprint: {epic: A1-E1, story: A1-S1}
acceptance:
  - topn_capture_ratio ≥ 95% on scenario standard
  - heap operations O(k log N) verified by profiling
e2e_scenarios: [standard]
blueprint_goals: [G-4]
`;

const RUNBOOK = `# Runbook

## Governance

### Feature Overview

Limits.

### Metrics and Events

- \`OverLimit\`: the module is over its limit.
`;
