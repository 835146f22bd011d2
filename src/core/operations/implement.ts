import { z } from 'zod';
import { type Account, count, NO_ACCOUNT } from '../agent/account.ts';
import { type Rebuilt, rebuild } from '../agent/conversation.ts';
import { type LoopResult, runLoop } from '../agent/loop.ts';
import { Recorder } from '../agent/recorder.ts';
import { replayModel } from '../agent/replay.ts';
import { errorMessage, HumanError } from '../base/errors.ts';
import type { Engine } from '../engine.ts';
import { BASE_URL_VARIABLE, MODEL_VARIABLE } from '../grounding/provider.ts';
import {
  type Budget,
  budgetSchema,
  DEFAULT_BUDGET,
  type Implementation,
  implementationSchema,
  type TranscriptEntry,
  transcriptPath,
} from '../model/implementation.ts';
import type { LanguageModel, Workbench } from '../ports.ts';
import { checkAlignment } from '../workflow/alignment.ts';
import { type Copy, openCopy, trustEvidence } from './implementCopy.ts';
import { createDesk } from './implementDesk.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { currentSnapshot, findTask } from './verify.ts';

export type BudgetChange = { readonly [K in keyof Budget]?: Budget[K] | undefined };

export interface ImplementRequest {
  readonly slug: string;
  /** A run that a crash or a closed window has left. */
  readonly resume?: string | undefined;
  /** What differs from `DEFAULT_BUDGET`, or from the budget of the run that is resumed. */
  readonly budget?: BudgetChange | undefined;
  /** Who writes; else the endpoint that `baseUrl`, `modelName`, environment or configuration name. */
  readonly model?: LanguageModel | undefined;
  readonly baseUrl?: string | undefined;
  readonly modelName?: string | undefined;
  /** Plays the answers of an earlier run again, without a model. */
  readonly replay?: readonly TranscriptEntry[] | undefined;
}

/** What happens in a run, for whoever watches. Entries are without secrets, as the transcript has them. */
export type ImplementEvent =
  | { readonly type: 'entry'; readonly entry: TranscriptEntry }
  | { readonly type: 'progress'; readonly message: string };

export interface ImplementOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ImplementEvent) => void) | undefined;
}

/**
 * Lets a model implement a task in a copy of the workspace. The person's tree stays as it is; the outcome comes from the
 * gate alone. HumanError `implement.no-model`, `task.*` as for opening a task, `isolation.*`, `model.*` where the model fails
 * for good (the run can be resumed), CancelledError when stopped.
 */
export async function runImplement(
  engine: Engine,
  request: ImplementRequest,
  options: ImplementOptions = {},
): Promise<Implementation> {
  const say = (message: string) => options.onEvent?.({ type: 'progress', message: engine.redact(message) });
  const { isolation, at } = engine;
  if (isolation === undefined || at === undefined) {
    throw new HumanError(
      'isolation.none',
      'This workspace cannot be copied, so no model can work in it.',
      'Open a folder on a disk.',
    );
  }
  const earlier = request.resume === undefined ? undefined : await readRun(engine, request.resume, request.slug);
  if (earlier === undefined) await checkIntake(engine, request.slug);
  const model = await chooseModel(engine, request, say, options.signal);
  const run = request.resume ?? newRunName(engine.goalPorts.clock.now());
  const bench = await (earlier === undefined ? isolation.begin({ run, task: request.slug }) : isolation.resume(run));
  try {
    return await work({
      engine,
      copy: openCopy(engine, at(bench.root), bench, request.slug),
      model,
      run,
      earlier,
      request,
      options,
      say,
    });
  } finally {
    await bench.release();
  }
}

interface Work {
  readonly engine: Engine;
  readonly copy: Copy;
  readonly model: LanguageModel;
  readonly run: string;
  readonly earlier: Rebuilt | undefined;
  readonly request: ImplementRequest;
  readonly options: ImplementOptions;
  readonly say: (message: string) => void;
}

async function work({ engine, copy, model, run, earlier, request, options, say }: Work): Promise<Implementation> {
  const { clock } = engine.goalPorts;
  const { bench, slug } = copy;
  const recorder = new Recorder(
    {
      run,
      clock,
      transcripts: engine.transcripts,
      redact: (text) => engine.redact(text),
      onEntry: (entry) => options.onEvent?.({ type: 'entry', entry }),
    },
    (earlier?.kept ?? []).reduce(count, NO_ACCOUNT),
  );
  const budget = budgetOf(request, recorder.account.run?.budget);
  const hasBegun = earlier !== undefined && earlier.messages.length > 0;
  if (earlier !== undefined) await bench.rollback(earlier.commit ?? bench.base);
  if (hasBegun) await trustEvidence(copy);
  else {
    const { version } = engine;
    await recorder.record({
      type: 'run',
      version: 1,
      run,
      task: slug,
      model: model.name,
      engine: version,
      base: bench.base,
      budget,
    });
  }
  const signal = options.signal ?? new AbortController().signal;
  try {
    const desk = await createDesk(copy, say);
    const conversation = hasBegun ? { messages: earlier.messages, unsent: earlier.unsent } : undefined;
    const loop = { desk, model, budget, recorder, clock, signal, say, ...(conversation && { conversation }) };
    const result = await runLoop(loop);
    await recorder.record({ type: 'end', outcome: result.outcome, reason: result.reason });
    return await implementationOf(copy, model, recorder.account, result);
  } catch (error) {
    // A disk that is full must not hide what went wrong first.
    await recorder.record({ type: 'end', outcome: 'interrupted', reason: errorMessage(error) }).catch(() => undefined);
    if (earlier === undefined && recorder.account.baseline === undefined) await dropEmpty(engine, bench);
    throw error;
  }
}

/** A run that ended before its first turn has nothing to go on with. */
async function dropEmpty({ isolation }: Engine, bench: Workbench): Promise<void> {
  await bench.release();
  await isolation?.discard(bench.run);
}

async function implementationOf(
  { bench, slug }: Copy,
  model: LanguageModel,
  account: Account,
  { outcome, reason, missing, tampering, tests }: LoopResult,
): Promise<Implementation> {
  const { steps, usage, refusals, failed, elapsed } = account;
  return {
    run: bench.run,
    slug,
    model: model.name,
    outcome,
    reason,
    missing,
    branch: bench.branch,
    root: bench.root,
    changes: (await bench.changes()).map((change) => ({ ...change })),
    tests,
    steps,
    repairs: [...failed.values()].reduce((sum, times) => sum + times, 0),
    usage,
    refusals,
    tampering,
    seconds: Math.round(elapsed / 1000),
    transcript: transcriptPath(bench.run),
  };
}

/** Refuses on the person's own tree what would be refused in the copy: that costs nothing. */
async function checkIntake(engine: Engine, slug: string): Promise<void> {
  await engine.settle();
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  if (task.status === 'done') {
    throw new HumanError('task.already-done', `${slug} is done.`, `Reopen it with "infrabuilder task reopen ${slug}".`);
  }
  const waiting = task.dependsOn.filter((other) => snapshot.task(other)?.status !== 'done');
  if (waiting.length > 0) {
    throw new HumanError(
      'task.blocked',
      `${slug} waits for ${waiting.join(', ')}.`,
      'Complete what it waits for first.',
    );
  }
  const astray = checkAlignment(snapshot, task).filter(({ holds }) => !holds);
  if (astray.length > 0) {
    const message = `${slug} and the blueprint do not agree. ${astray.map((point) => point.message).join(' ')}`;
    throw new HumanError('task.not-aligned', message, 'Mend the task or the mapping, then start again.');
  }
}

async function chooseModel(
  engine: Engine,
  { model, baseUrl, modelName, replay }: ImplementRequest,
  say: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<LanguageModel> {
  if (replay !== undefined) return replayModel(replay, say);
  if (model !== undefined && model !== engine.grounding.offline) return model;
  const resolved = await engine.provider({ baseUrl, model: modelName }, signal);
  if (resolved.model !== undefined) return resolved.model;
  throw new HumanError(
    'implement.no-model',
    `${resolved.note === undefined ? '' : `${resolved.note} `}${resolved.name} answers by quoting; it cannot write code.`,
    `Name a model: --base-url http://127.0.0.1:11434/v1 --model NAME, ${BASE_URL_VARIABLE} and ${MODEL_VARIABLE}, or llm in infrabuilder.yaml.`,
  );
}

/** What the transcript of a run holds that can go on. */
async function readRun({ transcripts }: Engine, run: string, slug: string): Promise<Rebuilt> {
  const entries = (await transcripts?.read({ run }))?.entries ?? [];
  const begun = entries.find((entry) => entry.type === 'run');
  if (begun !== undefined && begun.task !== slug) {
    throw new HumanError(
      'implement.other-task',
      `The run ${run} is about ${begun.task}, not ${slug}.`,
      `Resume it as ${begun.task}.`,
    );
  }
  if (entries.findLast((entry) => entry.type === 'end')?.outcome === 'done') {
    throw new HumanError(
      'implement.finished',
      `The run ${run} is done.`,
      `Take it over with "infrabuilder implement --accept ${run}".`,
    );
  }
  return rebuild(entries);
}

function budgetOf({ budget = {}, replay }: ImplementRequest, earlier: Budget | undefined): Budget {
  const recorded = replay?.find((entry) => entry.type === 'run')?.budget;
  const given = Object.fromEntries(Object.entries(budget).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_BUDGET, ...recorded, ...earlier, ...given };
}

/** `20261122-113000-1a2b`: sorts by time, and two at once do not meet. */
export function newRunName(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const random = crypto.getRandomValues(new Uint8Array(2));
  return `${stamp}-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export const implement = defineOperation({
  name: 'implement',
  title: 'Implement a task',
  description:
    'Lets the configured model write a task in a copy of the workspace; the gate says if it is done. A person accepts it.',
  readOnly: false,
  // No endpoint: whoever calls a tool must not choose where source code and a key are sent.
  input: z.object({
    slug: z.string(),
    resume: z.string().describe('a run to go on with').optional(),
    budget: budgetSchema.pick({ steps: true, repairs: true, tokens: true, minutes: true }).partial().optional(),
  }),
  output: implementationSchema.extend({ schemaVersion }),
  async run(engine, input, { signal, onProgress }) {
    const onEvent = (event: ImplementEvent) => {
      if (event.type === 'progress') onProgress?.(event.message);
    };
    const result = await runImplement(engine, input, { signal, onEvent });
    return { ...result, schemaVersion: 1 as const };
  },
});
