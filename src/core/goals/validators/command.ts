import { checkSchema } from '../../model/check.ts';
import { fromCheck } from './checks.ts';
import { goalPlace, ownVerdict, type Validator } from './validator.ts';

/** A goal of the project's own: a program that exits with 0 where the goal holds. */
export const commandValidator: Validator<'command'> = {
  steps(goal, { ports, snapshot, inputs }) {
    const check = checkSchema.parse({ run: goal.run, cwd: goal.cwd ?? '.', inputs: goal.inputs });
    return [
      {
        id: `goal:${goal.id}`,
        beside: 'all',
        definition: { run: check.run, cwd: check.cwd },
        inputs: inputs.ofCheck(check),
        command: `infrabuilder verify --goal ${goal.id} --force`,
        async measure({ signal }) {
          return fromCheck(await ports.checks.run(goal.id, check, { signal, definition: goalPlace(goal, snapshot) }));
        },
      },
    ];
  },
  judge: (_goal, [facts]) => ownVerdict(facts),
};
