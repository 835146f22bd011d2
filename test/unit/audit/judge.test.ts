import assert from 'node:assert/strict';
import { type AuditPorts, type AuditReport, auditHolds, runAudit } from '../../../src/core/audit/audit.ts';
import { metricName } from '../../../src/core/audit/judge/proofs.ts';
import { gatePorts } from '../../../src/core/operations/complete.ts';
import { type SampleEngine, sampleEngine } from '../../support/sampleEngine.ts';

const RESULT = 'reports/topn_sampler_result.md';

/** Audits the embedded workspace in memory; nothing can be run in it. */
async function audit({ engine }: SampleEngine): Promise<AuditReport> {
  engine.project.update();
  const unused = {} as Pick<AuditPorts, 'processes'>;
  return runAudit(
    { ...gatePorts(engine), ...unused, system: { os: 'linux', arch: 'x64' } },
    await engine.project.snapshot(),
  );
}

function verdicts({ claims }: AuditReport): string[] {
  return claims.map(({ line, kind, verdict, reason }) => `${line} ${kind} ${verdict}: ${reason}`);
}

describe('a claim beside the evidence', () => {
  const kpis = {
    verdict: 'pass' as const,
    reason: 'All KPIs hold on 500 processes.',
    scenario: {
      run: 'r1',
      seed: 1,
      load: { asked: 500, achieved: 500, unit: 'processes' },
      faults: [],
      steps: [],
      controlEvents: null,
      report: null,
    },
    values: [
      { name: 'cpu_usage', value: 1.2345, unit: 'percent', n: 60 },
      { name: 'memory_usage', value: 68.2, unit: 'MB', n: 60 },
      { name: 'topn_capture_ratio', value: 71.456, unit: 'percent', n: 60 },
    ],
  };

  it('a figure: as exactly as it is written, in its own unit, by any of its names', async () => {
    const text = '- CPU: 1.23 %\n- `cpu_usage` is 1.2 %\n- memory 68 MB\n- cpu_usage: 0.9 %\n- `heap_pushes`: 12\n';
    const sample = await sampleEngine({ [RESULT]: text });
    await sample.measured('scenario:standard', kpis);
    assert.deepEqual(verdicts(await audit(sample)), [
      '1 figure supported: scenario:standard measured CPU 1.23 percent.',
      '2 figure supported: scenario:standard measured cpu_usage 1.2 percent.',
      '3 figure supported: scenario:standard measured memory 68 MB.',
      '4 figure contradicted: Not cpu_usage 0.9 percent, but scenario:standard: 1.2345 percent.',
      '5 figure no-evidence: No evidence has heap_pushes 12.',
    ]);
  });

  it('a figure of another work tree is stale, and does not contradict', async () => {
    const sample = await sampleEngine({ [RESULT]: '- cpu_usage: 1.2 %\n- cpu_usage: 0.9 %\n' });
    await sample.measured('scenario:standard', kpis);
    await sample.files.write('infrastructure-agent/sampler/more.go', 'package sampler\n');
    const report = await audit(sample);
    assert.deepEqual(verdicts(report), [
      '1 figure stale: scenario:standard measured cpu_usage 1.2 percent on another work tree.',
      '2 figure no-evidence: No evidence has cpu_usage 0.9 percent.',
    ]);
  });

  it('goals and checks by what evidence says of them, and the evidence is named', async () => {
    const text =
      '| Goal | Status |\n|---|---|\n| G-2 | ✅ PASS |\n| G-4 | ✅ PASS |\n| G-1 | ✅ PASS |\n\n- ✅ lint is clean\n';
    const sample = await sampleEngine({ [RESULT]: text });
    await sample.measured('scenario:standard', kpis);
    await sample.measured('scenario:high_pid_churn', kpis);
    await sample.measured('check:lint', { verdict: 'fail', reason: 'Two findings.' });
    const { claims } = await audit(sample);
    assert.deepEqual(
      claims.map(({ line, verdict }) => `${line} ${verdict}`),
      ['3 supported', '4 contradicted', '5 no-evidence', '7 contradicted'],
    );
    assert.match(claims[0]?.evidence.join() ?? '', /^reports\/evidence\/.*scenario-standard.*\.json$/);
  });

  it('a run that a line names decides; one that nobody knows is no evidence', async () => {
    const sample = await sampleEngine();
    await sample.measured('check:test', { verdict: 'pass', reason: 'All 12 tests passed in 3 packages.' });
    const ledger = await sample.engine.goalPorts.evidence(await sample.engine.project.snapshot()).load();
    const run = ledger.entries[0]?.run ?? '';
    await sample.files.write(
      RESULT,
      `- ✅ sampler (${run})\n- ✅ sketch (20200101T000000000Z-check-test-00000000)\n- ✅ All 12 tests passed in 3 packages.\n`,
    );
    const found = verdicts(await audit(sample));
    assert.deepEqual(
      found.map((one) => one.split(':')[0]),
      ['1 status supported', '2 status no-evidence', '3 status supported', '3 figure supported'],
    );
  });

  it('a sound workspace without claims holds', async () => {
    const report = await audit(await sampleEngine());
    assert.deepEqual(report.claims, []);
    assert.deepEqual(report.findings, []);
    assert.ok(auditHolds(report));
    assert.ok(report.files > 100);
  });

  it('what is stale alone does not fail; what is contradicted, unproven or found does', () => {
    const claim = { kind: 'status', file: 'a', line: 1, text: '', evidence: [], reason: '' } as const;
    const holds = (...all: readonly ('stale' | 'supported' | 'contradicted' | 'no-evidence')[]) =>
      auditHolds({ claims: all.map((verdict) => ({ ...claim, verdict })), findings: [] });
    assert.deepEqual(
      [holds(), holds('stale', 'supported'), holds('contradicted'), holds('no-evidence')],
      [true, true, false, false],
    );
  });

  it('metrics have one name', () => {
    assert.deepEqual(
      ['CPU', 'cpu usage', '`cpu_usage`', 'Top-N capture ratio', 'p95/p99 error', 'heap size'].map(metricName),
      ['cpu_usage', 'cpu_usage', 'cpu_usage', 'topn_capture_ratio', 'p95p99_error', 'heap_size'],
    );
  });
});

describe('checks of infrabuilder.yaml', () => {
  it('that run nothing are found where they are defined', async () => {
    const config =
      'version: 1\nchecks:\n  test: {run: [go, test, "-run=^$", ./...]}\n  lint: {run: [sh, -c, "golangci-lint run || true"]}\n  ok: {run: [go, vet]}\n  none: {run: ["true"]}\n';
    const report = await audit(await sampleEngine({ 'infrabuilder.yaml': config }));
    const found = report.findings.filter(({ file }) => file === 'infrabuilder.yaml');
    assert.deepEqual(
      found.map(({ code, range }) => `${range.start.line} ${code}`),
      ['3 audit.runs-no-test', '4 audit.runs-no-test', '6 audit.runs-no-test'],
    );
  });
});
