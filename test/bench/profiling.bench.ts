import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeAccountingGroup, planAccountingGroup } from '../../src/e2e/profiling/linux/cgroup.ts';
import { LinuxSampler } from '../../src/e2e/profiling/linux/sampler.ts';
import type { ResourceSample } from '../../src/e2e/profiling/types.ts';

const WINDOW_MS = 15_000;
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
    for (const hz of [1, 10]) await beside(script, (pid) => compare(name, pid, hz));
  }
  await overhead();
}

/** CPU by process tree against the cgroup's count, over the same samples. */
async function compare(name: string, pid: number, hz: number): Promise<void> {
  const plan = planAccountingGroup(pid, `infrabuilder-bench-${pid}`);
  const group = plan === undefined ? undefined : await makeAccountingGroup(plan, [pid]);
  try {
    const { first, last, cpuMs } = await watch(new LinuxSampler(pid, group), hz);
    const tree = last.cpuMs - first.cpuMs;
    const seconds = (last.at - first.at) / 1000;
    const usage = `${((tree / seconds) * 0.1).toFixed(2)} % of a core, sampler ${((cpuMs / seconds) * 0.1).toFixed(2)} %`;
    if (first.group === undefined || last.group === undefined) {
      console.log(`profiling: ${name}, ${hz} Hz: ${usage}; no cgroup is allowed here`);
      return;
    }
    const counted = last.group.cpuMs - first.group.cpuMs;
    const error = ((tree - counted) / counted) * 100;
    console.log(
      `profiling: ${name}, ${hz} Hz: ${usage}; tree ${tree.toFixed(0)} ms, cgroup ${counted.toFixed(0)} ms, ${error.toFixed(2)} %`,
    );
  } finally {
    await group?.remove();
  }
}

/** What sampling costs with 500 processes on the machine, and with 500 in the tree. */
async function overhead(): Promise<void> {
  const crowd = `i=0; while [ $i -lt ${PROCESSES} ]; do sleep 120 & i=$((i+1)); done; wait`;
  await beside(crowd, async (pid) => {
    await sleep(3000);
    for (const hz of [1, 10]) {
      for (const [what, root] of [
        ['one process among 500', process.pid],
        ['a tree of 500', pid],
      ] as const) {
        const { last, cpuMs } = await watch(new LinuxSampler(root), hz);
        const share = ((cpuMs / last.at) * 100).toFixed(2);
        console.log(`profiling: ${what} (${last.processes} followed), ${hz} Hz: ${share} % of a core`);
      }
    }
  });
}

/** `cpuMs`: CPU of this process meanwhile. */
async function watch(
  sampler: LinuxSampler,
  hz: number,
): Promise<{ first: ResourceSample; last: ResourceSample; cpuMs: number }> {
  const first = await taken(sampler);
  const before = process.cpuUsage();
  let last = first;
  for (let beat = 1; last.at - first.at < WINDOW_MS; beat += 1) {
    await sleep(1000 / hz);
    last = await taken(sampler);
  }
  const { user, system } = process.cpuUsage(before);
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
