import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';

const WINDOWS = process.platform === 'win32';
const LINUX = process.platform === 'linux';

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
    return (canSignal(-this.#pid) && hasGroupMember(this.#pid)) || this.#marked().length > 0;
  }

  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (WINDOWS) await execa('taskkill', ['/PID', String(this.#pid), '/T', '/F'], { reject: false, windowsHide: true });
    else this.signalNow(name);
  }

  /** As `signal`, for a moment when nothing can be awaited. */
  signalNow(name: 'SIGTERM' | 'SIGKILL'): void {
    send(WINDOWS ? this.#pid : -this.#pid, name);
    for (const pid of LINUX ? this.#marked() : []) send(pid, name);
  }

  #marked(): number[] {
    return processIds().filter(
      (pid) => pid !== process.pid && readProc(pid, 'environ').split('\0').includes(this.#marker),
    );
  }
}

function hasGroupMember(group: number): boolean {
  return processIds().some((pid) => {
    const stat = readProc(pid, 'stat');
    // The name is in brackets and may hold spaces and brackets itself: the fields begin after the last one.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(processGroup) === group && state !== 'Z' && state !== 'X';
  });
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
