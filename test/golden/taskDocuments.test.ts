import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScenarioEvidence } from '../../src/core/model/evidence.ts';
import { openTask } from '../../src/core/operations/complete.ts';
import { taskDocument } from '../../src/core/operations/taskDocument.ts';
import { countingRuns, type SampleEngine, sampleEngine } from '../support/sampleEngine.ts';

const SLUG = 'topn_sampler';

/** Compares with the kept text; `UPDATE_GOLDEN=1` keeps the new one. */
function golden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`documents/${name}.golden.md`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing; make it with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(file, 'utf8'));
}

async function write({ engine, files }: SampleEngine, document: 'plan' | 'arch' | 'result'): Promise<string> {
  const { file, written, issues } = await taskDocument.run(engine, { slug: SLUG, document }, {});
  assert.deepEqual({ written, issues }, { written: true, issues: [] });
  return (await files.read(file)) ?? '';
}

const NO_FAULTS: ScenarioEvidence = {
  run: 'r1',
  seed: 1,
  load: { asked: 2000, achieved: 1998, unit: 'PIDs/s' },
  faults: [],
  steps: [],
  controlEvents: null,
  report: 'e2e/results/high_pid_churn/r1/report.md',
};

/** The naive sampler, measured: a run before the task was opened, and one after. */
async function measure(sample: SampleEngine): Promise<void> {
  const capture = (value: number) => ({ name: 'topn_capture_ratio', value, unit: 'percent', n: 240, min: 95 });
  sample.at('2026-11-22T08:10:00.000Z');
  await sample.measured('check:harness', {
    verdict: 'fail',
    reason: 'topn_capture_ratio is 70.1.',
    values: [capture(70.1)],
  });
  sample.at('2026-11-22T08:20:00.000Z');
  await openTask(sample.engine, SLUG);
  sample.at('2026-11-22T09:00:00.000Z');
  await sample.measured('check:harness', {
    verdict: 'fail',
    reason: 'topn_capture_ratio is 71.46.',
    values: [capture(71.456)],
  });
  await sample.measured('check:test', {
    tests: { passed: 212, failed: 0, skipped: 1 },
    values: [
      { name: 'tests_passed', value: 212, unit: 'count' },
      { name: 'coverage', value: 86.94, unit: 'percent', min: 80 },
    ],
  });
  await sample.measured('scenario:high_pid_churn', {
    verdict: 'fail',
    reason: 'topn_capture_ratio is 68.2 percent, below 95.',
    values: [
      { name: 'topn_capture_ratio', value: 68.2, unit: 'percent', n: 110, verdict: 'fail' },
      { name: 'cpu_usage', value: 1.31, unit: 'percent', n: 120, verdict: 'pass' },
    ],
    scenario: NO_FAULTS,
    issues: [
      {
        code: 'kpi.fail',
        severity: 'error',
        message: 'The selector picks 20 processes whatever the load.',
        file: 'infrastructure-agent/sampler/selector.go',
        range: { start: { line: 20, column: 1 }, end: { line: 20, column: 2 } },
      },
    ],
  });
  await sample.measured('scenario:failover', {
    values: [{ name: 'recovery_time', value: 3.2, unit: 'seconds', n: 1 }],
    scenario: {
      ...NO_FAULTS,
      load: null,
      report: null,
      controlEvents: [],
      faults: [
        {
          id: 'f1',
          type: 'service_restart',
          target: 'otlp',
          atSeconds: 20,
          durationSeconds: 10,
          injected: 'pass',
          recovered: 'pass',
          events: ['AgentDiagEvent ExportRetry stream=metrics', 'AgentDiagEvent ExportRecovered stream=metrics'],
          note: 'Recovered in time.',
        },
      ],
    },
  });
}

describe('the documents of the embedded task', () => {
  let restore = () => {};
  beforeEach(() => {
    restore = countingRuns();
  });
  afterEach(() => restore());

  it('plan and architecture review need nothing but the workspace', async () => {
    const sample = await sampleEngine();
    const plan = await write(sample, 'plan');
    const arch = await write(sample, 'arch');
    golden('topn_sampler_plan', plan);
    golden('topn_sampler_arch', arch);
    assert.equal(await write(sample, 'plan'), plan);
    assert.equal(await write(sample, 'arch'), arch);
  });

  it('the result has every figure from evidence, deltas and root causes', async () => {
    const sample = await sampleEngine();
    await measure(sample);
    const result = await write(sample, 'result');
    golden('topn_sampler_result', result);
    assert.equal(await write(sample, 'result'), result);
  });

  it('keeps what a person wrote when the evidence moves on', async () => {
    const sample = await sampleEngine();
    await measure(sample);
    const file = `reports/${SLUG}_result.md`;
    await sample.files.write(
      file,
      (await write(sample, 'result')).replace(
        '_Room for prose: what was learned about the architecture._',
        'The cap on N binds first.',
      ),
    );
    sample.at('2026-11-22T10:00:00.000Z');
    await sample.measured('check:harness', {
      values: [{ name: 'topn_capture_ratio', value: 97.3, unit: 'percent', n: 240, min: 95 }],
    });
    const next = await write(sample, 'result');
    assert.match(next, /The cap on N binds first\./);
    assert.match(next, /\| 1 \| topn_capture_ratio ≥ 95% on replay harness \| ✅ Pass \|/);
    assert.match(
      next,
      /\| harness \| topn_capture_ratio \| 97\.3 percent \| 240 \| ≥ 95 percent \| \+25\.84 \| \+27\.2 \|/,
    );
  });
});
