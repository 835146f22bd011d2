import * as vscode from 'vscode';
import type { TranscriptEntry } from '../../core/model/implementation.ts';
import type { LanguageModel } from '../../core/ports.ts';
import { entryText } from '../implement/lines.ts';
import { answerRequest } from '../implement/parent.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { type ChildEvent, startChild } from './child.ts';
import { readable } from './readable.ts';
import {
  argumentsOf,
  endOf,
  type Run,
  type RunEnd,
  type RunRequest,
  type Settled,
  sameRequest,
  titleOf,
} from './run.ts';

export interface RunLine {
  readonly run: Run;
  readonly line: string;
}

/** Who answers where a run asks a model: one on our side, or an endpoint that the environment names. */
export interface RunModel {
  readonly model?: LanguageModel | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const KEPT_RUNS = 50;
/** What a run itself writes makes no result stale. */
const OWN_OUTPUT = /(^|\/)(results|reports|coverage)(\/|$)|(^|\/)_bench\.txt$/;

/** Every check, scenario and checkpoint that this window has started, the newest first. */
export class Runs implements vscode.Disposable {
  readonly #cli: string;
  readonly #listeners: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<Run>();
  readonly #line = new vscode.EventEmitter<RunLine>();
  readonly #entry = new vscode.EventEmitter<{ readonly run: Run; readonly entry: TranscriptEntry }>();
  #runs: Run[] = [];
  #next = 1;
  /** A run has started, made progress, ended or become stale. */
  readonly onDidChange = this.#changed.event;
  /** A run's program has printed a line. */
  readonly onDidPrint = this.#line.event;
  /** A run of the implementation loop has written a line of its transcript. */
  readonly onDidRecord = this.#entry.event;

  /** `cli`: absolute path of the command line's bundle. */
  constructor(cli: string, sessions: Sessions) {
    this.#cli = cli;
    this.#listeners = [
      sessions.onDidTouch(({ session, path }) => void this.#touched(session, path)),
      sessions.onDidClose((session) => {
        for (const run of this.#runs) if (run.session === session) run.cancel();
        this.#runs = this.#runs.filter((run) => run.session !== session);
      }),
    ];
  }

  get all(): readonly Run[] {
    return this.#runs;
  }

  /** The last run of this kind and name that was started in the session. */
  latest(session: Session, request: RunRequest): Run | undefined {
    return this.#runs.find((run) => run.session === session && sameRequest(run.request, request));
  }

  /** The copy of a run of the implementation loop is no more: nothing is left to decide about. */
  settle(session: Session, copy: string, settled: Settled): void {
    for (const run of this.#runs) {
      if (run.session !== session || run.copy !== copy) continue;
      run.settled ??= settled;
      this.#changed.fire(run);
    }
  }

  /** Starts a run; where the same one is under way, that one is returned. */
  start(session: Session, request: RunRequest, { model, env }: RunModel = {}): Run {
    const before = this.latest(session, request);
    if (before !== undefined && before.end === undefined) return before;
    const stop = new AbortController();
    const state: { result?: unknown; cancelled: boolean } = { cancelled: false };
    const child = startChild({
      cli: this.#cli,
      args: [...argumentsOf(request), ...(model === undefined ? [] : [`--model-from-parent=${model.name}`])],
      cwd: session.folder.uri.fsPath,
      env,
      onEvent: (event) => {
        if (event.type !== 'model-request') this.#heard(run, event, state);
        else if (model !== undefined)
          void answerRequest(model, event, stop.signal).then((answer) => child.send(answer));
      },
    });
    const run: Run = {
      id: this.#next++,
      session,
      request,
      title: titleOf(request),
      startedAt: new Date(),
      progress: '',
      end: undefined,
      endedAt: undefined,
      stale: false,
      copy: request.kind === 'implement' ? request.resume : undefined,
      settled: undefined,
      ended: child.ended.then((ended) => {
        stop.abort();
        return this.#finish(run, endFrom(request, state, ended.stderr));
      }),
      cancel: () => {
        if (run.end !== undefined) return;
        state.cancelled = true;
        child.cancel();
        stop.abort();
      },
    };
    this.#runs = [run, ...this.#runs].slice(0, KEPT_RUNS);
    this.#changed.fire(run);
    return run;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const run of this.#runs) run.cancel();
    this.#changed.dispose();
    this.#line.dispose();
    this.#entry.dispose();
  }

  #heard(run: Run, event: Exclude<ChildEvent, { type: 'model-request' }>, state: { result?: unknown }): void {
    if (event.type === 'result') state.result = event.result;
    else if (event.type === 'output') {
      const line = readable(event.line);
      if (line !== undefined) this.#line.fire({ run, line });
    } else if (event.type === 'entry') this.#recorded(run, event.entry);
    else {
      run.progress = event.message;
      // Checkpoints and scenarios run many programs; what they say of them is their output.
      if (run.request.kind !== 'check') this.#line.fire({ run, line: event.message });
      this.#changed.fire(run);
    }
  }

  #recorded(run: Run, entry: TranscriptEntry): void {
    if (entry.type === 'run') run.copy = entry.run;
    const lines = entryText(entry);
    for (const line of lines) this.#line.fire({ run, line });
    run.progress = lines[0]?.trim() ?? run.progress;
    this.#entry.fire({ run, entry });
    this.#changed.fire(run);
  }

  #finish(run: Run, end: RunEnd): RunEnd {
    run.end = end;
    run.endedAt = new Date();
    this.#changed.fire(run);
    return end;
  }

  /** The news of a change can come long after it: what counts is when the file was written. */
  async #touched(session: Session, path: string): Promise<void> {
    if (OWN_OUTPUT.test(path)) return;
    const changed = await modified(session.uri(path));
    for (const run of this.#runs) {
      if (run.session !== session || run.stale || changed <= run.startedAt.getTime()) continue;
      if (!looksAt(run, path)) continue;
      run.stale = true;
      if (run.end !== undefined) this.#changed.fire(run);
    }
  }
}

/** A check looks at its own folder, at the source and at how it is defined; a checkpoint at everything. */
function looksAt({ request, session: { current } }: Run, path: string): boolean {
  // A change that is to be taken over is held against the tree when it is.
  if (request.kind === 'implement') return false;
  if (request.kind === 'verify' || current === undefined || path === current.configFile) return true;
  const { source, testbed, e2e } = current.config.paths;
  const own = request.kind === 'check' ? (current.config.checks[request.name]?.cwd ?? '.') : e2e;
  return [own, source, testbed].some((folder) => folder === '.' || path === folder || path.startsWith(`${folder}/`));
}

/** Milliseconds since the epoch; now, for a file that is gone. */
async function modified(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return Date.now();
  }
}

function endFrom(request: RunRequest, { result, cancelled }: { result?: unknown; cancelled: boolean }, stderr: string) {
  if (result !== undefined) return endOf(request, result);
  if (cancelled) return { kind: 'cancelled' } as const;
  const message = stderr.replace(/^error: /, '').trim();
  return {
    kind: 'unusable',
    message: message === '' ? vscode.l10n.t('The run ended without a result.') : message,
  } as const;
}
