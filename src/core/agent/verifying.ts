import { type Desk, STAGES, type StageVerdict } from './desk.ts';
import { rootCauseNote } from './note.ts';
import type { Recorder } from './recorder.ts';
import type { LoopEvent } from './transition.ts';

export interface Climb {
  /** Of the last stage that was looked at. */
  readonly verdict: StageVerdict;
  /** Given where the whole gate holds. */
  readonly end?: LoopEvent;
  /** What the model is told where a stage does not hold. */
  readonly note?: string;
}

/**
 * Asks one stage after the other, the cheap one first. The first that does not hold sends the run back to edit. The event of
 * the last stage is left to the caller, who ends the run with it.
 */
export async function climb(
  desk: Desk,
  recorder: Recorder,
  move: (event: LoopEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<Climb> {
  const { baseline = [], written } = recorder.account;
  let verdict: StageVerdict | undefined;
  for (const stage of STAGES) {
    verdict = await desk.verify(stage, { baseline, written }, signal);
    const { missing, tampering, forPerson } = verdict;
    const holds = missing.length === 0 && tampering.length === 0;
    await recorder.record({ type: 'verdict', stage, holds, missing: [...missing] });
    const judged = { kind: 'judged' as const, missing: missing.length, tampering: tampering.length };
    if (!holds && forPerson !== undefined) return { verdict };
    if (!holds) {
      const diff = await desk.bench.diff([...written]);
      const note = await rootCauseNote({ stage, ...verdict, diff }, desk.files);
      await move({ ...judged, why: `The stage "${stage}" does not hold.` });
      return { verdict, note };
    }
    if (stage === 'checks') await move({ ...judged, why: 'The checks hold.' });
    if (stage === 'gate')
      return {
        verdict,
        end: { ...judged, why: 'Every goal, acceptance line and document holds, measured on this very tree.' },
      };
  }
  throw new Error('The last stage is the gate.');
}
