import assert from 'node:assert/strict';
import type { Measurement, ScenarioEvidence } from '../../../src/core/model/evidence.ts';
import { openTask } from '../../../src/core/operations/complete.ts';
import {
  checklistOf,
  integrationReport,
  milestonesJson,
  sharedReport,
  stateOfProject,
  writeReport,
} from '../../../src/core/operations/projectReports.ts';
import { type SampleEngine, sampleEngine } from '../../support/sampleEngine.ts';

const RUN: ScenarioEvidence = {
  run: 'r1',
  seed: 1,
  load: { asked: 500, achieved: 500, unit: 'processes' },
  faults: [],
  steps: [],
  controlEvents: null,
  report: null,
};

async function milestones({ engine }: SampleEngine): Promise<string[]> {
  const { milestones: all } = milestonesJson(await stateOfProject(engine));
  return all.map(
    ({ id, status, date, verification }) => `${id} ${status} ${date?.slice(0, 10) ?? '-'} ${verification}`,
  );
}

async function shown({ engine }: SampleEngine, name: 'progress' | 'coverage'): Promise<string> {
  return (await sharedReport(engine, await stateOfProject(engine), name)).shown;
}

async function boxes({ engine }: SampleEngine): Promise<Map<string, string>> {
  const sections = await checklistOf(engine, await stateOfProject(engine));
  return new Map(
    sections.flatMap((section) =>
      section.boxes.map(({ title, verdict, finding }) => [title, `${verdict}: ${finding}`]),
    ),
  );
}

const scenario = (part: Partial<Measurement> = {}) => ({ scenario: RUN, ...part });

describe('milestones', () => {
  it('are what their tasks and fresh evidence say, and their date comes from evidence', async () => {
    const sample = await sampleEngine();
    assert.deepEqual(await milestones(sample), [
      'M1 pending - not-run',
      'M2 pending - not-run',
      'M3 pending - not-run',
      'M4 pending - not-run',
      'M5 pending - not-run',
    ]);
    await openTask(sample.engine, 'topn_sampler');
    sample.at('2026-11-23T10:00:00.000Z');
    await sample.measured('scenario:process_scanner_perf', scenario());
    await sample.measured('scenario:high_pid_churn', scenario({ verdict: 'fail', reason: 'Too low.' }));
    await sample.measured('scenario:ddsketch_accuracy', scenario({ verdict: 'inconclusive' }));
    await sample.measured('check:integration', {});
    assert.deepEqual(await milestones(sample), [
      'M1 complete 2026-11-23 verified',
      'M2 in-progress - failed',
      'M3 pending - inconclusive',
      'M4 pending - verified',
      'M5 pending - not-run',
    ]);
  });

  it('turn stale with the source that they were verified on', async () => {
    const sample = await sampleEngine();
    await sample.measured('scenario:process_scanner_perf', scenario());
    const file = 'infrastructure-agent/sampler/selector.go';
    await sample.files.write(file, `${await sample.files.read(file)}\n`);
    assert.equal((await milestones(sample))[0], 'M1 pending - stale');
  });
});

describe('progress against the blueprint', () => {
  it('counts tasks by story, and keeps what a person wrote into the report', async () => {
    const sample = await sampleEngine();
    await openTask(sample.engine, 'topn_sampler');
    const text = await shown(sample, 'progress');
    assert.match(text, /0 of 3 tasks are done, 1 in progress, 2 pending\.\n0 of 10 goals hold/);
    assert.match(text, /\| A1-S3 Adaptive-N Top-Heap \| ⏳ 0 of 1 \| topn_sampler \(in_progress\) \|/);
    assert.match(text, /No commit and no evidence dates a task\.[\s\S]*in history or evidence: 3 tasks/);
    const report = await sharedReport(sample.engine, await stateOfProject(sample.engine), 'progress');
    await sample.files.write(
      report.file,
      report.text.replace('## Burn-up', 'Ada is on leave until May.\n\n## Burn-up'),
    );
    assert.match(await shown(sample, 'progress'), /Ada is on leave until May\.\n\n## Burn-up/);
  });

  it('is put right after git has kept the lines of two branches', async () => {
    const sample = await sampleEngine();
    const report = await sharedReport(sample.engine, await stateOfProject(sample.engine), 'progress');
    const merged = report.text.replace(
      '0 of 3 tasks are done',
      '1 of 3 tasks are done, 0 in progress\n0 of 3 tasks are done',
    );
    await sample.files.write(report.file, merged);
    const next = await sharedReport(sample.engine, await stateOfProject(sample.engine), 'progress');
    assert.equal(next.text, report.text);
    assert.equal(await writeReport(sample.engine, next), true);
    assert.equal(await writeReport(sample.engine, next), false);
  });
});

describe('the coverage matrix', () => {
  it('says which scenario validates which goal, and whether it did here', async () => {
    const sample = await sampleEngine();
    await sample.measured('scenario:failover', scenario());
    const text = await shown(sample, 'coverage');
    assert.match(text, /for 1 one of them passes on this work tree/);
    assert.match(text, /\| G-6 Self-Governance \| circuit_breaker ⏳, failover ✅, runbook_scenarios ⏳ \|/);
    assert.match(text, /\| failover \| ✅ Pass \| G-6 \| export_gzip \| linux 5\.10 ✅ Pass \|/);
  });

  it('never counts a platform that the evidence was not measured on', async () => {
    const sample = await sampleEngine();
    await sample.measured('scenario:failover', scenario({ machine: { os: 'Linux', release: '6.8.0-generic' } }));
    assert.match(
      await shown(sample, 'coverage'),
      /\| failover \| ✅ Pass \| G-6 \| export_gzip \| linux 5\.10 ⏳ Not run \|/,
    );
    await sample.measured('scenario:failover', scenario({ machine: { os: 'Windows_NT', release: '10.0' } }));
    assert.match(await shown(sample, 'coverage'), /linux 5\.10 ⏳ Not run/);
  });
});

describe('the integration report', () => {
  it('is filled from whatever ran, and says "not run" elsewhere', async () => {
    const sample = await sampleEngine();
    await sample.files.write(
      'infrastructure-agent-testbed/out.log',
      'building\nok   dualwrite: raw ticks stored: 600 of 600\nFAIL nrdb_write: metrics survive a restart: 3 lost\n',
    );
    await sample.measured('check:integration', {
      verdict: 'fail',
      outputs: [
        {
          name: 'out.log',
          path: 'infrastructure-agent-testbed/out.log',
          bytes: 1,
          digest: { sha256: '0'.repeat(64) },
          kept: true,
        },
      ],
    });
    await sample.measured(
      'scenario:failover',
      scenario({
        values: [{ name: 'recovery_time', value: 3.2, unit: 'seconds', verdict: 'pass' }],
        scenario: {
          ...RUN,
          faults: [
            {
              id: 'f1',
              type: 'service_restart',
              target: 'kafka',
              atSeconds: 5,
              durationSeconds: 10,
              injected: 'pass',
              recovered: 'pass',
              events: [],
              note: 'Connected again.',
            },
            {
              id: 'f2',
              type: 'clock_skew',
              target: null,
              atSeconds: 5,
              durationSeconds: 10,
              injected: 'not-run',
              recovered: 'not-run',
              events: [],
              note: 'No libfaketime.',
            },
          ],
        },
      }),
    );
    const { shown: text } = await integrationReport(sample.engine, 'export_gzip');
    assert.match(text, /^# Integration Test Report: export_gzip\n/);
    assert.match(text, /\| linux \| 5\.10 \| ✅ Pass \| scenario failover \|/);
    assert.match(
      text,
      /## Dual-Write Scenario\n\n- ✅ raw ticks stored: 600 of 600\n\n## NRDB Storage Scenario\n\n- ❌ metrics survive a restart: 3 lost\n/,
    );
    assert.match(text, /## Query Router Scenario\n\n- ⏳ Not run: nothing named `query_router_fallback` ran/);
    assert.match(
      text,
      /- ✅ service_restart of kafka for 10 s, recovered: pass\. Connected again\. \(scenario failover\)/,
    );
    assert.match(text, /- ⏳ clock_skew for 10 s, injection: not-run\. No libfaketime\./);
    assert.match(text, /- ✅ recovery_time: 3\.2 seconds \(scenario failover\)/);
  });
});

describe('the finishing checklist', () => {
  it('ticks nothing that was not measured', async () => {
    const found = await boxes(await sampleEngine());
    const ticked = [...found].filter(([, text]) => text.startsWith('pass')).map(([title]) => title);
    assert.deepEqual(ticked, [
      'Operational procedures documented for all failure scenarios',
      'Performance characteristics and limits documented',
      'Complete documentation package',
    ]);
    assert.equal(found.get('G-4 Top-N Accuracy'), 'not-run: The scenario was not run yet.');
    assert.equal(
      found.get('No degradation under sustained load (24-hour test)'),
      'not-run: No soak test ran on this work tree.',
    );
  });

  it('counts consecutive green runs of the harness on this very source, and says what they prove', async () => {
    const sample = await sampleEngine();
    const title = 'The harness is stable green across 10 consecutive runs';
    await sample.measured('check:harness', { verdict: 'fail' });
    assert.match((await boxes(sample)).get(title) ?? '', /^fail: 0 green in a row of 1/);
    for (let run = 0; run < 10; run++) await sample.measured('check:harness', {});
    assert.equal(
      (await boxes(sample)).get(title),
      'pass: 10 green in a row of 11 on this work tree. 10 of 10 green runs prove a pass rate of at least 74 % at 95 % confidence, and no more.',
    );
    const file = 'infrastructure-agent/sampler/selector.go';
    await sample.files.write(file, `${await sample.files.read(file)}\n`);
    assert.match((await boxes(sample)).get(title) ?? '', /^not-run: 0 green in a row of 0/);
  });

  it('does not believe a final report that says other than the evidence', async () => {
    const all = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`G-${at + 1}`, { passed: true }]));
    const sample = await sampleEngine({ 'final_validation_results.json': JSON.stringify({ results: all }) });
    assert.match(
      (await boxes(sample)).get('Blueprint goal validation report') ?? '',
      /^fail: The final report is older than the evidence on G-1, /,
    );
  });

  it('needs a binary for each platform', async () => {
    const sample = await sampleEngine({
      'infrastructure-agent/dist/agent_linux_amd64': 'x',
      'infrastructure-agent/dist/agent.exe': 'x',
    });
    assert.match(
      (await boxes(sample)).get('Compiled agent binary for all platforms') ?? '',
      /^fail: 1 of 3 [^:]*: macos\./,
    );
  });
});
