import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TOOL = `
import { existsSync, readFileSync } from 'node:fs';
const [what] = process.argv.slice(2);
if (what === 'quick') console.log('all is well');
if (what === 'lines') {
  const lines = readFileSync('src/app.go', 'utf8').split('\\n');
  const at = lines.findIndex((line) => line.includes('FIXME'));
  if (at >= 0) {
    console.log('src/app.go:' + (at + 1) + ':' + (lines[at].indexOf('FIXME') + 1) + ': FIXME is left');
    process.exitCode = 1;
  }
}
if (what === 'slow') {
  console.log('pid ' + process.pid);
  setInterval(() => {}, 1000);
}
if (what === 'goal') {
  console.log('looking for the adaptive sampler');
  process.exitCode = readFileSync('src/app.go', 'utf8').includes('adaptive') ? 0 : 1;
}
`;

const BLUEPRINT = `# Blueprint

| # | Goal | Concrete Check | Verification Method |
|---|---|---|---|
| **G-4** | **Top-N Accuracy** | the sampler adapts | tool.mjs goal |
| **G-8** | **Local Test Green** | all checks pass | checks |

## Epic A1-E1

Story A1-S1 asks for a sampler that adapts.
`;

const TASK = `slug: sampler
phase: P0
module: src/
blueprint:
  epic: A1-E1
  story: A1-S1
acceptance:
  - topn_capture_ratio ≥ 95% on replay harness
e2e_scenarios:
  - standard
blueprint_goals:
  - G-4
`;

const MAPPING = `epics:
  A1-E1:
    title: Sampling
    stories:
      A1-S1:
        title: Adaptive sampler
        tasks:
          - slug: sampler
            phase: P0
            module: src/
`;

const SOURCE = `package app

// FIXME: sample fixed
func Sample(many bool) int {
	if many {
		return 2
	}
	return 1
}
`;

const TESTS = `package app

import "testing"

func TestSample(t *testing.T) {
	if Sample(false) != 1 {
		t.Fatal("not one")
	}
}
`;

const SCENARIO = `name: standard
description: Mixed processes
blueprint_goals:
  - G-4
workload:
  type: standard
  params: {pids: 50}
`;

function configuration(): string {
  const node = JSON.stringify(process.execPath);
  const check = (name: string): string => `  ${name}: {run: [${node}, tool.mjs, ${name}]}`;
  return `version: 1
paths: {source: src, testbed: bed}
checks:
${['quick', 'lines', 'slow'].map(check).join('\n')}
  missing: {run: [no-such-program-of-ours]}
  test: {run: [go, test, ./...], cwd: src, parser: gotest, coverage: {min: 40}}
goals:
  - {id: G-4, title: Top-N Accuracy, kind: command, run: [${node}, tool.mjs, goal]}
  - {id: G-8, title: Local Test Green, kind: checks, checks: [quick]}
milestones:
  - {id: M1, title: First sampler, tasks: [sampler]}
`;
}

/** A small workspace whose checks need nothing but Node, and Go for one of them; \`src/app.go\` is what they look at. */
export function makeMini(): { readonly folder: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'vscode-mini-'));
  const folder = join(parent, 'mini');
  const files: Record<string, string> = {
    'infrabuilder.yaml': configuration(),
    'blueprint_tasks.yaml': MAPPING,
    'tool.mjs': TOOL,
    Makefile: 'quick:\n\tinfrabuilder check quick\n\nother:\n\techo no check\n\nverify:\n\tinfrabuilder verify\n',
    'src/go.mod': 'module example.com/app\n\ngo 1.22\n',
    'src/app.go': SOURCE,
    'src/app_test.go': TESTS,
    'bed/README.md': 'No testbed.\n',
    'docs/blueprint_vFinal.md': BLUEPRINT,
    'docs/runbook.md': '# Runbook\n',
    'docs/CHANGELOG.md': '# Changelog\n',
    'docs/ADR-001.md': '# ADR-001\n',
    'tasks/pending/sampler.yaml': TASK,
    'e2e/scenarios/standard.yml': SCENARIO,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of ['tasks/in_progress', 'tasks/done', 'reports']) mkdirSync(join(folder, path), { recursive: true });
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}
