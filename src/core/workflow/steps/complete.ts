import { type StepRule, stop, went } from './step.ts';

/** COMPLETE: through the gate, and nowhere else. */
export const complete: StepRule = {
  step: 'complete',
  title: 'COMPLETE',
  due: (_status, { evidence }) => (evidence === undefined ? undefined : lastWhy(evidence.missing.length)),
  blockers: ({ evidence }) => evidence?.missing ?? [],
  async take(run) {
    const { completed, missing, file } = await run.complete();
    if (!completed) return stop(missing.map(({ message, mend }) => `${message} Next: ${mend}`).join('\n'));
    return went(`Moved to ${file}.`);
  },
};

function lastWhy(missing: number): string {
  return missing === 0 ? 'Nothing is missing.' : `The gate asks for ${missing} more.`;
}
