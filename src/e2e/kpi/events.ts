import type { FaultRecord } from '../chaos/controller.ts';

/** A diagnostic event of one agent, from its log or from what it delivered. */
export interface AgentEvent {
  /** Milliseconds since the epoch: when the line came out, or as the event says where only the receiver has it. */
  readonly at: number;
  readonly text: string;
  readonly severity: string;
}

/** Events of the log and of the receiver, each once, by time. */
export function mergeEvents(logged: readonly AgentEvent[], delivered: readonly AgentEvent[]): AgentEvent[] {
  const counts = new Map<string, number>();
  for (const { text } of logged) counts.set(text, (counts.get(text) ?? 0) + 1);
  const rest = delivered.filter(({ text }) => {
    const left = counts.get(text) ?? 0;
    if (left > 0) counts.set(text, left - 1);
    return left === 0;
  });
  return [...logged, ...rest].sort((a, b) => a.at - b.at);
}

/** What kind of event it is: its name and module, without its figures. */
export function kindOf(text: string): string {
  const name = /AgentDiagEvent[\s.:"]*([A-Za-z]\w*)/.exec(text)?.[1];
  const module = /\bmodule["\s:=]+([\w-]+)/.exec(text)?.[1];
  return name === undefined ? text.replace(/\d+/g, '#') : `${name}${module === undefined ? '' : ` ${module}`}`;
}

/** Events that say all is well answer no fault. */
const CALM = new Set(['info', 'debug', 'trace']);

/**
 * The events that answer each fault: new, within `seconds` of its injection and before the next fault, of a kind that the
 * agent without faults never reported, and no mere notice.
 */
export function answersTo(
  faults: readonly FaultRecord[],
  events: readonly AgentEvent[],
  control: readonly AgentEvent[],
  seconds: number,
): ReadonlyMap<string, readonly AgentEvent[]> {
  const usual = new Set(control.map(({ text }) => kindOf(text)));
  const put = faults
    .filter(({ injectedAt }) => injectedAt !== undefined)
    .sort((a, b) => (a.injectedAt ?? 0) - (b.injectedAt ?? 0));
  return new Map(
    put.map((fault, index): [string, AgentEvent[]] => {
      const from = fault.injectedAt ?? 0;
      const to = Math.min(from + seconds * 1000, put[index + 1]?.injectedAt ?? Number.POSITIVE_INFINITY);
      const answers = events.filter(
        ({ at, text, severity }) => at >= from && at < to && !CALM.has(severity) && !usual.has(kindOf(text)),
      );
      return [fault.id, answers];
    }),
  );
}
