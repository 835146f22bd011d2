import type { GateReport } from '../goals/gate.ts';
import type { GoalState } from '../goals/goalState.ts';
import type { StepState } from '../goals/survey.ts';
import { openingOf } from '../goals/taskLog.ts';
import type { Task } from '../model/task.ts';
import type { WorkTree } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { TaskDocuments } from './taskDocuments.ts';
import type { MeasurementFact, TaskEvidence, TaskFacts } from './transition.ts';

/** What folder and file alone can tell; cheap enough for a list of thousands. */
export function plainFacts(snapshot: Snapshot, task: Task, errors: readonly string[]): TaskFacts {
  const { plan, arch } = snapshot.reports(task.slug);
  return {
    hasPlan: plan !== undefined,
    hasArch: arch !== undefined,
    dependencies: new Map(task.dependsOn.map((slug) => [slug, snapshot.task(slug)?.status])),
    errors,
  };
}

/** Everything, with evidence and the state of the documents. */
export async function fullFacts(
  snapshot: Snapshot,
  report: GateReport,
  documents: TaskDocuments,
  tree: Pick<WorkTree, 'diff'>,
): Promise<TaskFacts> {
  const { task, checkpoint } = report;
  const [plan, arch, result] = await Promise.all([
    documents.state('plan'),
    documents.state('arch'),
    documents.state('result'),
  ]);
  const facts = (prefix: string) => checkpoint.states.filter(({ step }) => step.id.startsWith(prefix)).map(stepFact);
  const evidence: TaskEvidence = {
    plan,
    arch,
    result,
    changed: await sourceChanged(snapshot, report, tree),
    checks: facts('check:'),
    scenarios: facts('scenario:'),
    goals: goalFacts(report.goals),
    failingLines: report.acceptance.filter(({ verdict }) => verdict === 'fails').map(({ text }) => text),
    missing: report.missing.map(({ message }) => message),
  };
  const errors = snapshot.issues.filter(({ file, severity }) => file === task.file && severity === 'error');
  const plain = plainFacts(
    snapshot,
    task,
    errors.map(({ message }) => message),
  );
  return { ...plain, hasPlan: plan.exists, hasArch: arch.exists, evidence };
}

/** Goals that apply, with their verdict on this work tree. */
export function goalFacts(goals: readonly GoalState[]): readonly MeasurementFact[] {
  return goals
    .filter(({ goal }) => goal.applies !== false)
    .map(({ goal, verdict, fresh, reason }) => ({ id: goal.id, verdict: fresh ? verdict : undefined, reason }));
}

/** Whether a step says something about this work tree. */
export function stepFact({ step, fresh, last }: StepState): MeasurementFact {
  const verdict = fresh?.statement.predicate.verdict;
  const reason = (fresh ?? last)?.statement.predicate.reason ?? 'It did not run yet.';
  return { id: step.id, verdict, reason };
}

async function sourceChanged(
  snapshot: Snapshot,
  { checkpoint, task }: GateReport,
  tree: Pick<WorkTree, 'diff'>,
): Promise<boolean | undefined> {
  const opening = openingOf(checkpoint.survey.ledger, task.slug);
  const { source } = snapshot.config.paths;
  const commit = opening?.statement.predicate.commits[source];
  const diff = commit === undefined ? undefined : await tree.diff(source, commit);
  return diff === undefined ? undefined : diff.length > 0;
}
