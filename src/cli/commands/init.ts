import { resolve } from 'node:path';
import type { Command } from 'commander';
import { bootstrapOptions } from '../../core/bootstrap/options.ts';
import { planBootstrap } from '../../core/bootstrap/plan.ts';
import type { BootstrapProgress } from '../../core/bootstrap/progress.ts';
import { actionText, planJson, planText, reportText } from '../../core/bootstrap/render.ts';
import { runBootstrap } from '../../core/bootstrap/run.ts';
import { survey } from '../../core/bootstrap/survey.ts';
import type { Context } from '../context.ts';
import { paint, type Stream } from '../io.ts';
import { AGREE } from './common.ts';

interface InitOptions {
  readonly sample?: boolean;
  readonly sourceUrl?: string;
  readonly sourceRef?: string;
  readonly testbedUrl?: string;
  readonly testbedRef?: string;
  readonly blueprint?: string;
  readonly adr?: string;
  readonly force?: boolean;
  readonly git: boolean;
  readonly containers: boolean;
  readonly agents?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addInit(program: Command, context: Context): void {
  program
    .command('init')
    .description('make a workspace: source, testbed, blueprint, tasks, checks and end-to-end framework')
    .argument('[dir]', 'the folder of the workspace', 'workspace')
    .option('--sample', 'write the embedded workspace; needs no network')
    .option('--source-url <url>', 'clone the source from this URL or local path')
    .option('--source-ref <ref>', 'branch, tag or commit of the source')
    .option('--testbed-url <url>', 'clone the testbed from this URL or local path')
    .option('--testbed-ref <ref>', 'branch, tag or commit of the testbed')
    .option('--blueprint <file>', 'copy this blueprint into docs/')
    .option('--adr <file>', 'copy this decision record into docs/')
    .option('--force', 'replace files that differ, after asking, with a backup beside each')
    .option('--no-git', 'do not make the sample a git repository')
    .option('--no-containers', "do not start the testbed's containers")
    .option(
      '--agents',
      'write instructions for agents into AGENTS.md and .github/copilot-instructions.md, and a skill for them',
    )
    .option('-y, --yes', 'agree to every question')
    .option('--dry-run', 'print what would be done, and do nothing')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText('after', EXAMPLES)
    .action((dir: string, options: InitOptions) => init(dir, options, context));
}

async function init(dir: string, options: InitOptions, context: Context): Promise<void> {
  const { io } = context;
  const engine = context.open(dir, io.cwd);
  const chosen = bootstrapOptions({ ...options, paths: (await engine.project.snapshot()).config.paths });
  const plan = planBootstrap(chosen, await survey(chosen, engine.bootstrapPorts, io.signal));
  if (options.dryRun) {
    if (options.json) context.printJson({ schemaVersion: 1, plan: planJson(plan) });
    else context.print(`${planText(plan).join('\n')}\n`);
    return;
  }
  const ports = options.yes ? { ...engine.bootstrapPorts, approval: AGREE } : engine.bootstrapPorts;
  const report = await runBootstrap(plan, ports, {
    signal: io.signal,
    onProgress: (progress) => context.say(progressText(progress, io.err)),
  });
  if (io.err.isTerminal) context.say(CLEAR_LINE);
  if (options.json) context.printJson({ schemaVersion: 1, ...report });
  else context.print(`${reportText(report).join('\n')}\n`);
  if (report.changed && !options.json) context.say(`Next: ${nextSteps(dir, io.cwd)}.\n`);
}

function nextSteps(dir: string, here: string): string {
  const enter = resolve(here, dir) === resolve(here) ? '' : `cd ${/\s/.test(dir) ? `"${dir}"` : dir}, then `;
  return `${enter}"infrabuilder doctor" and "infrabuilder task next"`;
}

/**
 * A hundred files, or the hundred steps in which git counts to 100 %, are one line that changes on a terminal, and none
 * elsewhere: the report counts the files.
 */
export function progressText(progress: BootstrapProgress, stream: Stream): string {
  const { isTerminal } = stream;
  if (progress.kind === 'output') {
    const text = paint(stream, 'dim', `         ${progress.text}`);
    if (UNDER_WAY.test(progress.text)) return isTerminal ? `${CLEAR_LINE}${text}` : '';
    return `${isTerminal ? CLEAR_LINE : ''}${text}\n`;
  }
  const { action, step, steps } = progress;
  const text = actionText(action);
  if (action.kind !== 'write-file' && action.kind !== 'create-folder')
    return `${isTerminal ? CLEAR_LINE : ''}${text}\n`;
  return isTerminal ? `${CLEAR_LINE}${text} (${step} of ${steps})` : '';
}

/** `Receiving objects:  42% (170/404)`; the last line of a count ends in `done.`. */
const UNDER_WAY = /\d% \(\d+\/\d+\)(?!.*\bdone\.)/;

const CLEAR_LINE = '\r\u001b[K';

const EXAMPLES = `
Examples:
  infrabuilder init --sample demo
  infrabuilder init --source-url ../mirror/agent.git --blueprint ~/Blueprint_vFinal.md
  infrabuilder init --dry-run

A second run changes nothing. A file of yours is never overwritten without --force.
`;
