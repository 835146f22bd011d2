import type { Command } from 'commander';
import { HumanError } from '../../core/base/errors.ts';
import {
  completeTask,
  type MovedJson,
  openTask,
  type PersonInput,
  reopenTask,
} from '../../core/operations/complete.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { completeText } from '../render/complete.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface OpenOptions extends CommonOptions {
  readonly base?: string;
}

interface CompleteOptions extends CommonOptions {
  readonly signOff?: readonly string[];
  readonly waive?: readonly string[];
  readonly by?: string;
  readonly reason?: string;
}

/** `task open`, `task reopen` and `task complete`. */
export function addTaskMoves(group: Command, context: Context): void {
  const collect = (value: string, before: string[] = []) => [...before, value];
  addCommon(group.command('open'))
    .description('move a pending task to in_progress, and record what the work starts from')
    .argument('<slug>', 'name of the task')
    .option('--base <commit>', 'what the work started from, for a task that was moved by hand')
    .addHelpText(
      'after',
      examples('infrabuilder task open topn_sampler', 'infrabuilder task open topn_sampler --base main'),
    )
    .action(async (slug: string, options: OpenOptions) => {
      showMoved(await openTask(context.engine(options), slug, options.base), options, context);
    });
  addCommon(group.command('reopen'))
    .description('take a task out of done/')
    .argument('<slug>', 'name of the task')
    .addHelpText('after', examples('infrabuilder task reopen topn_sampler'))
    .action(async (slug: string, options: CommonOptions) => {
      showMoved(await reopenTask(context.engine(options), slug), options, context);
    });
  addCommon(group.command('complete'))
    .description('move a task to done, if nothing is missing; else list all that is')
    .argument('<slug>', 'name of the task')
    .option('--sign-off <line>', 'a person has seen that this acceptance line holds; may be repeated', collect)
    .option('--waive <finding>', 'a person lets this finding of the gate pass; may be repeated', collect)
    .option('--by <name>', 'who signs')
    .option('--reason <text>', 'why; a waiver needs one')
    .addHelpText('after', EXAMPLES)
    .action((slug: string, options: CompleteOptions) => complete(slug, options, context));
}

function showMoved(moved: MovedJson, options: CommonOptions, context: Context): void {
  if (options.json) context.printJson(moved);
  else context.print(`${moved.slug} is ${moved.status}: ${moved.file}\n`);
}

async function complete(slug: string, options: CompleteOptions, context: Context): Promise<void> {
  const result = await completeTask(context.engine(options), slug, personOf(options, context));
  if (options.json) context.printJson(result);
  else context.print(completeText(context.io.out, result));
  context.exitCode = result.completed ? EXIT.holds : EXIT.doesNotHold;
}

function personOf(options: CompleteOptions, context: Context): PersonInput | undefined {
  const { signOff: signOffs = [], waive = [], by = '', reason = '' } = options;
  if (signOffs.length === 0 && waive.length === 0) return undefined;
  if (by.trim() === '') {
    throw new HumanError('gate.no-name', 'A sign-off or waiver has no name.', 'Say who gives it: --by NAME.');
  }
  if (waive.length > 0 && reason.trim() === '') {
    throw new HumanError('gate.no-reason', 'A waiver has no reason.', 'Say why: --reason TEXT.');
  }
  return { by: by.trim(), signOffs, waive, reason: reason.trim(), terminal: context.io.err.isTerminal };
}

const EXAMPLES = `
Examples:
  infrabuilder task complete topn_sampler
  infrabuilder task complete topn_sampler --sign-off "heap operations O(k log N)" --by "Ada Lovelace"

Goals and measured lines cannot be signed or waived. Sign-offs and waivers are evidence; every report shows them.
`;
