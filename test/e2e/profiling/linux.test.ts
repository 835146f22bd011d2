import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import {
  type AccountingGroup,
  makeAccountingGroup,
  planAccountingGroup,
} from '../../../src/e2e/profiling/linux/cgroup.ts';
import { LinuxSampler } from '../../../src/e2e/profiling/linux/sampler.ts';
import { macosSampler } from '../../../src/e2e/profiling/macos.ts';
import { profileProcess } from '../../../src/e2e/profiling/profile.ts';
import { recordProfile } from '../../../src/e2e/profiling/recorder.ts';
import { readRecording } from '../../../src/e2e/profiling/recording.ts';
import type { ResourceSample } from '../../../src/e2e/profiling/types.ts';
import { inFolder } from '../../support/oracleHarness.ts';

/** Forks, burns a few milliseconds in each child and waits for it, for some tenths of a second of CPU in all. */
const FORKS =
  'i=0; while [ $i -lt 60 ]; do (j=0; while [ $j -lt 15000 ]; do j=$((j+1)); done); i=$((i+1)); done; echo done; read done';
const NO_PROCESS = 2 ** 30;

/** Runs `use` beside a shell that waits for a line before it starts `script`; the shell's whole group is gone afterwards. */
async function beside<T>(
  script: string,
  use: (shell: ChildProcess, pid: number, start: () => void) => Promise<T>,
): Promise<T> {
  const shell = spawn('sh', ['-c', `read go; ${script}`], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  const pid = shell.pid ?? assert.fail('sh did not start');
  try {
    return await use(shell, pid, () => shell.stdin?.write('\n'));
  } finally {
    killGroup(pid);
    if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}

async function sampled(sampler: LinuxSampler): Promise<ResourceSample> {
  return (await sampler.sample()) ?? assert.fail('the tree is gone');
}

/** Samples until `enough` holds. */
async function until(sampler: LinuxSampler, enough: (sample: ResourceSample) => boolean): Promise<ResourceSample> {
  for (;;) {
    const sample = await sampled(sampler);
    if (enough(sample)) return sample;
    await sleep(20);
  }
}

async function withSampler<T>(
  pid: number,
  use: (sampler: LinuxSampler) => Promise<T>,
  group?: AccountingGroup,
): Promise<T> {
  const sampler = new LinuxSampler(pid, group);
  try {
    return await use(sampler);
  } finally {
    await sampler.dispose();
  }
}

async function line(shell: ChildProcess): Promise<string> {
  const [output] = (await once(shell.stdout ?? assert.fail('sh has no output'), 'data')) as [Buffer];
  return output.toString().trim();
}

if (process.platform === 'linux') {
  describe('profiling on Linux', function () {
    this.timeout(60_000);

    it('counts children that come and go, and agrees with the cgroup where one is allowed', () =>
      beside(FORKS, async (shell, pid, start) => {
        const plan = planAccountingGroup(pid, `infrabuilder-test-${pid}`);
        const group = plan === undefined ? undefined : await makeAccountingGroup(plan, [pid]);
        try {
          const {
            cpuMs,
            group: counted,
            processes,
          } = await withSampler(
            pid,
            async (sampler) => {
              await sampled(sampler);
              start();
              let done = false;
              const finished = line(shell).then(() => {
                done = true;
              });
              while (!done) {
                await sampled(sampler);
                await sleep(20);
              }
              await finished;
              return sampled(sampler);
            },
            group,
          );
          assert.ok(cpuMs > 100, `${cpuMs} ms`);
          assert.equal(processes, 1);
          if (counted !== undefined) {
            const apart = Math.abs(cpuMs - counted.cpuMs);
            // 60 children end with time below one clock step; the kernel keeps it, but not to the microsecond.
            assert.ok(apart < 20 + 0.05 * counted.cpuMs, `tree ${cpuMs} ms, cgroup ${counted.cpuMs} ms`);
          }
        } finally {
          await group?.remove();
        }
        if (plan !== undefined) assert.equal(existsSync(plan.folder), false, 'no cgroup is left');
      }));

    it('keeps a daemon whose parent ended, and its CPU after it was killed', () =>
      beside('(sh -c "while :; do :; done" & echo $!) ; read done', (shell, pid, start) =>
        withSampler(pid, async (sampler) => {
          await sampled(sampler);
          start();
          const daemon = Number(await line(shell));
          const busy = await until(sampler, ({ cpuMs, processes }) => processes === 2 && cpuMs >= 100);
          assert.notEqual(
            readFileSync(`/proc/${daemon}/stat`, 'utf8').split(' ')[3],
            String(pid),
            'its parent is another',
          );
          process.kill(daemon, 'SIGKILL');
          const after = await until(sampler, ({ processes }) => processes === 1);
          assert.ok(after.cpuMs >= busy.cpuMs);
        }),
      ));

    it('reads memory: resident, proportional and peak, of a process with a name full of brackets', () =>
      inFolder(async (root) => {
        const program = join(root, 'a) R 1 (b');
        copyFileSync('/bin/sleep', program);
        const child = spawn(program, ['60']);
        try {
          await once(child, 'spawn');
          const sample = await withSampler(child.pid ?? 0, sampled);
          assert.deepEqual([sample.processes, sample.threads], [1, 1]);
          assert.ok(sample.rss > 0 && (sample.peakRss ?? 0) > 0, JSON.stringify(sample));
          assert.ok((sample.pss ?? 0) > 0 && (sample.pss ?? 0) <= (sample.peakRss ?? 0), JSON.stringify(sample));
          assert.ok((sample.stealMs ?? -1) >= 0 && (sample.load ?? -1) >= 0);
        } finally {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }));

    it('says what the figures must be read with', () => {
      const { environment } = new LinuxSampler(process.pid);
      assert.ok(environment.cpuStepMs > 0 && environment.cpuStepMs <= 10);
      assert.ok(environment.allottedCores > 0 && environment.allottedCores <= environment.cores);
      assert.equal(environment.os, 'linux');
      assert.notEqual(environment.kernel, '');
    });

    it('takes no cgroup figure once the process was moved elsewhere', () =>
      beside('read done', async (_, pid) => {
        const plan = planAccountingGroup(pid, `infrabuilder-test-${pid}`);
        const group: AccountingGroup | undefined = plan && (await makeAccountingGroup(plan, [pid]));
        const other =
          plan &&
          (await makeAccountingGroup({ ...plan, folder: `${plan.folder}-other` }, group === undefined ? [] : [pid]));
        try {
          assert.equal(group?.read(), undefined);
        } finally {
          await other?.remove();
          await group?.remove();
        }
      }));
  });
}

if (['/bin/ps', '/usr/bin/ps'].some((file) => existsSync(file))) {
  describe('profiling by ps, as on macOS', () => {
    it('finds a process and what it started', () =>
      beside('sleep 60 & echo started; read done', async (shell, pid, start) => {
        start();
        await line(shell);
        const sample = await macosSampler(pid).sample();
        assert.equal(sample?.processes, 2);
        assert.ok((sample?.rss ?? 0) > 0);
        assert.equal(await macosSampler(NO_PROCESS).sample(), undefined);
      }));
  });
}

describe('profiling: recording a process', function () {
  this.timeout(60_000);

  it('ends with the process, and every sample is in the file', () =>
    inFolder((root) =>
      beside('sleep 0.4', async (_, pid, start) => {
        const file = join(root, 'deep', 'profile.jsonl');
        const seen: number[] = [];
        start();
        const { end, analysis } = await profileProcess({
          pid,
          file,
          hz: 10,
          warmUpMs: 0,
          onSample: ({ at }) => seen.push(at),
        });
        assert.equal(end.reason, 'gone');
        assert.equal(end.samples, seen.length);
        const recording = await readRecording(file);
        assert.deepEqual(
          recording.samples.map(({ at }) => at),
          seen,
        );
        assert.deepEqual(recording.end, end);
        assert.equal(recording.pid, pid);
        assert.ok((analysis?.memory.rss.max ?? 0) > 0);
      }),
    ));

  it('ends when it is told to, and after its time', () =>
    inFolder((root) =>
      beside('read done', async (_, pid) => {
        const request = { pid, file: join(root, 'p.jsonl'), hz: 10 };
        const controller = new AbortController();
        const onSample = () => controller.abort();
        const stopped = await profileProcess({ ...request, signal: controller.signal, onSample });
        assert.deepEqual([stopped.end.reason, stopped.end.samples, stopped.analysis], ['stopped', 1, undefined]);
        assert.equal((await profileProcess({ ...request, durationMs: 250 })).end.reason, 'duration');
      }),
    ));

  it('refuses a pid that nobody has, a rate that is too high, and a file that cannot be written', () =>
    inFolder((root) =>
      beside('read done', async (_, pid) => {
        const file = join(root, 'p.jsonl');
        const code = (expected: string, type: typeof HumanError) => (error: unknown) =>
          error instanceof type && error.code === expected;
        await assert.rejects(profileProcess({ pid: NO_PROCESS, file, hz: 1 }), code('profile.no-process', HumanError));
        assert.equal(existsSync(file), false, 'nothing half-written');
        await assert.rejects(profileProcess({ pid, file, hz: 11 }), code('profile.rate', HumanError));
        await assert.rejects(
          profileProcess({ pid, file: root, hz: 1 }),
          code('profile.cannot-write', EnvironmentError),
        );
        if (process.platform === 'linux') {
          const full = withSampler(pid, (sampler) => recordProfile(sampler, { pid, file: '/dev/full', hz: 1 }));
          await assert.rejects(full, code('profile.cannot-write', EnvironmentError));
        }
      }),
    ));
});
