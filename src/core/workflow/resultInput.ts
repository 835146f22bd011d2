import type { ComparedValue, Proof, ResultGoal, ResultInput, ResultLine, ResultStep } from '../documents/result.ts';
import type { Ledger, MeasuredEntry } from '../evidence/store.ts';
import type { TaskEvidence } from '../goals/gate.ts';
import type { StepState } from '../goals/survey.ts';
import { openingOf } from '../goals/taskLog.ts';
import type { MeasuredValue } from '../model/check.ts';
import { deviationStatus, deviationText } from '../model/deviation.ts';
import type { Snapshot } from '../project/snapshot.ts';

/** What the result of a task is made of: the gate's own judgement, and earlier evidence to compare with. */
export function resultInput(snapshot: Snapshot, report: TaskEvidence, today: string): Omit<ResultInput, 'file'> {
  const { checkpoint, task } = report;
  const { ledger } = checkpoint.survey;
  const byId = new Map(checkpoint.states.map((state) => [state.step.id, state]));
  const earlier = new Earlier(ledger, task.slug);
  const proofsOf = (ids: readonly string[]) => ids.flatMap((id) => proofOf(byId.get(id)?.fresh) ?? []);
  return {
    snapshot,
    task,
    lines: report.acceptance.map((line): ResultLine => {
      const signed = line.signedBy !== undefined;
      const detail = signed ? `by ${line.signedBy}` : line.detail;
      return { text: line.text, verdict: signed ? 'signed-off' : line.verdict, detail, proofs: proofsOf(line.steps) };
    }),
    goals: report.goals.map(({ goal, verdict, fresh, reason, values, steps, commands }): ResultGoal => {
      const states = steps.flatMap((id) => byId.get(id) ?? []);
      return {
        id: goal.id,
        title: goal.title,
        named: task.goals.includes(goal.id),
        applies: goal.applies !== false,
        verdict,
        fresh,
        reason,
        values: values.map((value) => earlier.compare(value, states)),
        proofs: proofsOf(steps),
        command: commands.join(' && '),
      };
    }),
    steps: checkpoint.states.map((state): ResultStep => {
      const facts = (state.fresh ?? state.last)?.statement.predicate;
      return {
        id: state.step.id,
        verdict: facts?.verdict ?? 'not-run',
        reason: facts?.reason ?? 'It did not run yet.',
        proof: proofOf(state.fresh),
        tests: state.fresh === undefined ? null : (facts?.tests ?? null),
        values: state.fresh === undefined ? [] : (facts?.values ?? []).map((value) => earlier.compare(value, [state])),
        scenario: state.fresh === undefined ? null : (facts?.scenario ?? null),
        issues: state.fresh === undefined ? [] : (facts?.issues ?? []),
        command: state.step.command,
      };
    }),
    deviations: snapshot.deviations
      .filter(({ value }) => deviationStatus(value, today) !== 'rejected')
      .map(({ value }) => ({ id: value.id, item: value.blueprint_item, state: deviationText(value, today) })),
    signOffs: report.signOffs.flatMap((entry) => {
      const { line, by, reason, run, started } = entry.statement.predicate;
      return [{ line, by, reason, proof: { run, path: entry.path, started } }];
    }),
  };
}

function proofOf(entry: MeasuredEntry | undefined): Proof | undefined {
  if (entry === undefined) return undefined;
  return { run: entry.run, path: entry.path, started: entry.statement.predicate.started };
}

/** Values of earlier runs: of the one before, and of the baseline, which is what stood when the task was opened. */
class Earlier {
  readonly #ledger: Ledger;
  readonly #opened: number;

  constructor(ledger: Ledger, slug: string) {
    this.#ledger = ledger;
    const opening = openingOf(ledger, slug);
    this.#opened = opening === undefined ? 0 : ledger.entries.findIndex(({ run }) => run === opening.run);
  }

  compare(value: MeasuredValue, states: readonly StepState[]): ComparedValue {
    for (const { step, fresh } of states) {
      const history = this.#ledger.history(step.id).filter((entry) => valueIn(entry, value) !== undefined);
      const at = history.findIndex(({ run }) => run === fresh?.run);
      if (at <= 0) continue;
      const before = history.slice(0, at);
      const old = before.findLast(({ run }) => this.#place(run) < this.#opened) ?? before[0];
      const last = before.at(-1);
      return { ...value, last: last && valueIn(last, value), baseline: old && valueIn(old, value) };
    }
    return value;
  }

  #place(run: string): number {
    return this.#ledger.entries.findIndex((entry) => entry.run === run);
  }
}

/** Goals name values of a check as `test.coverage`. */
function valueIn({ statement }: MeasuredEntry, { name, unit }: MeasuredValue): number | undefined {
  const bare = name.slice(name.lastIndexOf('.') + 1);
  const found = statement.predicate.values.find((one) => one.name === name || one.name === bare);
  return found?.unit === unit ? found?.value : undefined;
}
