import { readdirSync, readFileSync } from 'node:fs';

const WINDOWS = process.platform === 'win32';
const LINUX = process.platform === 'linux';

/** The parent of all kernel threads. */
const KTHREADD = 2;

/** Carries the id of a run to all descendants, also to those that left the process group. */
export const RUN_MARKER = 'INFRABUILDER_RUN';

/**
 * What one started program has grown into: its process group and, on Linux, every process that inherited the marker
 * (`setsid` leaves the group but keeps the environment).
 */
export class ProcessTree {
  readonly #pid: number;
  readonly #marker: string;

  constructor(pid: number, run: string) {
    this.#pid = pid;
    this.#marker = `${RUN_MARKER}=${run}`;
  }

  /** Processes that still run; a zombie does not. On Windows only the started program itself is known. */
  alive(): boolean {
    if (WINDOWS) return canSignal(this.#pid);
    if (!LINUX) return canSignal(-this.#pid);
    if (canSignal(-this.#pid) && hasGroupMember(this.#pid)) return true;
    return processIds().some((pid) => {
      const environ = readProc(pid, 'environ');
      return environ === '' ? isStarting(pid) : this.#isMarked(pid, environ);
    });
  }

  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!WINDOWS) return this.signalNow(name);
    const { execa } = await import('execa');
    await execa('taskkill', ['/PID', String(this.#pid), '/T', '/F'], { reject: false, windowsHide: true });
  }

  /** As `signal`, for a moment when nothing can be awaited. */
  signalNow(name: 'SIGTERM' | 'SIGKILL'): void {
    send(WINDOWS ? this.#pid : -this.#pid, name);
    for (const pid of LINUX ? processIds() : []) {
      if (this.#isMarked(pid, readProc(pid, 'environ'))) send(pid, name);
    }
  }

  #isMarked(pid: number, environ: string): boolean {
    return pid !== process.pid && environ.split('\0').includes(this.#marker);
  }
}

function hasGroupMember(group: number): boolean {
  return processIds().some((pid) => {
    const { state, processGroup } = statOf(pid);
    return processGroup === group && state !== 'Z' && state !== 'X';
  });
}

/**
 * For a process without an environment. In the middle of exec it shows no arguments either: whose it is will be seen a
 * moment later.
 */
function isStarting(pid: number): boolean {
  const { state, parent } = statOf(pid);
  const isKernelThread = parent === KTHREADD || pid === KTHREADD;
  return state !== '' && state !== 'Z' && state !== 'X' && !isKernelThread && readProc(pid, 'cmdline') === '';
}

function statOf(pid: number): { state: string; parent: number; processGroup: number } {
  const stat = readProc(pid, 'stat');
  // The name is in brackets and may hold spaces and brackets itself: the fields begin after the last one.
  const [state = '', parent, processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent), processGroup: Number(processGroup) };
}

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Empty for a process that has gone or belongs to somebody else. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
