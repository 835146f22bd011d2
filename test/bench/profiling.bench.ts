import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { makeAccountingGroup, planAccountingGroup } from '../../src/e2e/profiling/linux/cgroup.ts';
import { LinuxSampler } from '../../src/e2e/profiling/linux/sampler.ts';
import type { ResourceSample } from '../../src/e2e/profiling/types.ts';

const COMPARE_MS = 30_000;
const OVERHEAD_MS = 10_000;
const PROCESSES = 500;

const LOOP = 'j=0; while [ $j -lt 3000 ]; do j=$((j+1)); done';

/** What the subject does, and a share of a core that it takes. */
const SUBJECTS: Readonly<Record<string, string>> = {
  'one process, steady': `while :; do ${LOOP}; sleep 0.05; done`,
  'short-lived children, waited for': `while :; do (${LOOP}); sleep 0.02; done`,
  'double forks, nobody waits': `while :; do ( (${LOOP}) & ); sleep 0.05; done`,
};

if (process.platform !== 'linux') {
  console.log('profiling: this benchmark needs Linux.');
} else {
  for (const [name, script] of Object.entries(SUBJECTS)) {
    await beside(script, (pid) => compare(name, pid));
  }
  await overhead();
}

/** CPU by process tree against the cgroup's count, over the same samples. */
async function compare(name: string, pid: number): Promise<void> {
  const plan = planAccountingGroup(pid, `infrabuilder-bench-${pid}`);
  const group = plan === undefined ? undefined : await makeAccountingGroup(plan, [pid]);
  try {
    const peerBefore = (await pidusage(pid)).ctime;
    const { first, last, cpuMs } = await watch(new LinuxSampler(pid, group), 1, COMPARE_MS);
    const peer = (await pidusage(pid)).ctime - peerBefore;
    const tree = last.cpuMs - first.cpuMs;
    const seconds = (last.at - first.at) / 1000;
    const usage = `${((tree / seconds) * 0.1).toFixed(2)} % of a core, sampler ${((cpuMs / seconds) * 0.1).toFixed(2)} %`;
    if (first.group === undefined || last.group === undefined) {
      console.log(`profiling: ${name}: ${usage}; no cgroup is allowed here`);
      return;
    }
    const counted = last.group.cpuMs - first.group.cpuMs;
    const error = (ms: number): string => `${(((ms - counted) / counted) * 100).toFixed(2)} %`;
    console.log(
      `profiling: ${name}: ${usage}; cgroup ${counted.toFixed(0)} ms; ours ${tree.toFixed(0)} ms, off by ${error(tree)}; pidusage ${peer.toFixed(0)} ms, off by ${error(peer)}`,
    );
  } finally {
    await group?.remove();
  }
}

/** What sampling costs with 500 processes on the machine, and with 500 in the tree. */
async function overhead(): Promise<void> {
  const crowd = `i=0; while [ $i -lt ${PROCESSES} ]; do sleep 120 & i=$((i+1)); done; wait`;
  await beside(crowd, (pid) =>
    beside('sleep 120', async (single) => {
      await sleep(3000);
      for (const hz of [1, 10]) {
        for (const [what, root] of [
          ['one process beside 500 others', single],
          ['a tree of 500', pid],
        ] as const) {
          const { first, last, cpuMs } = await watch(new LinuxSampler(root), hz, OVERHEAD_MS);
          const share = ((cpuMs / (last.at - first.at)) * 100).toFixed(2);
          console.log(`profiling: ${what} (${last.processes} followed), ${hz} Hz: ${share} % of a core`);
        }
      }
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
      console.log(`profiling: the same tree by pidusage, 1 Hz: ${await peerShare([pid, ...children])} % of a core`);
    }),
  );
}

/** What pidusage costs for the same processes, in percent of a core. */
async function peerShare(pids: number[]): Promise<string> {
  const started = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - started < OVERHEAD_MS) {
    await pidusage(pids);
    await sleep(1000);
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 10 / (performance.now() - started)).toFixed(2);
}

/** `cpuMs`: CPU of this process meanwhile. */
async function watch(
  sampler: LinuxSampler,
  hz: number,
  windowMs: number,
): Promise<{ first: ResourceSample; last: ResourceSample; cpuMs: number }> {
  const first = await taken(sampler);
  const before = process.cpuUsage();
  let last = first;
  while (last.at - first.at < windowMs) {
    await sleep(1000 / hz);
    last = await taken(sampler);
  }
  const { user, system } = process.cpuUsage(before);
  await sampler.dispose();
  return { first, last, cpuMs: (user + system) / 1000 };
}

async function taken(sampler: LinuxSampler): Promise<ResourceSample> {
  const sample = await sampler.sample();
  if (sample === undefined) throw new Error('The subject of the benchmark is gone.');
  return sample;
}

async function beside(script: string, use: (pid: number) => Promise<void>): Promise<void> {
  const shell: ChildProcess = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  await once(shell, 'spawn');
  const pid = shell.pid ?? 0;
  try {
    await use(pid);
  } finally {
    process.kill(-pid, 'SIGKILL');
    if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
  }
}
