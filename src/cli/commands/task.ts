import type { Command } from 'commander';
import type { z } from 'zod';
import { taskShow } from '../../core/operations/tasks.ts';
import type { Context } from '../context.ts';
import { renderIssues } from '../render/issues.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';
import { addTaskLoop } from './taskLoop.ts';
import { addTaskMoves } from './taskMoves.ts';

type Shown = z.output<typeof taskShow.output>['task'];

export function addTask(program: Command, context: Context): void {
  const group = program
    .command('task')
    .description('one task')
    .addHelpText(
      'after',
      examples(
        'infrabuilder task next',
        'infrabuilder task show topn_sampler',
        'infrabuilder task complete topn_sampler',
      ),
    );
  addCommon(group.command('show'))
    .description('show a task: acceptance lines, goals, scenarios, dependencies, documents, problems')
    .argument('<slug>', 'name of the task')
    .addHelpText('after', EXAMPLES)
    .action(async (slug: string, options: CommonOptions) => {
      const result = await taskShow.run(context.engine(options), { slug }, { signal: context.io.signal });
      if (options.json) context.printJson(result);
      else context.print(taskText(result.task) + renderIssues(context.io.out, result.issues));
    });
  addTaskMoves(group, context);
  addTaskLoop(group, context);
}

function taskText(task: Shown): string {
  const lines = [
    `${task.slug}${task.title === null ? '' : `: ${task.title}`}`,
    `  file       ${task.file}`,
    `  status     ${task.status}, next step: ${task.step}`,
    `  phase      ${task.phase ?? '-'}`,
    `  module     ${task.module ?? '-'}`,
    `  blueprint  ${[task.epic, task.story].filter((id) => id !== null).join(' / ') || '-'}`,
    `  goals      ${task.goals.map(({ id, title }) => (title === null ? id : `${id} ${title}`)).join(', ') || '-'}`,
    `  scenarios  ${task.scenarios.join(', ') || '-'}`,
    `  depends on ${task.dependsOn.join(', ') || '-'}`,
    `  documents  ${Object.values(task.documents).join(', ') || '-'}`,
    '  acceptance',
    ...task.acceptance.map(
      (line) => `    ${line.expectation === undefined ? 'by a person' : 'measured   '}  ${line.text}`,
    ),
    ...task.blockers.map((blocker) => `  blocked    ${blocker}`),
  ];
  return `${lines.join('\n')}\n`;
}

const EXAMPLES = `
Examples:
  infrabuilder task show topn_sampler
  infrabuilder task show topn_sampler --json
`;
