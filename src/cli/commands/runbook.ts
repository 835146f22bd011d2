import { type Command, Option } from 'commander';
import { CHANGE_KINDS, type ChangeKind } from '../../core/documents/changelog.ts';
import { addChangelogEntry, draftRunbook, runbookCheck } from '../../core/operations/runbook.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { countIssues, renderIssues } from '../render/issues.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface ChangeOptions extends CommonOptions {
  readonly kind: ChangeKind;
}

export function addRunbook(program: Command, context: Context): void {
  const group = program
    .command('runbook')
    .description('runbook and change log')
    .addHelpText('after', examples('infrabuilder runbook check', 'infrabuilder runbook draft topn_sampler'));
  addCommon(group.command('check'))
    .description('each feature in its place, each entry with its five parts')
    .addHelpText('after', examples('infrabuilder runbook check', 'infrabuilder runbook check --json'))
    .action(async (options: CommonOptions) => {
      const result = await runbookCheck.run(context.engine(options), {}, { signal: context.io.signal });
      if (options.json) context.printJson(result);
      else {
        context.print(renderIssues(context.io.out, result.issues));
        const entries = result.values.find(({ name }) => name === 'entries')?.value ?? 0;
        context.say(`${entries} entries; ${countIssues(result.issues) || 'no issue found'}.\n`);
      }
      context.exitCode = result.values.length === 0 ? EXIT.notRun : result.holds ? EXIT.holds : EXIT.doesNotHold;
    });
  addCommon(group.command('draft'))
    .description('add a section for a task, with the keys, metrics and events that the source declares')
    .argument('<slug>', 'name of the task')
    .addHelpText('after', examples('infrabuilder runbook draft topn_sampler'))
    .action(async (slug: string, options: CommonOptions) => {
      const draft = await draftRunbook(context.engine(options), slug);
      if (options.json) context.printJson({ schemaVersion: 1, ...draft });
      else
        context.print(
          `${draft.file}: section "${draft.title}" with ${draft.features.length} names. Complete its empty parts.\n`,
        );
    });
  addCommon(group.command('changelog'))
    .description('add an entry on a task to the change log, below "Unreleased"')
    .argument('<slug>', 'name of the task')
    .argument('[text]', 'what changed; by default the title of the task')
    .addHelpText(
      'after',
      examples(
        'infrabuilder runbook changelog topn_sampler',
        'infrabuilder runbook changelog topn_sampler "The sampler keeps the top N by CPU."',
      ),
    )
    .addOption(new Option('--kind <kind>', 'kind of change').choices(CHANGE_KINDS).default('Added'))
    .action(async (slug: string, text: string | undefined, options: ChangeOptions) => {
      const file = await addChangelogEntry(context.engine(options), slug, options.kind, text);
      if (options.json) context.printJson({ schemaVersion: 1, file });
      else context.print(`${file}\n`);
    });
}
