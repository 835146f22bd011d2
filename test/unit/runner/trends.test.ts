import assert from 'node:assert/strict';
import type { PlannedLimit } from '../../../src/core/model/scenarioPlan.ts';
import { trendsOf } from '../../../src/e2e/kpi/trends.ts';
import { analyseProfile } from '../../../src/e2e/profiling/analysis.ts';
import type { ResourceSample } from '../../../src/e2e/profiling/types.ts';

const LIMITS: readonly PlannedLimit[] = [{ kpi: 'cpu_usage', max: 2, unit: 'percent', goals: ['G-2'] }];
const ENVIRONMENT = {
  os: 'linux',
  kernel: '6.1',
  cpuModel: 'x',
  cores: 2,
  allottedCores: 2,
  memoryBytes: 8e9,
  cpuStepMs: 10,
};

/** Two samples a second as a run takes them; `cpu` in percent of a core and `memory` in MB at an hour of the window. */
function trends(
  hours: number,
  { cpu, memory, steal = 0 }: { cpu: (hour: number) => number; memory: (hour: number) => number; steal?: number },
) {
  let cpuMs = 0;
  const samples = Array.from({ length: hours * 7200 + 21 }, (_, index): ResourceSample => {
    const hour = (index - 20) / 7200;
    cpuMs += cpu(hour) * 5;
    const at = index * 500;
    return {
      at,
      processes: 1,
      threads: 8,
      cpuMs: Math.floor(cpuMs / 10) * 10,
      rss: memory(hour) * 1e6,
      stealMs: at * steal,
    };
  });
  const recording = { pid: 1, hz: 2, startedAt: '', environment: ENVIRONMENT, samples, end: undefined };
  return trendsOf('agent', analyseProfile(recording), LIMITS).map(({ seconds, figure, beside, reason }) => ({
    seconds,
    verdict: `${figure.name} ${figure.verdict}`,
    n: figure.n,
    figure: Number(figure.value.toPrecision(2)),
    unit: figure.unit,
    beside: beside.map(({ name, value, unit, n }) => `${name} ${value.toPrecision(2)} ${unit} n=${n}`),
    reason,
  }));
}

describe('what a soak says about memory and CPU', () => {
  it('is a pass for both over a day that stays level, the warm-up left out', () => {
    const level = { cpu: (hour: number) => (hour < 0 ? 90 : 0.7), memory: (hour: number) => (hour < 0 ? 90 : 50) };
    const [memory, cpu] = trends(24, level);
    assert.deepEqual(
      [memory?.verdict, memory?.figure, memory?.unit, memory?.seconds],
      ['memory_usage.growth pass', 0, 'MB', 86_400],
    );
    assert.deepEqual([cpu?.verdict, cpu?.unit, cpu?.n], ['cpu_usage.drift pass', 'percent per day', 172_801]);
    assert.match(cpu?.beside[0] ?? '', /^cpu_usage\.slope \S+ percent per hour n=120$/);
  });

  it('fails memory that leaks and CPU that drifts, each by itself', () => {
    const [memory, cpu] = trends(2, { cpu: (hour) => 0.7 + 0.1 * hour, memory: (hour) => 50 + 3 * hour });
    assert.deepEqual([memory?.verdict, memory?.figure], ['memory_usage.growth fail', 6]);
    assert.deepEqual(
      [cpu?.verdict, cpu?.figure, cpu?.beside],
      ['cpu_usage.drift fail', 2.4, ['cpu_usage.slope 0.10 percent per hour n=120']],
    );
  });

  it('is open about CPU where the hypervisor took too much of the machine', () => {
    const drifting = { cpu: (hour: number) => 0.7 + 0.1 * hour, memory: () => 50 };
    const stolen = trends(2, { ...drifting, steal: 0.2 });
    assert.deepEqual(
      stolen.map(({ verdict }) => verdict),
      ['memory_usage.growth pass', 'cpu_usage.drift inconclusive'],
    );
    assert.match(stolen[1]?.reason ?? '', /The hypervisor took 10\.0 percent of the machine\.$/);
  });

  it('is open about both in less than an hour: a heap that fills grows like one that leaks', () => {
    const [memory, cpu] = trends(0.5, { cpu: (hour) => 0.7 + hour, memory: (hour) => 50 + 90 * hour });
    assert.equal(memory?.verdict, 'memory_usage.growth inconclusive');
    assert.match(
      memory?.reason ?? '',
      /does not settle\. 1800 s are too short to tell a leak from a heap that fills; 3600 s/,
    );
    assert.deepEqual([cpu?.verdict, cpu?.beside], ['cpu_usage.drift inconclusive', []]);
  });

  it('says nothing without a recording', () => assert.deepEqual(trendsOf('agent', undefined, LIMITS), []));
});
