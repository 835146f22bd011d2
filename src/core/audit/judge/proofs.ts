import type { Checkpoint } from '../../goals/checkpoint.ts';
import { type GoalState, holdsNow } from '../../goals/goalState.ts';
import type { StepState } from '../../goals/survey.ts';
import type { MeasuredValue } from '../../model/check.ts';
import { isKind } from '../../model/evidence.ts';
import { isKpi, KPIS } from '../../model/kpi.ts';
import { convert } from '../../model/units.ts';
import type { ClaimVerdict, Execution, Figure, Statement } from '../claim.ts';

/** What one piece of evidence, or a run of this audit, says about something that a claim names. */
export interface Ruling {
  readonly verdict: ClaimVerdict;
  readonly evidence: readonly string[];
  readonly reason: string;
}

/** Characters; shorter sentences are no quotes. */
const SHORTEST_QUOTE = 20;

interface Measured {
  readonly step: string;
  readonly run: string;
  readonly path: string;
  readonly value: MeasuredValue;
  readonly isFresh: boolean;
}

/** Everything that can speak for a claim or against it. */
export class Proofs {
  readonly checkpoint: Checkpoint;
  readonly executions: readonly Execution[];
  /** Places that cannot compile, found without running anything. */
  readonly broken: readonly string[];
  readonly #values: readonly Measured[];

  constructor(checkpoint: Checkpoint, executions: readonly Execution[], broken: readonly string[]) {
    this.checkpoint = checkpoint;
    this.executions = executions;
    this.broken = broken;
    const fresh = new Set(checkpoint.states.flatMap((state) => state.fresh?.run ?? []));
    this.#values = checkpoint.survey.ledger.entries.flatMap((entry) => {
      if (!isKind('measurement', entry.statement)) return [];
      const { step, values } = entry.statement.predicate;
      const { run, path } = entry;
      return values.map((value) => ({ step, run, path, value, isFresh: fresh.has(run) }));
    });
  }

  /** Names of all metrics that evidence has ever held. */
  get metrics(): ReadonlySet<string> {
    return new Set(this.#values.map(({ value }) => value.name));
  }

  /** The very figure: fresh, then old; a fresh one of the same metric that differs contradicts it. */
  figure(figure: Figure, { runs, text }: Pick<Statement, 'runs' | 'text'>): Ruling {
    const cited = this.#values.filter(({ run }) => runs.includes(run));
    const named = this.#values.filter(({ value }) => metricName(value.name) === metricName(figure.metric));
    const same = [...named, ...cited].filter(({ value }) => equals(value, figure));
    const fresh = same.find(({ isFresh }) => isFresh);
    if (fresh !== undefined) return say('supported', [fresh], `${fresh.step} measured ${figureText(figure)}.`);
    const quoted = this.quoted(text);
    if (quoted !== undefined) return quoted;
    const old = same.at(-1);
    if (old !== undefined)
      return say('stale', [old], `${old.step} measured ${figureText(figure)} on another work tree.`);
    const others = named.filter(({ isFresh, value }) => isFresh && comparable(value, figure));
    const shown = others.map(
      ({ step, value }) => `${step}: ${value.value}${value.unit === undefined ? '' : ` ${value.unit}`}`,
    );
    if (others.length > 0) return say('contradicted', others, `Not ${figureText(figure)}, but ${shown.join('; ')}.`);
    return { verdict: 'no-evidence', evidence: [], reason: `No evidence has ${figureText(figure)}.` };
  }

  /** A sentence of evidence or of a goal, repeated word for word: its figures are those of the evidence. */
  quoted(text: string): Ruling | undefined {
    const line = flat(text);
    const says = (reason: string) => reason.length >= SHORTEST_QUOTE && line.includes(flat(reason));
    const { goals, states } = this.checkpoint;
    const goal = goals.find((state) => holdsNow(state) && says(state.reason));
    if (goal !== undefined) return this.goal(goal);
    const state = states.find(({ fresh }) => says(fresh?.statement.predicate.reason ?? ''));
    return state && this.step(state);
  }

  /** The runs that a line names, each by what it says about the work tree as it is. */
  runs(names: readonly string[]): Ruling[] {
    return names.map((name): Ruling => {
      const state = this.checkpoint.states.find(({ fresh }) => fresh?.run === name);
      if (state !== undefined) return this.step(state);
      const known = this.checkpoint.survey.ledger.entries.find(({ run }) => run === name);
      if (known === undefined) return { verdict: 'no-evidence', evidence: [], reason: `${name} is no evidence here.` };
      return { verdict: 'stale', evidence: [known.path], reason: `${name} is not of this work tree.` };
    });
  }

  goal(state: GoalState): Ruling {
    const { goal, verdict, fresh, reason, evidence } = state;
    const said = `${goal.id}: ${verdict}. ${reason}`;
    if (holdsNow(state)) return { verdict: 'supported', evidence, reason: said };
    if (verdict === 'pass') return { verdict: 'stale', evidence, reason: said };
    if (verdict === 'fail') return { verdict: fresh ? 'contradicted' : 'stale', evidence, reason: said };
    return { verdict: 'no-evidence', evidence, reason: said };
  }

  /** A check or scenario, by what ran just now or by evidence. */
  step(state: StepState): Ruling {
    const { id } = state.step;
    const ran = this.executions.find(({ check }) => check !== undefined && id === `check:${check}`);
    if (ran !== undefined && ran.outcome !== 'unknown') return executed(ran);
    const entry = state.fresh ?? state.last;
    const verdict = entry?.statement.predicate.verdict;
    if (entry === undefined) return { verdict: 'no-evidence', evidence: [], reason: `${id} has left no evidence.` };
    const said = `${id}: ${verdict}. ${entry.statement.predicate.reason}`;
    if (state.fresh === undefined) {
      // What is stale and failed supports nothing either.
      return {
        verdict: verdict === 'pass' ? 'stale' : 'no-evidence',
        evidence: [entry.path],
        reason: `${said} Stale.`,
      };
    }
    if (verdict === 'pass') return { verdict: 'supported', evidence: [entry.path], reason: said };
    return { verdict: verdict === 'fail' ? 'contradicted' : 'no-evidence', evidence: [entry.path], reason: said };
  }

  /** Whether the source compiles: nothing that does not can be tested, built or green. */
  build(): Ruling {
    const broken = this.executions.filter(({ check, outcome }) => check === undefined && outcome === 'breaks');
    if (broken.length > 0) {
      const [first] = broken;
      const places = broken.flatMap(({ place }) =>
        place === undefined ? [] : `${place.file}:${place.range.start.line}`,
      );
      return { verdict: 'contradicted', evidence: places, reason: `${first?.command} fails: ${first?.reason}` };
    }
    if (this.broken.length > 0) {
      return {
        verdict: 'contradicted',
        evidence: this.broken.slice(0, 3),
        reason: 'The source does not compile: it imports packages that do not exist.',
      };
    }
    const built = this.executions.filter(({ check, outcome }) => check === undefined && outcome === 'holds');
    if (built.length === 0) return { verdict: 'no-evidence', evidence: [], reason: 'Nothing was built.' };
    const commands = built.map(({ command, cwd }) => `${command} (in ${cwd})`);
    return { verdict: 'supported', evidence: commands, reason: `${commands.join(', ')} exits 0.` };
  }
}

function executed({ outcome, reason, check, place }: Execution): Ruling {
  const where = place === undefined ? `infrabuilder check ${check}` : `${place.file}:${place.range.start.line}`;
  const said = `The check ${check}, run just now: ${reason}`;
  return { verdict: outcome === 'holds' ? 'supported' : 'contradicted', evidence: [where], reason: said };
}

function say(verdict: ClaimVerdict, values: readonly Measured[], reason: string): Ruling {
  return { verdict, evidence: [...new Set(values.map(({ path }) => path))], reason };
}

function comparable(value: MeasuredValue, { unit }: Figure): boolean {
  return unit === undefined || value.unit === undefined || convert(value.value, value.unit, unit) !== undefined;
}

/** Equal as exactly as the claim is written. */
function equals(value: MeasuredValue, { value: claimed, unit, decimals }: Figure): boolean {
  const own = value.unit === undefined || unit === undefined ? value.value : convert(value.value, value.unit, unit);
  return own !== undefined && Math.abs(own - claimed) <= 0.5 * 10 ** -decimals + Number.EPSILON * 16;
}

function figureText({ metric, value, unit, decimals }: Figure): string {
  if (unit === 'count') return `${value} ${metric}`;
  return `${metric} ${value.toFixed(decimals)}${unit === undefined ? '' : ` ${unit}`}`;
}

function flat(text: string): string {
  return text
    .replace(/[`*\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const ALIASES: Readonly<Record<string, string>> = {
  cpu: 'cpu_usage',
  cpu_percent: 'cpu_usage',
  memory: 'memory_usage',
  rss: 'memory_usage',
  memory_rss: 'memory_usage',
  p95_p99_error: 'p95p99_error',
  capture_ratio: 'topn_capture_ratio',
  top_n_capture_ratio: 'topn_capture_ratio',
  test_coverage: 'coverage',
  code_coverage: 'coverage',
  statement_coverage: 'coverage',
  of_statements: 'coverage',
  passed: 'tests_passed',
  failed: 'tests_failed',
  skipped: 'tests_skipped',
};

/** One name for what people write in several ways: `CPU`, `cpu usage` and `cpu_usage`. */
export function metricName(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
  if (isKpi(plain)) return plain;
  const titled = Object.entries(KPIS).find(
    ([, { title }]) => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_') === plain,
  )?.[0];
  return titled ?? ALIASES[plain] ?? plain;
}
