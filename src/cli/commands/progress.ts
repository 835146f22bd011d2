import type { Command } from 'commander';
import {
  milestonesJson,
  type SharedReport,
  sharedReport,
  stateOfProject,
  writeReport,
} from '../../core/operations/projectReports.ts';
import { progressText } from '../../core/operations/verify.ts';
import { milestoneStep } from '../../core/progress/state.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface ShowOptions extends CommonOptions {
  readonly write?: boolean;
}

interface MilestoneOptions extends ShowOptions {
  readonly verify?: boolean;
}

/** `progress`: epics, stories, tasks, goals and burn-up. */
export function addProgress(program: Command, context: Context): void {
  addCommon(program.command('progress'))
    .description('progress against the blueprint: epics, stories, tasks, milestones, goals, burn-up')
    .option('--write', 'write reports/progress.md as well')
    .addHelpText('after', examples('infrabuilder progress', 'infrabuilder progress --write'))
    .action((options: ShowOptions) => showReport('progress', options, context));
}

export async function showReport(name: SharedReport, options: ShowOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  const report = await sharedReport(engine, await stateOfProject(engine), name);
  if (options.write) await writeReport(engine, report);
  const { file, shown, issues } = report;
  if (options.json) context.printJson({ schemaVersion: 1, report: name, file, text: shown, issues });
  else context.print(shown);
}

/** `milestones`: status from tasks, verification from fresh evidence. */
export function addMilestones(program: Command, context: Context): void {
  addCommon(program.command('milestones'))
    .description('status, date and verification of each milestone')
    .option('--verify', 'run first what verifies them and is not fresh')
    .option('--write', 'write reports/milestones.md as well')
    .addHelpText('after', examples('infrabuilder milestones', 'infrabuilder milestones --verify --write'))
    .action((options: MilestoneOptions) => milestones(options, context));
}

async function milestones(options: MilestoneOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  const { milestones: named } = await engine.project.snapshot();
  const steps = new Set(named.flatMap((milestone) => milestoneStep(milestone) ?? []));
  const state = await stateOfProject(engine, {
    measure: options.verify === true,
    only: (id) => steps.has(id),
    signal: context.io.signal,
    onProgress: (progress) => {
      const text = progressText(progress);
      if (text !== undefined) context.say(`${text}\n`);
    },
  });
  const report = await sharedReport(engine, state, 'milestones');
  if (options.write) await writeReport(engine, report);
  const json = milestonesJson(state);
  if (options.json) context.printJson(json);
  else context.print(report.shown);
  const complete = json.milestones.every(({ status, verification }) => {
    return status === 'complete' && (verification === 'verified' || verification === 'none');
  });
  context.exitCode = complete ? EXIT.holds : EXIT.doesNotHold;
}
