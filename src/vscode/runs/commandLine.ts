import { spawn } from 'node:child_process';
import type { CancellationToken } from 'vscode';

export interface CommandLineEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line that answers with JSON, in a process of its own. Never rejects. */
export function runCommandLine(
  cli: string,
  args: readonly string[],
  cwd: string,
  token?: CancellationToken,
): Promise<CommandLineEnd> {
  const child = spawn(process.execPath, [cli, ...args, '--cwd', cwd], {
    cwd,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const cancel = token?.onCancellationRequested(() => child.kill());
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: undefined, stdout, stderr: message }));
    child.once('close', (code) => {
      cancel?.dispose();
      resolve({ exitCode: code ?? undefined, stdout, stderr });
    });
  });
}
