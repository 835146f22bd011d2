import assert from 'node:assert/strict';
import type { MeasuredValue } from '../../../src/core/model/check.ts';
import type { FaultRecord } from '../../../src/e2e/chaos/controller.ts';
import { answersTo, kindOf, mergeEvents } from '../../../src/e2e/kpi/events.ts';
import { recoveriesOf } from '../../../src/e2e/kpi/recovery.ts';
import { combineReplicates, intervalOf } from '../../../src/e2e/kpi/replicates.ts';
import { applyLimits } from '../../../src/e2e/kpi/verdicts.ts';
import type { Delivered } from '../../../src/e2e/oracle/liveExports.ts';
import { PhaseMachine } from '../../../src/e2e/runner/phases.ts';
import { verdictOf } from '../../../src/e2e/runner/verdict.ts';
import { planOf } from './workspace.ts';

const CALM = { loadHeld: true, explained: new Set<string>() };
const LIMITS = [{ kpi: 'cpu_usage', max: 2, unit: 'percent', goals: ['G-2'] }];
const cpu = (value: number, verdict?: MeasuredValue['verdict']): MeasuredValue => ({
  name: 'cpu_usage',
  value,
  unit: 'percent',
  ...(verdict && { verdict }),
});

describe('limits', () => {
  it('compares unrounded, both ends inclusive', () => {
    const verdict = (value: number) => applyLimits([cpu(value)], LIMITS, CALM)[0]?.verdict;
    assert.deepEqual([verdict(2), verdict(2.0000001), verdict(Number.NaN)], ['pass', 'fail', 'fail']);
  });

  it('is inconclusive about what holds under a load that was not held, and fails what does not hold at all', () => {
    const verdict = (value: number) => applyLimits([cpu(value)], LIMITS, { ...CALM, loadHeld: false })[0]?.verdict;
    assert.deepEqual([verdict(1), verdict(3)], ['inconclusive', 'fail']);
  });

  it('leaves what was measured badly as it is', () => {
    assert.equal(applyLimits([cpu(1, 'inconclusive')], LIMITS, CALM)[0]?.verdict, 'inconclusive');
  });

  it('is inconclusive about a low capture that strangers explain', () => {
    const limits = [{ kpi: 'topn_capture_ratio', min: 95, unit: 'percent', goals: [] }];
    const value = { name: 'topn_capture_ratio', value: 70, unit: 'percent' };
    assert.equal(
      applyLimits([value], limits, { ...CALM, explained: new Set(['topn_capture_ratio']) })[0]?.verdict,
      'inconclusive',
    );
    assert.equal(applyLimits([value], limits, CALM)[0]?.verdict, 'fail');
  });
});

describe('replicates', () => {
  const runs = (...figures: number[]) => figures.map((figure) => applyLimits([cpu(figure)], LIMITS, CALM));
  const combined = (...figures: number[]) =>
    new Map(combineReplicates(runs(...figures)).map((value) => [value.name, value]));

  it('gives the median, the worst and the 95 % interval of the mean', () => {
    const values = combined(1, 1.02, 1.04);
    assert.equal(values.get('cpu_usage')?.value, 1.02);
    assert.equal(values.get('cpu_usage')?.verdict, 'pass');
    assert.equal(values.get('cpu_usage.worst')?.value, 1.04);
    assert.equal(values.get('cpu_usage.high95')?.value.toFixed(3), '1.070');
  });

  it('drops no outlier: one run beyond the limit among steady ones fails', () => {
    assert.equal(combined(1.95, 1.96, 2.01).get('cpu_usage')?.verdict, 'fail');
  });

  it('is inconclusive when the runs differ by more than a tenth and lie on both sides', () => {
    assert.equal(combined(1, 2.5, 1.2).get('cpu_usage')?.verdict, 'inconclusive');
    assert.equal(combined(0.1, 0.2, 0.15).get('cpu_usage')?.verdict, 'pass', 'all far below');
    assert.equal(combined(1, 1.9, 1.2).get('cpu_usage')?.verdict, 'inconclusive', 'the interval reaches beyond');
  });

  it('is not-run when one run measured nothing', () => {
    const [first = []] = runs(1);
    assert.equal(combineReplicates([first, []])[0]?.verdict, 'not-run');
    assert.equal(intervalOf([5, 5]).variation, 0);
  });
});

describe('answers to faults', () => {
  const fault = (id: string, injectedAt: number): FaultRecord => ({
    id,
    type: 'network_partition',
    target: 'otelcol',
    params: {},
    state: 'resolved',
    injectedAt,
    resolvedAt: injectedAt + 5000,
    proof: { holds: true, expected: '', observed: '' },
  });
  const event = (at: number, name: string, severity = 'warning') => ({
    at,
    text: `AgentDiagEvent ${name} module=export tick=${at}`,
    severity,
  });
  const names = (answers: ReadonlyMap<string, readonly { text: string }[]>) =>
    [...answers].map(([id, events]) => `${id}: ${events.map(({ text }) => kindOf(text)).join(', ')}`);

  it('counts new warnings within the time, up to the next fault', () => {
    const events = [
      event(900, 'Early'),
      event(1500, 'ExportRetry'),
      event(1600, 'Fine', 'info'),
      event(9000, 'ExportSlow'),
      event(99_000, 'Late'),
    ];
    assert.deepEqual(names(answersTo([fault('b', 8000), fault('a', 1000)], events, [], 30)), [
      'a: ExportRetry export',
      'b: ExportSlow export',
    ]);
  });

  it('counts no kind that the agent without faults reports too', () => {
    const events = [event(1500, 'ExportRetry'), event(1600, 'BreakerOpen')];
    assert.deepEqual(names(answersTo([fault('a', 1000)], events, [event(50, 'ExportRetry')], 30)), [
      'a: BreakerOpen export',
    ]);
  });

  it('knows one event from the log and from the receiver', () => {
    const twice = event(1000, 'ExportRetry');
    assert.equal(mergeEvents([twice], [{ ...twice, at: 1001 }, event(1002, 'Other')]).length, 2);
  });

  it('takes the first tick after the fault as recovery, and waits for one in vain', () => {
    const place = { source: 'topn', file: 'x', line: 1 } as const;
    const tick = (at: number, receivedAt: number) => ({
      tick: at,
      at,
      receivedAt,
      place,
      top: [],
      other: { count: 0, cpu_ms: 0, rss: 0 },
    });
    const delivered = (ticks: Delivered['ticks']): Delivered => ({
      ticks,
      windows: [],
      raw: new Set(),
      events: [],
      points: [],
      accepted: [],
      faults: [],
    });
    const backlog = [tick(2000, 6100), tick(6050, 7250)];
    assert.deepEqual(recoveriesOf([fault('a', 1000)], delivered(backlog), delivered([])), [
      { fault: 'a', seconds: 1.25 },
    ]);
    assert.deepEqual(recoveriesOf([fault('a', 1000)], delivered([]), delivered([])), [
      { fault: 'a', seconds: undefined },
    ]);
  });
});

describe('the verdict of a run', () => {
  const plan = planOf('name: s\nblueprint_goals: [G-2]\nworkload: {type: standard}\n');
  const judged = { faults: [], steps: [], goals: [], problems: [], missedLoad: undefined };
  const both = (memory?: MeasuredValue) => [cpu(1, 'pass'), ...(memory === undefined ? [] : [memory])];
  const memory: MeasuredValue = { name: 'memory_usage', value: 20, unit: 'MB', verdict: 'pass' };

  it('passes when every condition holds', () => {
    assert.deepEqual(verdictOf(plan, { ...judged, values: both(memory) }), {
      verdict: 'pass',
      reason: 'All 2 conditions hold.',
    });
  });

  it('is not-run about a limit that nothing measured', () => {
    assert.deepEqual(verdictOf(plan, { ...judged, values: both() }), {
      verdict: 'not-run',
      reason: 'memory_usage was not measured.',
    });
  });

  it('is inconclusive without its load, and fails for what the agent did beside its figures', () => {
    const values = both(memory);
    assert.match(
      verdictOf(plan, { ...judged, values, missedLoad: 'cpu 0.3 of 0.5 cores' }).reason,
      /^The load was not held: cpu/,
    );
    assert.equal(verdictOf(plan, { ...judged, values, problems: ['It hangs.'] }).verdict, 'fail');
  });

  it('is not-run where nothing is to be judged', () => {
    const empty = { ...plan, limits: [] };
    assert.equal(verdictOf(empty, { ...judged, values: [] }).verdict, 'not-run');
  });
});

describe('phases', () => {
  it('go forward only, may be left for tear down, and are told once', () => {
    const seen: string[] = [];
    const phases = new PhaseMachine((phase) => seen.push(phase));
    phases.enter('set up');
    phases.enter('start');
    phases.enter('start');
    assert.throws(() => phases.enter('set up'), /cannot go from "start" back/);
    phases.enter('tear down');
    assert.deepEqual(seen, ['set up', 'start', 'tear down']);
    assert.deepEqual(
      phases.spans.map(({ to }) => to !== undefined),
      [true, true, false],
    );
  });
});
