import { CancelledError, throwIfCancelled } from '../base/errors.ts';
import type { Budget, Implementation, LoopState } from '../model/implementation.ts';
import type { Clock, LanguageModel, ModelMessage, ToolCall } from '../ports.ts';
import { RESUMED } from './account.ts';
import { act, outcomeText, refusalCode } from './act.ts';
import { askModel, keptCall } from './ask.ts';
import { outOfTime, timeLeft, usedUp } from './budget.ts';
import type { Desk, Missing } from './desk.ts';
import type { Finding } from './guards/content.ts';
import { openingMessages } from './prompt.ts';
import type { Recorder } from './recorder.ts';
import { END_AFTER, Repetition, WARN_AFTER } from './repetition.ts';
import { oneLine } from './text.ts';
import type { ToolOutcome } from './tools/tool.ts';
import { isEnd, type LoopEvent, nextState } from './transition.ts';
import { climb } from './verifying.ts';
import { claimsDone, LENGTH_NUDGE, NUDGE, repeatedText, STEP_FAILED } from './words.ts';

export interface LoopOptions {
  readonly desk: Desk;
  readonly model: LanguageModel;
  readonly budget: Budget;
  readonly recorder: Recorder;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly signal: AbortSignal;
  /** The conversation of a run that goes on, and the part of it that was not sent yet. */
  readonly conversation?: { readonly messages: readonly ModelMessage[]; readonly unsent: readonly ModelMessage[] };
  readonly say: (message: string) => void;
}

export interface LoopResult {
  readonly outcome: Implementation['outcome'];
  readonly reason: string;
  readonly missing: readonly Missing[];
  readonly tampering: readonly Finding[];
  readonly tests: Implementation['tests'];
}

/** A protected file that a model asks for so often has to change, or the model will not give up: a person decides. */
const MOST_GUARDED = 5;

type Stop = Extract<LoopEvent, { kind: 'stopped' }>;

/** Runs the states from intake to an end. Rejects with CancelledError when stopped and with what the model throws for good. */
export async function runLoop(options: LoopOptions): Promise<LoopResult> {
  return new Loop(options).run();
}

class Loop {
  readonly #options: LoopOptions;
  readonly #messages: ModelMessage[];
  #unsent: ModelMessage[];
  #state: LoopState = 'intake';
  readonly #repetition = new Repetition();
  readonly #guarded = new Map<string, number>();
  #result: Pick<LoopResult, 'tampering' | 'tests'> = { tampering: [], tests: null };
  #commit: string | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#messages = [...(options.conversation?.messages ?? [])];
    this.#unsent = [...(options.conversation?.unsent ?? [])];
  }

  async run(): Promise<LoopResult> {
    await (this.#messages.length === 0 ? this.#prepare() : this.#goOn());
    let reason = '';
    while (!isEnd(this.#state)) {
      const event = await this.#withinTime((signal) => this.#turn(signal));
      if (event === undefined) continue;
      await this.#move(event);
      reason = event.why;
    }
    const missing = this.#state === 'done' ? [] : await this.#options.desk.judge();
    return { outcome: this.#state, reason, missing, ...this.#result };
  }

  async #prepare(): Promise<void> {
    const { desk, recorder, signal, budget } = this.#options;
    await this.#note('intake', 'The task is taken in.');
    await this.#move({ kind: 'ready', why: await desk.intake() });
    await this.#move({ kind: 'ready', why: await desk.plan() });
    await this.#move({ kind: 'ready', why: await desk.architecture() });
    const checks = await desk.baseline(signal);
    await recorder.record({ type: 'baseline', checks: [...checks] });
    await this.#move({ kind: 'ready', why: 'What the checks say before any change is recorded.' });
    for (const message of openingMessages(await desk.brief(), checks, desk, budget)) this.#tell(message);
  }

  async #goOn(): Promise<void> {
    const { steps } = this.#options.recorder.account;
    this.#state = 'edit';
    await this.#note('edit', `${RESUMED} after step ${steps}.`);
  }

  /** One turn of the model; the event that ends the run, or nothing while it goes on. */
  async #turn(signal: AbortSignal): Promise<LoopEvent | undefined> {
    const { recorder, budget } = this.#options;
    const spent = usedUp(budget, recorder.account);
    if (spent !== undefined) return this.#overBudget(spent);
    const fresh = this.#unsent;
    const turn = await askModel(this.#messages, fresh, { ...this.#options, signal, onRetry: this.#options.say });
    this.#unsent = [];
    this.#tell({ role: 'assistant', text: turn.text, toolCalls: turn.toolCalls.map(keptCall) });
    return turn.toolCalls.length === 0
      ? this.#words(turn.text, turn.stop === 'length', signal)
      : this.#calls(turn.toolCalls, signal);
  }

  /** Words alone change nothing: they ask for verification, or they are answered with what can be done. */
  async #words(text: string, wasCut: boolean, signal: AbortSignal): Promise<LoopEvent | undefined> {
    const rounds = this.#repetition.add(`words ${text}`);
    if (rounds >= END_AFTER) return notDone(repeatedText(rounds, 'the same words'));
    if (!claimsDone(text)) {
      this.#tell({ role: 'user', text: wasCut ? LENGTH_NUDGE : NUDGE });
      return undefined;
    }
    const { event, note } = await this.#verify(oneLine(text), signal);
    if (note !== undefined) this.#tell({ role: 'user', text: note });
    return event;
  }

  async #calls(calls: readonly ToolCall[], signal: AbortSignal): Promise<LoopEvent | undefined> {
    let end: LoopEvent | undefined;
    let summary: string | undefined;
    const waiting: ToolCall[] = [];
    for (const call of calls) {
      throwIfCancelled(signal);
      const outcome = await act(call, { ...this.#options, signal });
      if (outcome.kind === 'written') await this.#keep(`${call.name} ${outcome.path}`);
      if (outcome.kind === 'verify') {
        waiting.push(call);
        summary = outcome.summary;
        continue;
      }
      end ??= this.#endBy(call, outcome);
      const warning = end === undefined ? this.#repeated(call, outcome) : undefined;
      if (typeof warning === 'object') end = warning;
      await this.#answer(
        call,
        outcomeText(outcome) + (typeof warning === 'string' ? `\n\n${warning}` : ''),
        refusalCode(outcome),
      );
    }
    if (waiting.length === 0 || end !== undefined) {
      for (const call of waiting) await this.#answer(call, 'The run ends.', null);
      return end;
    }
    const { event, note } = await this.#verify(summary ?? '', signal);
    for (const call of waiting) await this.#answer(call, note ?? 'Verified.', null);
    return event;
  }

  #endBy(call: ToolCall, outcome: ToolOutcome): Stop | undefined {
    if (outcome.kind === 'conflict') return needsPerson(`The model flags a conflict: ${outcome.reason}`);
    if (outcome.kind === 'too-large') return needsPerson(outcome.why);
    if (outcome.kind !== 'refused' || !outcome.refusal.code.startsWith('guard.')) return undefined;
    const path = String(call.input?.path ?? '');
    const times = (this.#guarded.get(path) ?? 0) + 1;
    this.#guarded.set(path, times);
    if (times < MOST_GUARDED) return undefined;
    return needsPerson(`The model asked ${times} times for what is refused: ${oneLine(outcome.refusal.message, 300)}`);
  }

  /** A warning for the model, or the end of the run. */
  #repeated(call: ToolCall, outcome: ToolOutcome): string | Stop | undefined {
    const rounds = this.#repetition.add(`${call.name} ${call.raw} ${outcomeText(outcome)}`);
    if (rounds >= END_AFTER) return notDone(repeatedText(rounds, call.name));
    return rounds >= WARN_AFTER ? `${repeatedText(rounds, call.name)} Do something else.` : undefined;
  }

  /** Climbs the stages; a note for the model where one does not hold, an event where the run ends. */
  async #verify(why: string, signal: AbortSignal): Promise<{ event?: LoopEvent; note?: string }> {
    const { desk, recorder, budget } = this.#options;
    await this.#move({ kind: 'requested', why: `The model asks to be verified${why === '' ? '.' : `: ${why}`}` });
    const climbed = await climb(desk, recorder, (event) => this.#move(event), signal);
    this.#result = { tampering: climbed.verdict.tampering, tests: climbed.verdict.tests ?? this.#result.tests };
    if (climbed.end !== undefined) return { event: climbed.end };
    const { forPerson } = climbed.verdict;
    if (forPerson !== undefined) return { event: needsPerson(forPerson), note: forPerson };
    const spent = usedUp(budget, recorder.account);
    if (spent !== undefined) return { event: this.#overBudget(spent), note: climbed.note ?? STEP_FAILED };
    return { note: climbed.note ?? STEP_FAILED };
  }

  /** With nothing that failed, more time may be all that is missing: that is for a person to say. */
  #overBudget(why: string): Stop {
    const holds = this.#options.recorder.account.lastVerdict?.holds === true;
    return holds
      ? needsPerson(`${why} What was measured so far holds; resume the run with a larger budget.`)
      : notDone(`${why} The task is not verified.`);
  }

  /** The budget of time ends a request, a check or a scenario that is under way. */
  async #withinTime(work: (signal: AbortSignal) => Promise<LoopEvent | undefined>): Promise<LoopEvent | undefined> {
    const { signal, budget, recorder } = this.#options;
    const limit = AbortSignal.timeout(Math.min(timeLeft(budget, recorder.account), 2 ** 31 - 1));
    try {
      return await work(AbortSignal.any([signal, limit]));
    } catch (error) {
      throwIfCancelled(signal);
      if (!limit.aborted || !(error instanceof CancelledError)) throw error;
      return this.#overBudget(outOfTime(budget));
    }
  }

  async #answer(call: ToolCall, text: string, refused: string | null): Promise<void> {
    const { recorder } = this.#options;
    const step = recorder.account.steps;
    const clean = recorder.clean(text);
    await recorder.record({ type: 'tool', step, callId: call.id, name: call.name, refused, result: clean });
    this.#tell({ role: 'tool', callId: call.id, text: clean });
  }

  #tell(message: ModelMessage): void {
    this.#messages.push(message);
    this.#unsent.push(message);
  }

  async #move(event: LoopEvent): Promise<void> {
    const { state, why } = nextState(this.#state, event);
    this.#state = state;
    await this.#note(state, why);
    await this.#keep(`state: ${state}`);
  }

  async #note(state: LoopState, why: string): Promise<void> {
    await this.#options.recorder.record({ type: 'state', state, why });
  }

  /** The copy as it is becomes a step that can be gone back to. */
  async #keep(message: string): Promise<void> {
    const { desk, recorder } = this.#options;
    const commit = await desk.bench.commit(message);
    if (commit === this.#commit) return;
    this.#commit = commit;
    await recorder.record({ type: 'commit', step: recorder.account.steps, commit, message });
  }
}

function notDone(why: string): Stop {
  return { kind: 'stopped', outcome: 'not-done', why };
}

function needsPerson(why: string): Stop {
  return { kind: 'stopped', outcome: 'needs-person', why };
}
