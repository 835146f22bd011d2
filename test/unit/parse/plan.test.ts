import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { platformsOf } from '../../../src/core/model/scenario.ts';
import { parseBlueprint } from '../../../src/core/parse/blueprint.ts';
import { parseMapping } from '../../../src/core/parse/mapping.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import { parseTask } from '../../../src/core/parse/task.ts';

const FOLDER = new URL('../../fixtures/plan/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe('the files of the plan', () => {
  it('topn_sampler.yaml (3.1)', () => {
    const { value, issues, locate } = parseTask(read('topn_sampler.yaml'), 'topn_sampler.yaml');
    assert.deepEqual(issues, []);
    assert.deepEqual(value, {
      slug: 'topn_sampler',
      phase: 'P0',
      module: 'sampler/',
      blueprint: { epic: 'A1-E1', story: 'A1-S3' },
      acceptance: [
        'topn_capture_ratio ≥ 95% on replay harness',
        'sampler CPU ≤ 0.5%',
        'heap operations O(k log N) verified by profiling',
        'capture ratio stable under PID churn (2000 PIDs/s)',
      ],
      e2e_scenarios: ['standard', 'high_pid_churn'],
      blueprint_goals: ['G-2', 'G-3', 'G-4'],
      depends_on: [],
    });
    assert.deepEqual(locate(['blueprint_goals', 1]), { start: { line: 18, column: 5 }, end: { line: 18, column: 8 } });
  });

  it('blueprint_tasks.yaml (2.1)', () => {
    const { value, issues } = parseMapping(read('blueprint_tasks.yaml'), 'blueprint_tasks.yaml');
    assert.deepEqual(issues, []);
    const story = value?.epics['A1-E1']?.stories['A1-S3'];
    assert.deepEqual(story, {
      title: 'Adaptive-N Top-Heap',
      tasks: [{ slug: 'topn_sampler', phase: 'P0', module: 'sampler/' }],
    });
  });

  it('standard.yml (2.1)', () => {
    const { value, issues } = parseScenario(read('standard.yml'), 'standard.yml');
    assert.deepEqual(issues, []);
    assert.deepEqual(value && platformsOf(value), [{ os: 'linux', versions: ['5.10'] }]);
    assert.deepEqual(value?.workload, { type: 'standard', params: { pids: 500, duration_minutes: 10 } });
    assert.deepEqual(value?.validation?.kpis, {
      topn_capture_ratio: { min: 95, unit: 'percent' },
      p95p99_error: { max: 1, unit: 'percent' },
      cpu_usage: { max: 2, unit: 'percent' },
      memory_usage: { max: 100, unit: 'MB' },
    });
  });

  it('runbook_scenarios.yml (6.2)', () => {
    const { value, issues } = parseScenario(read('runbook_scenarios.yml'), 'runbook_scenarios.yml');
    assert.deepEqual(issues, []);
    const actions = value?.scenarios.map(({ name, steps }) => [name, steps.map(({ action }) => action).join(' ')]);
    assert.deepEqual(actions, [
      ['module_overlimit', 'configure start_workload wait verify configure wait verify'],
      ['sketch_fallback', 'configure inject_failure wait verify'],
    ]);
    assert.deepEqual(value?.validation?.runbook_coverage?.required_sections, ['ModuleOverLimit', 'SketchFallback']);
  });

  it('the failure modes of 5.2 and 5.5 are one list', () => {
    const text =
      'name: s\nworkload: {type: standard}\nfailures:\n  - type: resource_constraints\n  - type: resource_constraint\n';
    const { value, issues } = parseScenario(text, 's.yml');
    assert.deepEqual(issues, []);
    assert.deepEqual(
      value?.failures.map(({ type }) => type),
      ['resource_constraint', 'resource_constraint'],
    );
  });

  for (const [name, documents] of [
    ['cluster.yaml', 1],
    ['services.yaml', 6],
    ['ci.yml', 1],
  ] as const) {
    it(`${name} is YAML of others`, () => {
      const parsed = parseAllDocuments(read(name));
      assert.equal(parsed.length, documents);
      assert.deepEqual(
        [...parsed].flatMap((document) => document.errors),
        [],
      );
    });
  }

  it('the goals table (0.1)', () => {
    const { value, issues } = parseBlueprint(read('goals.md'), 'blueprint.md');
    assert.deepEqual(issues, []);
    assert.equal(value?.title, 'Enhanced AI-Infrastructure Agent Implementation Plan');
    const rows = value?.goals.map(({ value: goal, range }) => [
      range.start.line,
      goal.id,
      goal.title,
      goal.check,
      goal.verification,
    ]);
    assert.deepEqual(rows, [
      [
        20,
        'G-1',
        'Additive-Only Schema',
        '`.proto` diffs pass `buf breaking` with zero changes',
        '`buf breaking --against "HEAD^"` after schema changes',
      ],
      [
        21,
        'G-2',
        'Host Safety',
        'CPU ≤ 2% and RSS ≤ 100 MB on 500-PID harness run',
        'Resource monitor in harness with explicit thresholds',
      ],
      [
        22,
        'G-3',
        'Statistical Fidelity',
        'DDSketch p95/p99 error ≤ 1% (γ = 0.0075)',
        'Error calculation across replay corpus',
      ],
      [
        23,
        'G-4',
        'Top-N Accuracy',
        '`topn_capture_ratio` ≥ 95% in harness output',
        'Explicit count verification in output logs',
      ],
      [
        24,
        'G-5',
        'Tail Error Bound',
        'Aggregated CPU/RSS sums differ ≤ 5% from baseline',
        'Direct comparison with baseline metrics',
      ],
      [
        25,
        'G-6',
        'Self-Governance',
        'Breakers/fallbacks emit `AgentDiagEvent`',
        'Log scanning for expected events during failure tests',
      ],
      [
        26,
        'G-7',
        'Documentation Parity',
        'All new features documented in `docs/runbook.md`',
        'Feature-to-docs mapping verification',
      ],
      [27, 'G-8', 'Local Test Green', 'All test commands exit with code 0', 'Automated test suite execution'],
      [
        28,
        'G-9',
        'Architectural Conformance',
        'Implementations follow blueprint patterns',
        'Architecture review before and after implementation',
      ],
      [
        29,
        'G-10',
        'Documentation Quality',
        'Runbook validates operational scenarios',
        'Scenario-driven runbook validation',
      ],
    ]);
  });

  it('every fixture is named above', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), [
      'blueprint_tasks.yaml',
      'ci.yml',
      'cluster.yaml',
      'goals.md',
      'runbook_scenarios.yml',
      'services.yaml',
      'standard.yml',
      'topn_sampler.yaml',
    ]);
  });
});
