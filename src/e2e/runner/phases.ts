import type { FaultRecord } from '../chaos/controller.ts';

/** The phases of a run in order. A run may leave any of them for `tear down`; it never goes back. */
export const PHASES = [
  'set up',
  'start',
  'warm up',
  'steady state',
  'faults',
  'recovery',
  'collect',
  'judge',
  'report',
  'tear down',
] as const;
export type Phase = (typeof PHASES)[number];

export interface PhaseSpan {
  readonly phase: Phase;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number | undefined;
}

/** The state of one run. */
export class PhaseMachine {
  readonly #spans: { phase: Phase; from: number; to: number | undefined }[] = [];
  readonly #onEnter: (phase: Phase, detail: string) => void;

  constructor(onEnter: (phase: Phase, detail: string) => void) {
    this.#onEnter = onEnter;
  }

  get current(): Phase | undefined {
    return this.#spans.at(-1)?.phase;
  }

  get spans(): readonly PhaseSpan[] {
    return this.#spans;
  }

  /** Throws RangeError for a step back. Entering the current phase again changes nothing. */
  enter(phase: Phase, detail = ''): void {
    const current = this.current;
    if (current === phase) return;
    if (current !== undefined && PHASES.indexOf(phase) < PHASES.indexOf(current)) {
      throw new RangeError(`A run cannot go from "${current}" back to "${phase}".`);
    }
    const now = Date.now();
    const last = this.#spans.at(-1);
    if (last !== undefined) last.to = now;
    this.#spans.push({ phase, from: now, to: undefined });
    this.#onEnter(phase, detail);
  }
}

/** Enters `faults` with the first fault and `recovery` once as many as were planned are over, however late they come. */
export function followFaults(
  phases: PhaseMachine,
  planned: number,
): (record: Pick<FaultRecord, 'id' | 'state' | 'proof'>) => void {
  const over = new Set<string>();
  return ({ id, state, proof }) => {
    if (state === 'active' && proof === undefined) phases.enter('faults', id);
    if (state !== 'active') over.add(id);
    if (over.size === planned) phases.enter('recovery');
  };
}
