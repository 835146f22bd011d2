import { type StepRule, stop, went } from './step.ts';

/** OPEN: the task's file moves to in_progress, where the blueprint asks for the task and nothing else has to come first. */
export const open: StepRule = {
  step: 'open',
  title: 'OPEN',
  due: (status) => (status === 'pending' ? 'Its file is in pending/.' : undefined),
  async take(run) {
    const findings = await run.alignment();
    const wrong = findings.filter(({ holds }) => !holds);
    if (wrong.length > 0) return stop(wrong.map(({ message }) => message).join(' '));
    return went(`Moved to ${await run.open()}.`);
  },
};
