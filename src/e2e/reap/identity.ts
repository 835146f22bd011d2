import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that cannot be mistaken for a later one with the same number. `start` is compared as text only. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

/** The variable that every process of a run inherits, so that strays can be told from strangers. */
export const RUN_VARIABLE = 'INFRABUILDER_E2E_RUN';

/** Who holds `pid` now; undefined when nobody does. A zombie holds nothing and counts as gone. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : { pid, start: stat.start };
  }
  const [program, ...args] =
    process.platform === 'win32'
      ? ['powershell', '-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]
      : ['ps', '-o', 'lstart=', '-p', String(pid)];
  try {
    const { stdout } = await run(program ?? 'ps', args, { windowsHide: true });
    const start = stdout.trim();
    return start === '' ? undefined : { pid, start };
  } catch {
    return undefined;
  }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.start === identity.start;
}

export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly start: string;
}

/** Fields of `/proc/<pid>/stat`, split behind the last `)` because a name may hold anything. Linux only. */
export async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (text === undefined) return undefined;
  const [state = '', parent, group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent), group: Number(group), start: rest[16] ?? '' };
}

/** Numbers of all processes whose environment names `run`. Empty where there is no /proc. */
export async function processesOfRun(run: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [] as string[]);
  const mark = `${RUN_VARIABLE}=${run}\0`;
  const found: number[] = [];
  for (const name of entries) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
    if (environment.startsWith(mark) || environment.includes(`\0${mark}`)) found.push(Number(name));
  }
  return found;
}
