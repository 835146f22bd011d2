import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesOfRun } from '../../src/e2e/reap/identity.ts';
import { Journal } from '../../src/e2e/reap/journal.ts';

let count = 0;

/** A folder and a journal for one test; `close` gives all back and says what the journal still owed. */
export async function sandbox() {
  const folder = await mkdtemp(join(tmpdir(), 'infrabuilder-test-'));
  const journal = await Journal.create(join(folder, 'journal'), `t${process.pid}-${++count}`);
  return {
    folder,
    journal,
    path: (name: string) => join(folder, name),
    async close() {
      const repair = await journal.close();
      await rm(folder, { recursive: true, force: true });
      return repair;
    },
  };
}
export type Sandbox = Awaited<ReturnType<typeof sandbox>>;

/** What a run could leave behind: processes with its mark, cgroups with its name. */
export async function leftovers(run: string): Promise<string[]> {
  const left = (await processesOfRun(run)).map((pid) => `process ${pid}`);
  for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu', '/sys/fs/cgroup/memory']) {
    const names = await readdir(root, { recursive: true }).catch(() => [] as string[]);
    left.push(...names.filter((name) => name.includes(`infrabuilder-${run}`)).map((name) => `cgroup ${root}/${name}`));
  }
  return [...new Set(left)];
}
