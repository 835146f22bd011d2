import assert from 'node:assert/strict';
import { HumanError } from '../../../src/core/base/errors.ts';
import { WORKLOADS } from '../../../src/core/model/scenario.ts';
import { planDigest } from '../../../src/e2e/workload/driver.ts';
import { askedAt, boundMemory, peakMemory } from '../../../src/e2e/workload/plan.ts';
import { churnedProcess, planWorkload } from '../../../src/e2e/workload/planner.ts';

const MB = 1024 * 1024;
const plan = (type: string, params: Record<string, unknown> = {}, seed = 1) =>
  planWorkload({ type, params, seed, durationMs: 60_000 });

describe('workload planner', () => {
  for (const type of WORKLOADS) {
    it(`${type}: one seed gives one plan, another seed another`, () => {
      assert.equal(planDigest(plan(type)), planDigest(plan(type)));
      assert.notEqual(planDigest(plan(type, {}, 2)), planDigest(plan(type)));
    });
  }

  it('standard: 500 processes whose shares add up to what was asked', () => {
    const standard = plan('standard', { pids: 500, cpu_cores: 0.5, memory_mb: 1024, duration_minutes: 10 });
    const asked = askedAt(standard, standard.rampMs);
    assert.equal(asked.live, 500);
    assert.ok(Math.abs(asked.cpu - 500) < 1, `${asked.cpu} ms a second`);
    assert.ok(asked.rss <= 1024 * MB && asked.rss > 1000 * MB, `${asked.rss / MB} MB`);
    assert.equal(new Set(standard.processes.map((one) => one.name)).size, 500);
  });

  it('standard: a quarter of the processes carries 95 % of the CPU, the largest are not the first', () => {
    const shares = plan('standard').processes.map((one) => one.cpu);
    const sorted = [...shares].sort((a, b) => b - a);
    const sum = (list: readonly number[]) => list.reduce((total, share) => total + share, 0);
    assert.ok(sum(sorted.slice(0, 125)) > 0.95 * sum(sorted));
    assert.notDeepEqual(shares, sorted);
  });

  it('high_pid_churn: the heavy hitters change and their sum does not', () => {
    const churn = plan('high_pid_churn', { rotate_seconds: 10 });
    const largest = (ms: number) =>
      churn.processes
        .map((one) => ({ id: one.id, cpu: one.changes.findLast((change) => change.at <= ms)?.cpu ?? one.cpu }))
        .sort((a, b) => b.cpu - a.cpu)[0]?.id;
    assert.notEqual(largest(5000), largest(15_000));
    assert.ok(Math.abs(askedAt(churn, 5000).cpu - askedAt(churn, 55_000).cpu) < 0.001);
  });

  it('high_pid_churn: each short-lived process can be foretold', () => {
    const churn = plan('high_pid_churn', { pids_per_second: 2000, lifetime_min_ms: 20, lifetime_max_ms: 40 });
    assert.equal(churnedProcess(churn, 1999).at, 1000 + 1000);
    for (let i = 0; i < 100; i++) {
      const { lifetimeMs, name } = churnedProcess(churn, i);
      assert.ok(lifetimeMs >= 20 && lifetimeMs <= 40);
      assert.match(name, /^job-\d{1,2}$/);
    }
  });

  it('memory_pressure: grows by steps to what was asked and then stays', () => {
    const pressure = plan('memory_pressure', { memory_mb: 512, steps: 4, grow_seconds: 4, hogs: 2 });
    const hogs = (ms: number) =>
      Math.round((askedAt(pressure, ms).rss - askedAt(plan('memory_pressure', { memory_mb: 16 }), 0).rss) / MB);
    assert.ok(hogs(1000) < hogs(3000) && hogs(3000) < hogs(60_000));
    assert.ok(peakMemory(pressure) / MB > 512 && peakMemory(pressure) / MB < 512 + 70);
  });

  it('memory is bounded by the machine, every process in proportion', () => {
    const pressure = plan('memory_pressure', { memory_mb: 4096 });
    const { plan: bounded, bounded: was } = boundMemory(pressure, 512 * MB);
    assert.equal(was, true);
    assert.ok(peakMemory(bounded) <= 513 * MB, `${peakMemory(bounded) / MB} MB`);
    assert.equal(bounded.processes.length, pressure.processes.length);
    assert.deepEqual(boundMemory(plan('standard'), 64 * 1024 * MB), { plan: plan('standard'), bounded: false });
  });

  it('cpu_spikes: calm, then the asked cores on top, then calm', () => {
    const spikes = plan('cpu_spikes', { cpu_cores: 0.2, spike_cores: 0.8, period_seconds: 10, spike_seconds: 3 });
    const cores = (ms: number) => askedAt(spikes, ms).cpu / 1000;
    assert.ok(Math.abs(cores(2000) - 0.2) < 0.01);
    assert.ok(cores(7000) > 0.8 && cores(7000) <= 1);
    assert.ok(Math.abs(cores(10_000) - 0.2) < 0.01);
  });

  it('high_cardinality: new names all the time, hardly one twice', () => {
    const names = new Set(Array.from({ length: 1000 }, (_, i) => churnedProcess(plan('high_cardinality'), i).name));
    assert.ok(names.size > 990, `${names.size} names`);
  });

  const refused = (act: () => unknown, code: string, message: RegExp) =>
    assert.throws(
      act,
      (error: unknown) => error instanceof HumanError && error.code === code && message.test(error.message),
    );

  it('an unknown workload names the known ones', () => {
    refused(() => plan('fork_bomb'), 'workload.unknown', /fork_bomb/);
    refused(() => plan('constructor'), 'workload.unknown', /constructor/);
  });

  it('an unknown or impossible parameter is refused', () => {
    refused(() => plan('standard', { pidz: 500 }), 'workload.unknown-param', /"pidz"/);
    refused(() => plan('standard', { pids: 0 }), 'workload.bad-param', /pids/);
    refused(() => plan('standard', { pids: '500' }), 'workload.bad-param', /pids/);
    refused(() => plan('high_pid_churn', { pids_per_second: 1e9 }), 'workload.bad-param', /pids_per_second/);
    refused(() => planWorkload({ type: 'standard', seed: -1, durationMs: 1 }), 'workload.bad-seed', /-1/);
  });
});
