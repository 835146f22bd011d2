import { HumanError } from '../../core/base/errors.ts';
import type { ScenarioStep } from '../../core/model/scenario.ts';
import type { PlannedSequence } from '../../core/model/scenarioPlan.ts';
import type { StepRecord } from '../../core/model/scenarioRun.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { FaultController } from '../chaos/controller.ts';
import { type DeliveredPoint, readDelivered } from '../oracle/liveExports.ts';
import { planWorkload } from '../workload/planner.ts';
import { type Act, type ActContext, collect } from './act.ts';
import { plannedFault } from './faults.ts';
import type { Subject } from './subject.ts';

export interface StepOptions {
  readonly seed: number;
  readonly settleSeconds: number;
  readonly intervalSeconds: number;
  readonly received: string;
  readonly controlReceived: string | undefined;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly note: string;
}

/** What arrives late is waited for this long. */
const LATE_TICKS = 5;

/** Plays the steps of one scenario (plan section 6.2). Settings before the first other step are those it starts with. */
export async function playSteps(context: ActContext, sequence: PlannedSequence, options: StepOptions): Promise<Act> {
  const { stage, phases, say } = context;
  const player = new Player(context, options);
  const steps: StepRecord[] = [];
  const record = (index: number, action: string, { verdict, note }: Outcome) => {
    steps.push({ scenario: sequence.name, step: index + 1, action, verdict, note });
    say(`step ${index + 1} ${action}: ${verdict}. ${note}`);
  };
  phases.enter('start', sequence.name);
  let started = false;
  let from = Date.now();
  for (const [index, step] of sequence.steps.entries()) {
    if (step.action !== 'configure' && !started) {
      started = true;
      await stage.startAgents();
      phases.enter('warm up', `${context.warmUpSeconds} s`);
      await context.watch.sleep(context.warmUpSeconds * 1000);
      phases.enter('steady state');
      from = Date.now();
      player.trigger();
    }
    record(index, step.action, await player.play(step));
  }
  const faults = await player.controller.resolveAll();
  return collect(context, { from, to: Date.now(), faults, steps });
}

class Player {
  readonly controller: FaultController;
  readonly #context: ActContext;
  readonly #options: StepOptions;
  /** When the last thing happened that events may answer to. */
  #since = Date.now();

  constructor(context: ActContext, options: StepOptions) {
    this.#context = context;
    this.#options = options;
    this.controller = new FaultController(context.stage.targets, context.journal);
  }

  trigger(): void {
    this.#since = Date.now();
  }

  async play(step: ScenarioStep): Promise<Outcome> {
    const { stage, watch, phases, tool } = this.#context;
    switch (step.action) {
      case 'configure': {
        this.trigger();
        const how = stage.subjects.map(({ agent }) => agent.configure(step.params))[0] ?? '';
        return { verdict: 'pass', note: `${Object.keys(step.params).join(', ')}: ${how}.` };
      }
      case 'start_workload': {
        this.trigger();
        const { type, ...params } = step.params;
        const plan = planWorkload({ type, params, seed: this.#options.seed, durationMs: LONGEST_SEQUENCE_MS });
        await stage.startWorkload(plan, tool);
        return { verdict: 'pass', note: `${type}: ${plan.processes.length} processes live.` };
      }
      case 'wait':
        await watch.sleep(step.params.duration_seconds * 1000);
        return { verdict: 'pass', note: `${step.params.duration_seconds} s.` };
      case 'inject_failure': {
        phases.enter('faults');
        this.trigger();
        const { type, target, duration_seconds: duration, ...params } = step.params;
        const durationSeconds = typeof duration === 'number' ? duration : undefined;
        const fault = plannedFault({ type, target, params, atSeconds: 0, durationSeconds });
        const record = await this.controller.inject({
          type: fault.type,
          target: fault.target,
          params: fault.params,
          ...(fault.durationSeconds !== undefined && { durationMs: fault.durationSeconds * 1000 }),
        });
        if (record.state === 'not-run') return { verdict: 'not-run', note: record.reason ?? '' };
        return record.proof?.holds === true
          ? { verdict: 'pass', note: `${record.method}: ${record.proof.observed}.` }
          : { verdict: 'inconclusive', note: `not proven: ${record.reason ?? record.proof?.observed ?? ''}` };
      }
      case 'verify':
        return this.#verify(step.params);
    }
  }

  async #verify(params: Extract<ScenarioStep, { action: 'verify' }>['params']): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    if (params.expect_event !== undefined) outcomes.push(await this.#expectEvent(pattern(params.expect_event)));
    if (params.expect_no_event !== undefined) outcomes.push(await this.#expectNone(pattern(params.expect_no_event)));
    if (params.expect_metric !== undefined) outcomes.push(await this.#expectMetric(params.expect_metric));
    return (
      outcomes.find(({ verdict }) => verdict !== 'pass') ?? {
        verdict: 'pass',
        note: outcomes.map(({ note }) => note).join(' '),
      }
    );
  }

  async #expectEvent(wanted: RegExp): Promise<Outcome> {
    const { stage, watch } = this.#context;
    const found = async () =>
      (await this.#events(stage.subjects[0], this.#options.received, 0)).find((text) => wanted.test(text));
    const event = await watch.find(found, this.#lateMs());
    if (event === undefined) return { verdict: 'fail', note: `No new event matches ${wanted.source}.` };
    const control = this.#options.controlReceived;
    const also = control && (await this.#events(stage.control, control, 0)).find((text) => wanted.test(text));
    return also
      ? { verdict: 'fail', note: `The agent that nothing was done to reports it too: ${also}` }
      : { verdict: 'pass', note: `${event}` };
  }

  async #expectNone(unwanted: RegExp): Promise<Outcome> {
    const { settleSeconds, received } = this.#options;
    const events = await this.#events(this.#context.stage.subjects[0], received, settleSeconds);
    const event = events.find((text) => unwanted.test(text));
    return event === undefined
      ? { verdict: 'pass', note: `No event matches ${unwanted.source} (${settleSeconds} s to settle).` }
      : { verdict: 'fail', note: `An event matches ${unwanted.source}: ${event}` };
  }

  async #expectMetric(name: string): Promise<Outcome> {
    const { stage, watch } = this.#context;
    const wanted = pattern(`^(?:${name})$`);
    const look = async (): Promise<DeliveredPoint | undefined> => {
      const subject = stage.subjects[0];
      if (subject === undefined) return undefined;
      const { points } = await readDelivered(this.#options.received, 'received.jsonl', subject.agent.nonce);
      const all = points.filter((point) => wanted.test(point.name));
      const before = all.filter(({ at }) => at < this.#since).at(-1)?.value ?? 0;
      return all.find(({ at, value, monotonic }) => at >= this.#since && (monotonic ? value > before : value !== 0));
    };
    const point = await watch.find(look, this.#lateMs());
    return point === undefined
      ? { verdict: 'fail', note: `The metric ${name} was not reported, or did not move.` }
      : { verdict: 'pass', note: `${point.name} = ${point.value}.` };
  }

  /** Events of the log and of the receiver since the last trigger, `after` seconds left out. */
  async #events(subject: Subject | undefined, received: string, after: number): Promise<string[]> {
    if (subject === undefined) return [];
    const since = this.#since + after * 1000;
    const delivered = await readDelivered(received, 'received.jsonl', subject.agent.nonce);
    return [...subject.agent.events, ...delivered.events].filter(({ at }) => at >= since).map(({ text }) => text);
  }

  #lateMs(): number {
    return LATE_TICKS * this.#options.intervalSeconds * 1000;
  }
}

/** Changes of a workload over time are planned this far. */
const LONGEST_SEQUENCE_MS = 3_600_000;

function pattern(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new HumanError('scenario.bad-pattern', `"${source}" is no regular expression: ${String(error)}`);
  }
}
