import { failing, type StepRule, sentence, stop } from './step.ts';

/** CODE: nobody but a person or a model can take this step; it lies behind the task once the source has changed. */
export const code: StepRule = {
  step: 'code',
  title: 'CODE',
  due(_status, { evidence }) {
    if (evidence === undefined) return 'Plan and architecture review are there.';
    const holds = evidence.goals.length > 0 && evidence.goals.every(({ verdict }) => verdict === 'pass');
    if (evidence.changed !== false || (holds && evidence.failingLines.length === 0)) return undefined;
    return 'The source has not changed since the task was opened.';
  },
  blockers: ({ evidence }) =>
    evidence === undefined ? [] : failing(evidence.goals).map(({ id, reason }) => `${id} fails: ${sentence(reason)}`),
  async take(run) {
    const { slug, module } = run.task;
    const where = module === undefined ? 'the source' : module;
    return stop(
      `The source has not changed since the task was opened. Implement it in ${where}, or run "infrabuilder implement ${slug}".`,
    );
  },
};
