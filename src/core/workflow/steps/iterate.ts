import { failing, type StepRule, sentence, stop } from './step.ts';

/** ITERATE: something was measured and does not hold. The root causes stand in the result; the next move is in the code. */
export const iterate: StepRule = {
  step: 'iterate',
  title: 'ITERATE',
  due(_status, { evidence }) {
    if (evidence === undefined) return undefined;
    const bad = failing([...evidence.checks, ...evidence.scenarios, ...evidence.goals]);
    const all = [...bad.map(({ id }) => id), ...evidence.failingLines.map((line) => `"${line}"`)];
    return all.length === 0 ? undefined : `These do not hold: ${all.join(', ')}.`;
  },
  blockers: ({ evidence }) =>
    failing(evidence?.goals ?? []).map(({ id, reason }) => `${id} fails: ${sentence(reason)}`),
  async take(run) {
    const { file } = await run.write('result');
    const facts = await run.facts();
    const why = iterate.due(run.task.status, facts) ?? 'Nothing fails any more.';
    const causes = (iterate.blockers?.(facts) ?? []).join(' ');
    return stop(
      `${why} ${causes} Root causes: ${file}. Mend the code, then run "infrabuilder task run ${run.task.slug}" again.`,
    );
  },
};
