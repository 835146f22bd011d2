import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { errorMessage, HumanError } from '../../core/base/errors.ts';

/** The streams of a worker process. The worker ends when `stdin` does: its parent has gone. */
export interface WorkerIo {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
}

/** How to start a worker of ours as a process: the argument vector of, say, `node cli.js __worker receiver ...`. */
export interface WorkerLauncher {
  command(name: WorkerName, args: readonly string[]): string[];
}

export type WorkerName = 'receiver' | 'proxy';

/** What a worker says on its first line. */
export type WorkerHello =
  | { readonly ready: true; readonly port: number }
  | { readonly ready: false; readonly code: string; readonly message: string; readonly hint?: string };

/** Starts the sources themselves; the installed program has a launcher of its own. */
export const sourceLauncher: WorkerLauncher = {
  command: (name, args) => [process.execPath, fileURLToPath(new URL('./main.ts', import.meta.url)), name, ...args],
};

/** Reads `--name value` options; all are text. */
export function workerOptions<K extends string>(
  argv: readonly string[],
  names: readonly K[],
): Partial<Record<K, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  return parseArgs({ args: [...argv], options }).values as Partial<Record<K, string>>;
}

/** Runs a server until its parent goes or a signal comes. Resolves to the exit code. */
export async function serve(
  io: WorkerIo,
  start: () => Promise<{ readonly port: number; close(): Promise<void> }>,
): Promise<number> {
  const say = (hello: WorkerHello) => io.stdout.write(`${JSON.stringify(hello)}\n`);
  let server: Awaited<ReturnType<typeof start>>;
  try {
    server = await start();
  } catch (error) {
    const human = error instanceof HumanError ? error : new HumanError('service.failed', errorMessage(error));
    say({
      ready: false,
      code: human.code,
      message: human.message,
      ...(human.hint === undefined ? {} : { hint: human.hint }),
    });
    return 1;
  }
  say({ ready: true, port: server.port });
  await new Promise<void>((resolve) => {
    io.stdin.on('end', resolve).on('close', resolve).resume();
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await server.close();
  return 0;
}
