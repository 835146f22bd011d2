import type { Files, ProcessResult } from '../ports.ts';

export const LOG_FOLDER = '.infrabuilder/logs';
const KEPT_LOGS = 20;
/** UTF-16 units; as much as is kept of a stream. */
const LONGEST_LOG = 16 * 1024 * 1024;

/** Lines of both streams in the order they came; of too many, the end. */
export class LogLines {
  #lines: string[] = [];
  #size = 0;
  #cut = false;

  add(line: string): void {
    this.#lines.push(line);
    this.#size += line.length + 1;
    while (this.#size > LONGEST_LOG * 2) this.#halve();
  }

  text(): string {
    return `${this.#cut ? '[earlier output was dropped]\n' : ''}${this.#lines.map((line) => `${line}\n`).join('')}`;
  }

  #halve(): void {
    const dropped = this.#lines.splice(0, Math.ceil(this.#lines.length / 2));
    this.#size -= dropped.reduce((size, line) => size + line.length + 1, 0);
    this.#cut = true;
  }
}

/** What one run left, as text: how it was started, all it printed, how it ended. */
export function logText(argv: readonly string[], cwd: string, result: ProcessResult, lines: LogLines): string {
  const ended = {
    exited: `exit code: ${result.exitCode}`,
    signalled: `ended by ${result.signalName}`,
    'timed-out': 'timed out',
    cancelled: 'cancelled',
    'spawn-failed': `not started: ${result.failure?.message}`,
  }[result.outcome];
  const head = `argv: ${JSON.stringify(argv)}\ncwd: ${cwd}\nstarted: ${result.startedAt}\n`;
  return `${head}\n${lines.text()}\n${ended}\nduration: ${result.durationMs} ms\n`;
}

/** Returns the log's path. Of each check the last twenty logs are kept. */
export async function writeLog(files: Files, check: string, startedAt: string, text: string): Promise<string> {
  const path = `${LOG_FOLDER}/${check}-${startedAt.replace(/[:.]/g, '-')}.log`;
  await files.write(path, text);
  const own = new RegExp(`^${check.replace(/[^\w-]/g, '\\$&')}-\\d{4}-\\d\\d-\\d\\dT[\\d-]+Z\\.log$`);
  const logs = (await files.list(LOG_FOLDER)).map((entry) => entry.name).filter((name) => own.test(name));
  // A clock that was set back must not make the newest log the oldest.
  const others = logs.map((name) => `${LOG_FOLDER}/${name}`).filter((other) => other !== path);
  for (const old of others.sort().slice(0, -(KEPT_LOGS - 1))) await files.remove(old);
  return path;
}
