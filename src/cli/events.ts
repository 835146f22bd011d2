import type { TranscriptEntry } from '../core/model/implementation.ts';
import type { ModelRequest } from '../core/ports.ts';
import type { Context } from './context.ts';

export type ParentRequest = Pick<ModelRequest, 'messages' | 'tools' | 'maxOutputTokens'>;

/** One line of `--events`: JSON on standard output, for a program that shows a run while it goes. */
export type RunEvent =
  | { readonly type: 'progress'; readonly message: string }
  /** A line that the program under way printed, without secrets. */
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  /** One line of the transcript of a run of the implementation loop. */
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  /** A turn that the program which reads the events is asked for, because the model is on its side. */
  | { readonly type: 'model-request'; readonly id: number; readonly request: ParentRequest }
  /** The last one: what the same command gives with `--json`. */
  | { readonly type: 'result'; readonly result: unknown };

export interface EventRun {
  emit(event: RunEvent): void;
  /** Aborted by Ctrl-C, and when the program that reads the events is gone: a run never outlives its window. */
  readonly signal: AbortSignal;
}

export function eventRun(context: Context): EventRun {
  return {
    emit: (event) => context.print(`${JSON.stringify(event)}\n`),
    signal: AbortSignal.any([context.io.signal, context.io.inputEnd()]),
  };
}
