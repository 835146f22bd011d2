import assert from 'node:assert/strict';
import { averageCpu, type LoadPoint, loadBetween } from '../../../src/e2e/workload/load.ts';
import { askedAt } from '../../../src/e2e/workload/plan.ts';
import { planWorkload } from '../../../src/e2e/workload/planner.ts';

const BEGAN = 1_000_000;
const churn = planWorkload({ type: 'high_pid_churn', seed: 1, durationMs: 60_000 });

/** One point a second from 2 s on, with `rate` new processes a second. */
function points(rate: (second: number) => number, change: Partial<LoadPoint> = {}): LoadPoint[] {
  let churned = 0;
  return Array.from({ length: 6 }, (_, second) => {
    churned += rate(second);
    const asked = askedAt(churn, 2000);
    return {
      at: BEGAN + 2000 + second * 1000,
      live: 260,
      planned: 200,
      started: churned + 200,
      ended: churned,
      churned,
      names: 100,
      loadCpuMs: second * 250,
      churnCpuMs: second * 60,
      generatorCpuMs: second * 60,
      rss: asked.rss,
      lateMs: 3,
      relieved: 0,
      availableMb: 8000,
      ...change,
    };
  });
}
const window = { began: BEGAN, from: BEGAN + 2000, to: BEGAN + 7000 };

describe('load asked and achieved', () => {
  it('a rate that was kept holds, with the figure of the workload first', () => {
    const report = loadBetween(
      churn,
      points(() => 1990),
      window,
    );
    assert.deepEqual(report.figures[0], {
      name: 'new_processes',
      unit: 'processes/s',
      asked: 2000,
      achieved: 1990,
      worst: 1990,
      held: true,
    });
    assert.equal(report.held, true);
    assert.equal(report.generatorCores, 0.06);
    assert.deepEqual([report.loadCores, report.churnCores], [0.25, 0.06]);
    assert.equal(report.seconds, 5);
  });

  it('6 % below is not held, and neither is 6 % above', () => {
    assert.equal(
      loadBetween(
        churn,
        points(() => 1880),
        window,
      ).held,
      false,
    );
    assert.equal(
      loadBetween(
        churn,
        points(() => 2120),
        window,
      ).held,
      false,
    );
  });

  it('the worst second is told', () => {
    const report = loadBetween(
      churn,
      points((second) => (second === 3 ? 1700 : 2000)),
      window,
    );
    assert.equal(report.figures[0]?.worst, 1700);
    assert.equal(report.figures[0]?.achieved, 1940);
  });

  it('missing live processes or missing memory are not held', () => {
    assert.equal(
      loadBetween(
        churn,
        points(() => 2000, { planned: 180 }),
        window,
      ).held,
      false,
    );
    assert.equal(
      loadBetween(
        churn,
        points(() => 2000, { rss: 1000 }),
        window,
      ).held,
      false,
    );
  });

  it('a window without two points holds nothing: no data is not a held load', () => {
    assert.equal(loadBetween(churn, [], window).held, false);
    assert.equal(
      loadBetween(
        churn,
        points(() => 2000),
        { ...window, to: window.from },
      ).held,
      false,
    );
  });

  it('the asked CPU of a window is an average over its spikes', () => {
    const spikes = planWorkload({
      type: 'cpu_spikes',
      seed: 1,
      durationMs: 60_000,
      params: { cpu_cores: 0.2, spike_cores: 0.8, spike_processes: 1 },
    });
    const calm = averageCpu(spikes, 2000, 5000);
    const mixed = averageCpu(spikes, 2000, 12_000);
    assert.ok(Math.abs(calm - 200) < 1);
    assert.ok(mixed > calm + 0.3 * 780 && mixed < calm + 0.3 * 801, `${mixed}`);
  });
});
