import { hasErrors } from '../../model/issue.ts';
import { analysed, notRun } from '../step.ts';
import { ownVerdict, type Validator } from './validator.ts';

/** G-7: what the source offers stands in the runbook's right place and the change log, and nothing else does. */
export const docsParityValidator: Validator<'docs-parity'> = {
  steps(goal, { ports, snapshot, inputs }) {
    const { runbook, changelog } = snapshot.documents;
    const documents = [runbook, changelog].flatMap((path) => (path === undefined ? [] : [inputs.file(path)]));
    return [
      {
        id: `goal:${goal.id}`,
        beside: 'all',
        definition: { features: goal.features ?? null },
        inputs: [inputs.runtime, inputs.doneTasks, ...documents],
        command: `infrabuilder verify --goal ${goal.id} --force`,
        async measure() {
          const found = await ports.runbook.parity(goal, snapshot);
          if (found === undefined) return notRun('There is no runbook.');
          const features = found.values.reduce(
            (sum, value) => sum + (value.name.endsWith('_found') ? value.value : 0),
            0,
          );
          if (features === 0 && !hasErrors(found.issues)) {
            return notRun(
              'Neither the source nor the tasks hold a feature to document. Name patterns under "features".',
            );
          }
          const errors = found.issues.filter((issue) => issue.severity === 'error').length;
          const reason =
            errors === 0
              ? `All ${features} features are documented in their place.`
              : `${errors} gaps between the source and the documents.`;
          return analysed({ verdict: errors === 0 ? 'pass' : 'fail', reason, ...found });
        },
      },
    ];
  },
  judge: (_goal, [facts]) => ownVerdict(facts),
};
