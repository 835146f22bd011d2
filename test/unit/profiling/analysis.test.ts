import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../../../src/core/base/errors.ts';
import { analyseProfile, resourceValues } from '../../../src/e2e/profiling/analysis.ts';
import { type Recording, readRecording } from '../../../src/e2e/profiling/recording.ts';
import type { ResourceSample } from '../../../src/e2e/profiling/types.ts';
import { inFolder } from '../../support/oracleHarness.ts';
import { jsonLines } from '../../support/replayFixture.ts';

const ENVIRONMENT = {
  os: 'linux',
  kernel: '6.1',
  cpuModel: 'x',
  cores: 2,
  allottedCores: 2,
  memoryBytes: 8e9,
  cpuStepMs: 10,
};

/** One sample a second: 20 ms of CPU each, 50 MB. */
function recording(
  seconds: number,
  change: (sample: ResourceSample, second: number) => ResourceSample = (same) => same,
): Recording {
  const samples = Array.from({ length: seconds + 1 }, (_, second) =>
    change({ at: second * 1000, processes: 1, threads: 8, cpuMs: second * 20, rss: 50e6 }, second),
  );
  return { pid: 1, hz: 1, startedAt: '', environment: ENVIRONMENT, samples, end: undefined };
}

function verdicts(of: Recording): string[] {
  return resourceValues(analyseProfile(of))
    .filter(({ name }) => name === 'cpu_usage' || name === 'memory_usage')
    .map(({ name, value, unit, verdict }) => `${name} ${value} ${unit} ${verdict ?? 'measured'}`);
}

describe('profiling: analysis', () => {
  it('takes CPU time by time in percent of one core, and the highest memory in MB', () => {
    assert.deepEqual(verdicts(recording(80, (sample, second) => ({ ...sample, rss: second === 40 ? 99e6 : 50e6 }))), [
      'cpu_usage 2 percent measured',
      'memory_usage 99 MB measured',
    ]);
  });

  it('leaves the warm-up out', () => {
    const busy = recording(80, (sample, second) => ({
      ...sample,
      cpuMs: sample.cpuMs + (second >= 5 ? 5000 : 0),
      rss: second < 10 ? 9e9 : 50e6,
    }));
    assert.deepEqual(verdicts(busy), ['cpu_usage 2 percent measured', 'memory_usage 50 MB measured']);
  });

  it('calls CPU inconclusive where the window is shorter than a minute, or the hypervisor took too much', () => {
    assert.equal(verdicts(recording(60))[0], 'cpu_usage 2 percent inconclusive');
    const stolen = recording(80, (sample) => ({ ...sample, stealMs: sample.at * 0.2 }));
    assert.equal(analyseProfile(stolen)?.stealPercent, 10);
    assert.equal(verdicts(stolen)[0], 'cpu_usage 2 percent inconclusive');
  });

  it('has no figure where nothing lies behind the warm-up', () => {
    assert.deepEqual(verdicts(recording(9)), []);
    assert.deepEqual(verdicts(recording(10)), [], 'one sample is no window');
  });

  it('prefers the cgroup where it was read all the time', () => {
    const grouped = (sample: ResourceSample) => ({
      ...sample,
      group: { cpuMs: sample.at * 0.03, throttledMs: sample.at / 100 },
    });
    const whole = analyseProfile(recording(80, grouped));
    assert.deepEqual([whole?.cpu.source, whole?.cpu.uncertainty, whole?.throttledMs], ['cgroup', 0, 700]);
    assert.ok(Math.abs((whole?.cpu.percent ?? 0) - 3) < 1e-9);
    const torn = analyseProfile(recording(80, (sample, second) => (second === 50 ? sample : grouped(sample))));
    assert.equal(torn?.cpu.source, 'process tree');
    assert.equal(torn?.cpu.percent, 2);
  });

  it('says how exact the clock allows it to be: half a step in 70 s', () => {
    assert.ok(Math.abs((analyseProfile(recording(80))?.cpu.uncertainty ?? 0) - 5 / 700) < 1e-9);
  });

  it('finds a leak and a spike', () => {
    const leaking = analyseProfile(recording(130, (sample, second) => ({ ...sample, rss: 50e6 + second * 2e5 })));
    assert.equal(leaking?.memory.leak.verdict, 'growing');
    const growth = (analysis: ReturnType<typeof analyseProfile>) =>
      resourceValues(analysis).find(({ name }) => name === 'memory_usage.growth');
    assert.deepEqual(growth(leaking), { name: 'memory_usage.growth', value: 24, unit: 'MB', n: 121, verdict: 'fail' });
    assert.deepEqual(growth(analyseProfile(recording(130))), {
      name: 'memory_usage.growth',
      value: 0,
      unit: 'MB',
      n: 121,
    });
    assert.equal(growth(analyseProfile(recording(60)))?.verdict, 'inconclusive', 'too short to tell');
    const spike = analyseProfile(
      recording(80, (sample, second) => ({ ...sample, cpuMs: sample.cpuMs + (second >= 30 ? 600 : 0) })),
    );
    assert.deepEqual(
      spike?.cpu.anomalies.map(({ at, value }) => [at, value]),
      [[30_000, 62]],
    );
  });

  it('reports the rest beside: PSS and peak where they were read, processes', () => {
    const analysis = analyseProfile(
      recording(80, (sample, second) => (second % 10 === 0 ? { ...sample, pss: 40e6, peakRss: 60e6 } : sample)),
    );
    const values = resourceValues(analysis).map(({ name, value }) => `${name} ${value}`);
    assert.ok(values.includes('memory_usage.pss 40') && values.includes('memory_usage.peak 60'), values.join());
    assert.equal(analysis?.processes.max, 1);
  });
});

describe('profiling: recordings', () => {
  const header = {
    type: 'profile',
    version: 1,
    pid: 7,
    hz: 1,
    startedAt: '2026-11-22T00:00:00.000Z',
    environment: ENVIRONMENT,
  };
  const samples = recording(2).samples.map((sample) => ({ type: 'sample', ...sample }));
  const end = { type: 'end', reason: 'gone', samples: 3, missed: 0 };

  const read = (text: string) =>
    inFolder(async (root) => {
      await writeFile(join(root, 'p.jsonl'), text);
      return readRecording(join(root, 'p.jsonl'));
    });
  const refused = (message: RegExp) => (error: unknown) => error instanceof HumanError && message.test(error.message);

  it('comes back as it was written', async () => {
    const back = await read(jsonLines([header, ...samples, end]));
    assert.deepEqual(back.samples, recording(2).samples);
    assert.deepEqual(back.end, { reason: 'gone', samples: 3, missed: 0 });
    assert.deepEqual(back.environment, ENVIRONMENT);
  });

  it('counts up to where the recorder was killed', async () => {
    const back = await read(jsonLines([header, ...samples]).slice(0, -20));
    assert.deepEqual([back.samples.length, back.end], [2, undefined]);
  });

  it('names the line that is none', async () => {
    await assert.rejects(
      read(jsonLines([header, { type: 'sample', at: -1 }, end])),
      refused(/line 2 is no line of a profile/),
    );
    await assert.rejects(read(jsonLines(samples)), refused(/line 1 comes before the header/));
    await assert.rejects(read(jsonLines([{ ...header, version: 9 }])), refused(/line 1 is no line of a profile/));
    await assert.rejects(read(''), refused(/line 1 is missing/));
  });
});
