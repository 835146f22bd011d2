import assert from 'node:assert/strict';
import type { ScenarioRun, TrendResult } from '../../../src/core/model/scenarioRun.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { runChecklist } from '../../../src/core/operations/checklist.ts';
import type { ScenarioRequest } from '../../../src/core/ports.ts';
import { type SampleEngine, sampleEngine } from '../../support/sampleEngine.ts';

const DAY = 86_400;

interface Outcome {
  readonly verdict?: Verdict;
  /** Seconds that were recorded; all that were asked for where it is left out. */
  readonly seconds?: number;
  readonly growth?: Verdict;
  readonly drift?: Verdict;
  readonly profiled?: boolean;
}

function ended({ scenario, durationSeconds = 0 }: ScenarioRequest, outcome: Outcome): ScenarioRun {
  const { verdict = 'pass', seconds = durationSeconds - 1, growth = 'pass', drift = 'pass', profiled = true } = outcome;
  const common = { agent: 'agent', seconds };
  const trends: TrendResult[] = [
    {
      ...common,
      figure: { name: 'memory_usage.growth', value: 0.25, unit: 'MB', n: 900, verdict: growth },
      beside: [],
      reason: 'Memory is what it is.',
    },
    {
      ...common,
      figure: { name: 'cpu_usage.drift', value: 0.048, unit: 'percent per day', n: 900, max: 0.2, verdict: drift },
      beside: [{ name: 'cpu_usage.slope', value: 0.002, unit: 'percent per hour', n: 120 }],
      reason: 'CPU is what it is.',
    },
  ];
  return {
    scenario,
    run: 'r1',
    verdict,
    reason: 'All 9 conditions hold.',
    seed: 1,
    load: { asked: 500, achieved: 500, unit: 'processes' },
    kpis: [{ name: 'memory_usage.growth', value: 0.25, unit: 'MB', n: 900 }],
    faults: [],
    steps: [],
    controlEvents: undefined,
    issues: [],
    ...(profiled && { trends }),
    report: undefined,
    artifacts: [],
    startedAt: '2026-11-22T08:00:00.000Z',
    durationMs: (durationSeconds + 120) * 1000,
  };
}

/** Soaks the sample once for each outcome, and gives the two boxes on it and the note of the last. */
async function soak(sample: SampleEngine, seconds: number, outcome: Outcome = {}) {
  const scenarios = { run: async (request: ScenarioRequest) => ended(request, outcome) };
  const engine = { ...sample.engine, goalPorts: { ...sample.engine.goalPorts, scenarios } };
  const { sections, notes } = await runChecklist(engine, { soak: { scenario: 'standard', seconds } });
  const boxes = new Map(
    sections.flatMap((section) =>
      section.boxes.map(({ title, verdict, finding }) => [title, `${verdict}: ${finding}`]),
    ),
  );
  return {
    note: notes[0] ?? '',
    sustained: boxes.get('No degradation under sustained load (24-hour test)') ?? '',
    leaks: boxes.get('Memory profiling shows no leaks over extended runs') ?? '',
  };
}

describe('a soak test', () => {
  it('passes after 24 hours without leak and drift; the box shows lengths, slopes, units and numbers of samples', async () => {
    const { note, sustained, leaks } = await soak(await sampleEngine(), DAY);
    assert.equal(
      note,
      'Soak test of standard over 86400 s: pass. All 9 conditions hold. Soaked for 86399 s. Memory is what it is. CPU is what it is.',
    );
    assert.equal(
      sustained,
      'pass: 1 soak test on this work tree. 24.0 h of 24.0 h asked: pass; memory_usage.growth 0.25 MB (n = 900, pass), cpu_usage.drift 0.048 percent per day (n = 900, pass), cpu_usage.slope 0.002 percent per hour (n = 120). All 9 conditions hold. Soaked for 86399 s. Memory is what it is. CPU is what it is.',
    );
    assert.equal(leaks, 'pass: memory_usage.growth 0.25 MB (n = 900, pass) in 24.0 h.');
  });

  it('is no pass where it ended early, where the profiler cannot tell, and where it recorded nothing', async () => {
    const early = await soak(await sampleEngine(), DAY, { seconds: 5 * 3600 });
    assert.match(early.note, /: inconclusive\. .* Soaked for 18000 s of 86400 s only\./);
    assert.match(early.sustained, /^not-run: 1 soak test on this work tree\. 5\.0 h of 24\.0 h asked: inconclusive;/);
    const unclear = await soak(await sampleEngine(), DAY, { drift: 'inconclusive' });
    assert.match(
      unclear.sustained,
      /^inconclusive: .*cpu_usage\.drift 0\.048 percent per day \(n = 900, inconclusive\)/,
    );
    const blind = await soak(await sampleEngine(), DAY, { profiled: false });
    assert.match(
      blind.note,
      /: inconclusive\. .* Soaked for 0 s of 86400 s only\. The profiler has no series for memory_usage\.growth and cpu_usage\.drift\./,
    );
    assert.match(blind.leaks, /^not-run/);
  });

  it('fails by a leak or a drift, whatever the scenario itself says', async () => {
    const leaking = await soak(await sampleEngine(), 3600, { growth: 'fail' });
    assert.match(leaking.note, /: fail\./);
    assert.match(leaking.sustained, /^fail: 1 soak test on this work tree, 1 failed\. 1\.0 h of 1\.0 h asked: fail;/);
    assert.match(leaking.leaks, /^fail:/);
    const drifting = await soak(await sampleEngine(), DAY, { drift: 'fail' });
    assert.match(drifting.sustained, /^fail:/);
    assert.match(drifting.leaks, /^pass:/);
  });

  it('adds to earlier ones: a failure stands until a soak as long passes, and short or unclear ones change nothing', async () => {
    const sample = await sampleEngine();
    const states: string[] = [];
    for (const [seconds, outcome] of [
      [DAY, {}],
      [3600, { drift: 'inconclusive' }],
      [7200, { growth: 'fail' }],
      [60, {}],
      [7200, { growth: 'inconclusive' }],
      [7200, {}],
    ] as const) {
      sample.at(`2026-11-2${3 + states.length}T08:00:00.000Z`);
      const { sustained, leaks } = await soak(sample, seconds, outcome);
      states.push(`${sustained.split('.')[0]}; leaks ${leaks.split(':')[0]}`);
    }
    assert.deepEqual(states, [
      'pass: 1 soak test on this work tree; leaks pass',
      'pass: 2 soak tests on this work tree; leaks pass',
      'fail: 3 soak tests on this work tree, 1 failed; leaks fail',
      'fail: 4 soak tests on this work tree, 1 failed; leaks fail',
      'fail: 5 soak tests on this work tree, 1 failed; leaks fail',
      'pass: 6 soak tests on this work tree, 1 failed; leaks pass',
    ]);
  });

  it('counts for the source and the scenario that it ran on, and no other', async () => {
    for (const [file, change] of [
      ['infrastructure-agent/sampler/selector.go', (text: string) => `${text}\n`],
      ['e2e/scenarios/standard.yml', (text: string) => text.replace('pids: 500', 'pids: 5')],
    ] as const) {
      const sample = await sampleEngine();
      await soak(sample, DAY);
      const text = await sample.files.read(file);
      await sample.files.write(file, change(String(text)));
      sample.engine.project.update();
      const { sections } = await runChecklist(sample.engine, {});
      const boxes = sections.flatMap((section) => section.boxes);
      assert.equal(
        boxes.find(({ title }) => title.startsWith('No degradation'))?.finding,
        'No soak test ran on this work tree.',
        file,
      );
    }
  });

  it('says what is wrong where it cannot run at all', async () => {
    const { engine } = await sampleEngine();
    const { notes } = await runChecklist(engine, { soak: { scenario: 'standard', seconds: 60 } });
    assert.deepEqual(notes, [
      'Soak test of standard over 60 s: not-run. Scenario standard was not run: there is no scenario runner here.',
    ]);
  });
});
