import { type Command, Option } from 'commander';
import { TASK_STATUSES, type TaskStatus } from '../../core/model/task.ts';
import { tasks } from '../../core/operations/tasks.ts';
import type { Context } from '../context.ts';
import { renderIssues } from '../render/issues.ts';
import { table } from '../render/table.ts';
import { addCommon, type CommonOptions } from './common.ts';

interface TasksOptions extends CommonOptions {
  readonly status?: TaskStatus;
}

export function addTasks(program: Command, context: Context): void {
  addCommon(program.command('tasks'))
    .description('list the tasks with status, next step and what blocks it')
    .addOption(new Option('--status <status>', 'only these').choices(TASK_STATUSES))
    .addHelpText('after', EXAMPLES)
    .action(async (options: TasksOptions) => {
      const engine = context.engine(options);
      const input = options.status === undefined ? {} : { status: options.status };
      const result = await tasks.run(engine, input, { signal: context.io.signal });
      if (options.json) {
        context.printJson(result);
        return;
      }
      const rows = result.tasks.map(({ slug, status, phase, module, step, blockers }) => [
        slug,
        status,
        phase ?? '-',
        module ?? '-',
        step,
        blockers.length === 0 ? '-' : blockers.join(' '),
      ]);
      if (result.issues.length > 0) {
        context.say(`${renderIssues(context.io.err, result.issues)}These files are not listed.\n`);
      } else if (rows.length === 0) context.say('No tasks. A task is a file such as tasks/pending/my_task.yaml.\n');
      if (rows.length > 0) context.print(table(['TASK', 'STATUS', 'PHASE', 'MODULE', 'NEXT STEP', 'BLOCKED BY'], rows));
    });
}

const EXAMPLES = `
Examples:
  infrabuilder tasks
  infrabuilder tasks --status pending
  infrabuilder tasks --json
`;
