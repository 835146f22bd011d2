import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { l10n } from 'vscode';
import type { TranscriptEntry } from '../../core/model/implementation.ts';
import type { ModelRequest, ModelTurn } from '../../core/ports.ts';

/** A line of the command line's `--events`; `src/cli/events.ts` writes them. */
export type ChildEvent =
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  | ({ readonly type: 'model-request' } & ChildModelRequest)
  | { readonly type: 'result'; readonly result: unknown };

/** A turn that the run wants of a model on our side. */
export interface ChildModelRequest {
  readonly id: number;
  readonly request: Pick<ModelRequest, 'messages' | 'tools' | 'maxOutputTokens'>;
}

/** A line that the run reads: what the model answered to the request with this number. */
export type ChildModelAnswer =
  | { readonly type: 'model-turn'; readonly id: number; readonly turn: ModelTurn }
  | { readonly type: 'model-error'; readonly id: number; readonly code: string; readonly message: string };

export interface ChildRun {
  /** Lost where the run has ended. */
  send(answer: ChildModelAnswer): void;
  /** Asks the run to stop and to take down what it started. */
  cancel(): void;
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
}

export interface ChildEnd {
  readonly exitCode: number | undefined;
  /** What the command line said to people: the reason, where there is no result. */
  readonly stderr: string;
}

export interface ChildRequest {
  /** Absolute path of the command line's bundle. */
  readonly cli: string;
  readonly args: readonly string[];
  /** Absolute path of the workspace. */
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly onEvent: (event: ChildEvent) => void;
}

/** Time that a run has to take down what it started, before its process is ended. */
const GRACE_MS = 10_000;
const KEPT_STDERR = 20_000;

/**
 * Starts the command line in a process of its own, so that the extension host never stalls. The run holds on to our end
 * of its standard input: when this host goes away, in whatever way, the run stops and cleans up.
 */
export function startChild({ cli, args, cwd, env, onEvent }: ChildRequest): ChildRun {
  const child = spawn(process.execPath, [cli, ...args, '--events', '--cwd', cwd], {
    cwd,
    // On the desktop, the extension host's program is Electron: this makes it a plain Node.
    env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  let grace: NodeJS.Timeout | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  child.stdin.on('error', () => {
    // The run has ended before we let go of it.
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseEvent(line);
    if (event !== undefined) onEvent(event);
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: undefined, stderr: message }));
    child.once('close', (code, signal) => {
      clearTimeout(grace);
      resolve({
        exitCode: code ?? undefined,
        stderr: signal === null ? stderr : stderr + l10n.t('Ended by {0}.', signal),
      });
    });
  });
  return {
    ended,
    send: (answer) => {
      if (child.stdin.writable) child.stdin.write(`${JSON.stringify(answer)}\n`);
    },
    cancel: () => {
      child.stdin.end();
      grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
  };
}

function parseEvent(line: string): ChildEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ChildEvent) : undefined;
  } catch {
    return undefined;
  }
}
