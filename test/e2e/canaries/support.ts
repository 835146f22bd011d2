import { join } from 'node:path';
import { createEngine, type Engine, type EnginePorts } from '../../../src/core/engine.ts';
import type { Measuring } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createMachine } from '../../../src/node/machine.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { createScratch } from '../../../src/node/scratch.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { createTemplates } from '../../../src/node/templates.ts';
import { createWorkTree } from '../../../src/node/tree.ts';
import { ENV } from '../goals/support.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');

export interface EngineOptions {
  /** Where copies are made. */
  readonly temporary: string;
  readonly measuring?: ((root: string) => Measuring) | undefined;
  /** What must be let go when the test is over. */
  readonly open: { dispose(): void }[];
}

/** Real files, git, buf, Go and grammars, for a workspace and for its copies. */
export function engineAt(root: string, options: EngineOptions): Engine {
  const files = createFiles(root);
  const real = createProcesses(root);
  options.open.push(real);
  const processes = {
    run: (request: Parameters<typeof real.run>[0]) => real.run({ ...request, env: { PATH: ENV.PATH, ...request.env } }),
  };
  const measuring = options.measuring?.(root);
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
    ...(measuring && { measuring, scenarios: measuring }),
    scratch: createScratch(root, options.temporary),
    openWorkspace: (copy) => engineAt(copy, options),
    version: '1.2.3',
    env: ENV,
  });
}

const CONFIG = `version: 1
paths: {source: agent, testbed: testbed}
checks:
  test: {run: [go, test, -json, -cover, -count=1, ./...], cwd: agent, parser: gotest, coverage: {min: 80}}
  format: {run: [gofmt, -l, .], cwd: agent, parser: gofmt}
goals:
  - {id: G-1, title: Schema, kind: schema}
  - {id: G-7, title: Docs, kind: docs-parity}
  - {id: G-8, title: Green, kind: checks, checks: [format, test]}
  - {id: G-9, title: Rules, kind: conformance}
  - {id: G-10, title: Runbook, kind: runbook, scenario: drill}
  - {id: G-11, title: Own, kind: command, run: [grep, -q, careful, agent/calc/calc.go], inputs: [agent]}
  - {id: G-12, title: Off, kind: command, run: ["false"], applies: false, reason: Not for a test.}
canaries:
  - goal: G-11
    title: a careless change
    edits:
      - {file: agent/calc/calc.go, search: careful, replace: careless}
milestones: []
`;

const RULES = `version: 1
components: {calc: {in: [calc/**]}, export: {in: [export/**]}}
rules:
  - {id: calc-knows-no-export, kind: boundary, from: calc, deny: [export]}
`;

const RUNBOOK = `# Runbook

## Sums

### Feature Overview

Adds.

### Metrics and Events

- \`sums.total\`: how many sums were made.

### Diagnostic Procedures

- Symptom: \`sums.total\` stands still. Remedy: start the agent again.

### Operational Scenarios

1. Look at \`sums.total\`.

### Blueprint Goal Coverage

- G-10: this entry is whole.
`;

/** A workspace in which everything that can be measured without a scenario is real, small and green. */
export const SMALL: Readonly<Record<string, string>> = {
  '.gitignore': '.infrabuilder/\ne2e/results/\n',
  'infrabuilder.yaml': CONFIG,
  'conformance.yaml': RULES,
  'agent/go.mod': 'module example.com/agent\n\ngo 1.22\n',
  'agent/calc/calc.go':
    'package calc\n\n// MetricSums counts sums.\nconst MetricSums = "sums.total"\n\n// Add is careful.\nfunc Add(a, b int) int {\n\treturn a + b\n}\n',
  'agent/calc/calc_test.go':
    'package calc\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n',
  'agent/export/export.go': 'package export\n',
  'agent/proto/a.proto': 'syntax = "proto3";\npackage a.v1;\nmessage A {\n  string name = 1;\n}\n',
  'e2e/scenarios/drill.yml':
    'name: drill\nscenarios:\n  - name: one\n    steps:\n      - {action: wait, params: {duration_seconds: 1}}\n',
  'docs/runbook.md': RUNBOOK,
  'docs/CHANGELOG.md': '# Changelog\n',
};
