import type { Command } from 'commander';
import { hasErrors } from '../../core/model/issue.ts';
import { validate } from '../../core/operations/validate.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { countIssues, renderIssues } from '../render/issues.ts';
import { addCommon, type CommonOptions } from './common.ts';

export function addValidate(program: Command, context: Context): void {
  addCommon(program.command('validate'))
    .description('check tasks, blueprint mapping, goals, scenarios, milestones and documents')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CommonOptions) => {
      const engine = context.engine(options);
      const result = await validate.run(engine, {}, { signal: context.io.signal });
      if (options.json) context.printJson(result);
      else context.print(renderIssues(context.io.out, result.issues));
      const count = countIssues(result.issues);
      if (!options.json) context.say(count === '' ? `${engine.root}: no issue found.\n` : `${count}.\n`);
      context.exitCode = hasErrors(result.issues) ? EXIT.doesNotHold : EXIT.holds;
    });
}

const EXAMPLES = `
Examples:
  infrabuilder validate
  infrabuilder validate --cwd ~/workspace
  infrabuilder validate --json > issues.json

Exit code 1: at least one error. Warnings and notes alone answer 0.
`;
