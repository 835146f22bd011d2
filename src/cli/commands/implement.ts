import { type Command, InvalidArgumentError } from 'commander';
import { HumanError } from '../../core/base/errors.ts';
import type { Engine } from '../../core/engine.ts';
import type { Implementation, TranscriptEntry } from '../../core/model/implementation.ts';
import { type ImplementEvent, type ImplementRequest, runImplement } from '../../core/operations/implement.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT } from '../exit.ts';
import { parentModel } from '../parentModel.ts';
import { entryLines, implementationText } from '../render/implement.ts';
import { addCommon, examples } from './common.ts';
import {
  acceptRun,
  discardRun,
  isolationOf,
  listRuns,
  type RunOptions,
  showDiff,
  showTranscript,
} from './implementRuns.ts';

export interface ImplementOptions extends RunOptions {
  readonly baseUrl?: string;
  readonly model?: string;
  readonly maxSteps?: number;
  readonly maxRepairs?: number;
  readonly maxTokens?: number;
  readonly minutes?: number;
  readonly events?: boolean;
  readonly modelFromParent?: boolean | string;
  readonly resume?: string;
  readonly replay?: string;
}

const OUTCOME_EXIT: Readonly<Record<Implementation['outcome'], number>> = {
  done: EXIT.holds,
  'not-done': EXIT.doesNotHold,
  'needs-person': EXIT.notRun,
};

export function addImplement(program: Command, context: Context): void {
  addCommon(program.command('implement'))
    .description('let a model implement a task in a copy of the workspace; the gate decides whether it is done')
    .argument('[slug]', 'name of the task')
    .option('--base-url <url>', 'the OpenAI-compatible endpoint of the model, such as http://127.0.0.1:11434/v1')
    .option('--model <name>', 'the model; by default the first one that the endpoint offers')
    .option('--max-steps <number>', 'turns of the model', count)
    .option('--max-repairs <number>', 'how often one stage of verification may fail', count)
    .option('--max-tokens <number>', 'input and output tokens together', count)
    .option('--minutes <number>', 'time that the run may take', positive)
    .option('--events', 'print transcript and result as JSON lines; stops when standard input ends')
    .option('--model-from-parent [name]', 'with --events: ask whoever reads the events, who answers on standard input')
    .option('--resume <run>', 'go on with a run that was interrupted, or that wants a larger budget')
    .option('--replay <file>', 'play the answers of a transcript again, without a model')
    .option('--list', 'list the runs that have a branch')
    .option('--diff <run>', 'show what a run has changed')
    .option('--accept <run>', 'bring the files of a run, with its evidence, into the workspace')
    .option('--discard <run>', 'remove the copy and the branch of a run; its transcript stays')
    .option('--transcript <run>', 'show what happened in a run')
    .option('--html <file>', 'with --transcript: write it as a page')
    .addHelpText('after', HELP)
    .action((slug: string | undefined, options: ImplementOptions) => run(slug, options, context));
}

async function run(slug: string | undefined, options: ImplementOptions, context: Context): Promise<void> {
  refuseMixture(slug, options);
  const engine = context.engine(options);
  if (options.list) return listRuns(engine, options, context);
  if (options.diff !== undefined) return showDiff(engine, options.diff, options, context);
  if (options.accept !== undefined) return acceptRun(engine, options.accept, options, context);
  if (options.discard !== undefined) return discardRun(engine, options.discard, options, context);
  if (options.transcript !== undefined) return showTranscript(engine, options.transcript, options, context);
  const events = options.events ? eventRun(context) : undefined;
  const request = await requestOf(engine, slug, options, context);
  const parent = events && options.modelFromParent ? parentModel(context.io, events, parentName(options)) : undefined;
  const result = await runImplement(
    engine,
    { ...request, model: parent },
    {
      signal: events?.signal ?? context.io.signal,
      onEvent: events ? (event) => events.emit(event) : shown(context),
    },
  ).finally(() => parent?.close());
  const json = { schemaVersion: 1, ...result };
  if (events) events.emit({ type: 'result', result: json });
  else if (options.json) context.printJson(json);
  else context.print(implementationText(context.io.out, result));
  context.exitCode = OUTCOME_EXIT[result.outcome];
}

function shown(context: Context): (event: ImplementEvent) => void {
  const text = entryLines(context.io.err);
  return (event) => context.say(event.type === 'entry' ? text(event.entry) : `  ${event.message}\n`);
}

async function requestOf(
  engine: Engine,
  slug: string | undefined,
  options: ImplementOptions,
  context: Context,
): Promise<ImplementRequest> {
  const { baseUrl, model, maxSteps, maxRepairs, maxTokens, minutes, resume } = options;
  const replay = options.replay === undefined ? undefined : await readReplay(engine, options.replay, context);
  return {
    slug: slug ?? (await slugOf(engine, resume, replay)),
    resume,
    replay,
    baseUrl,
    modelName: model,
    budget: { steps: maxSteps, repairs: maxRepairs, tokens: maxTokens, minutes },
  };
}

function parentName({ modelFromParent }: ImplementOptions): string {
  return typeof modelFromParent === 'string' ? modelFromParent : 'the model of the parent process';
}

async function readReplay(engine: Engine, file: string, context: Context): Promise<readonly TranscriptEntry[]> {
  const reading = await engine.transcripts?.read({ file });
  for (const { file: at, range, message } of reading?.issues ?? []) {
    context.say(`${at}:${range.start.line}: ${message}\n`);
  }
  return reading?.entries ?? [];
}

/** The task that a run, or a recording of one, is about. */
async function slugOf(
  engine: Engine,
  resume: string | undefined,
  replay: readonly TranscriptEntry[] | undefined,
): Promise<string> {
  const recorded = replay?.find((entry) => entry.type === 'run')?.task;
  if (recorded !== undefined) return recorded;
  if (resume === undefined) throw noTask('No task is named.');
  const found = (await isolationOf(engine).list()).find(({ run: one }) => one === resume);
  if (found === undefined) throw noTask(`There is no run ${resume}.`);
  return found.task;
}

function refuseMixture(slug: string | undefined, options: ImplementOptions): void {
  const { list, diff, accept, discard, transcript, resume, replay, html, events, modelFromParent } = options;
  const chosen = Object.entries({ list, diff, accept, discard, transcript, resume, replay }).filter(
    ([, value]) => value,
  );
  const names = chosen.map(([name]) => `--${name}`);
  if (names.length > 1) throw usage(`${names.join(' and ')} do not go together.`);
  if (html !== undefined && transcript === undefined) throw usage('--html goes with --transcript.');
  if (modelFromParent && !events) throw usage('--model-from-parent goes with --events.');
  const alone = chosen.find(([name]) => name !== 'resume' && name !== 'replay');
  if (slug !== undefined && alone) throw usage(`--${alone[0]} takes no task.`);
}

function usage(message: string): HumanError {
  return new HumanError('implement.usage', message, 'infrabuilder implement --help shows how it is called.');
}

function noTask(message: string): HumanError {
  return new HumanError(
    'implement.no-task',
    message,
    'infrabuilder tasks and infrabuilder implement --list show what there is.',
  );
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Give a whole number of at least 1.');
  return number;
}

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}

const HELP = `
The run works in a copy below .infrabuilder/runs/, on a branch of its own. Your files, your index and your branches stay as
they are until you accept. The model has no shell and no network, and tests, checks, goals and evidence are out of its reach.

The model comes from --base-url and --model, else from INFRABUILDER_BASE_URL and INFRABUILDER_MODEL, else from "llm" in
infrabuilder.yaml. Exit code 1: not done. Exit code 4: a person has to decide.
${examples(
  'infrabuilder implement topn_sampler --base-url http://127.0.0.1:11434/v1 --model qwen3-coder',
  'infrabuilder implement topn_sampler --max-steps 40 --minutes 30 --json',
  'infrabuilder implement --list',
  'infrabuilder implement --resume 20261122-113000-1a2b --minutes 60',
  'infrabuilder implement --diff 20261122-113000-1a2b',
  'infrabuilder implement --accept 20261122-113000-1a2b',
  'infrabuilder implement --transcript 20261122-113000-1a2b --html run.html',
  'infrabuilder implement --replay .infrabuilder/runs/20261122-113000-1a2b/transcript.jsonl',
)}`;
