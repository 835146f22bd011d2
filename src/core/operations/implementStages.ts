import type { Desk, Failure, Stage, StageVerdict, VerifyFacts } from '../agent/desk.ts';
import type { Finding } from '../agent/guards/content.ts';
import { isEnvironmentProblem } from '../checks/outcome.ts';
import { type Checkpoint, type CheckpointOptions, runCheckpoint } from '../goals/checkpoint.ts';
import type { GateReport, Missing } from '../goals/gate.ts';
import { type GoalState, holdsNow } from '../goals/goalState.ts';
import { taskSteps } from '../goals/goals.ts';
import type { StepState } from '../goals/survey.ts';
import { stepsOf } from '../goals/validators/index.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import { REPORT_KINDS } from '../project/documents.ts';
import { type Copy, type CopyView, viewCopy } from './implementCopy.ts';
import {
  baselineTests,
  changedFindings,
  executedIn,
  foreignChanges,
  foreignEvidence,
  foreignTools,
  isTestCheck,
} from './implementTrust.ts';
import { currentSnapshot, findTask } from './verify.ts';

/** Measures what a stage asks for and is not fresh, and judges by the gate. */
export async function verifyStage(
  copy: Copy,
  stage: Stage,
  facts: VerifyFacts,
  grammarOf: Desk['grammarOf'],
  options: CheckpointOptions & { readonly signal: AbortSignal },
): Promise<StageVerdict> {
  let measured = stage === 'gate' ? undefined : await measure(copy, stage, options);
  if (stage === 'goals' && measured !== undefined && isNoisy(measured)) measured = await measure(copy, stage, options);
  if (stage === 'gate') await writeDocuments(copy);
  const view = await viewCopy(copy);
  const { report, snapshot } = view;
  const own = [
    ...(await changedFindings(copy, snapshot)),
    ...(await foreignChanges(copy, snapshot, facts, grammarOf)),
    ...(await foreignTools(copy)),
    ...foreignEvidence(copy, report, await copy.bench.changes()),
  ];
  const missing = missingAt(stage, view, own);
  const forPerson = whyPerson(stage, missing, measured);
  let tampering: readonly Finding[] = own;
  let added = 0;
  if (stage === 'gate' && own.length === 0 && (missing.length === 0 || forPerson !== undefined)) {
    const clean = await baselineTests(copy, snapshot, facts.baseline, options.signal);
    tampering = clean.findings;
    added = clean.executed === undefined ? 0 : Math.max(0, executedNow(view, facts) - clean.executed);
  }
  return {
    missing: missing.map(plain),
    tampering,
    forPerson: tampering.length === 0 ? forPerson : undefined,
    failures: failuresOf(report, measured, copy.notes),
    tests: testsOf(view, facts, added),
  };
}

/** Nothing failed, and something was too noisy to tell: a second measurement may tell. */
function isNoisy({ goals }: Checkpoint): boolean {
  const verdicts = goals.filter(({ goal }) => goal.applies !== false).map(({ verdict }) => verdict);
  return verdicts.includes('inconclusive') && !verdicts.includes('fail');
}

async function measure(copy: Copy, stage: 'checks' | 'goals', options: CheckpointOptions): Promise<Checkpoint> {
  const snapshot = await currentSnapshot(copy.engine);
  const task = findTask(snapshot, copy.slug);
  if (stage === 'goals') {
    const extra = (context: StepContext) => taskSteps(task, context);
    return runCheckpoint(copy.ports, snapshot, { goals: snapshot.goals, extra }, options);
  }
  const goals = snapshot.goals.filter((goal) => !('scenario' in goal));
  const extra = (context: StepContext) =>
    [
      ...taskSteps(task, context),
      ...snapshot.goals.flatMap((goal) => (goal.applies === false ? [] : stepsOf(goal, context))),
    ].filter(({ id }) => !isScenario(id));
  return runCheckpoint(copy.ports, snapshot, { goals, extra }, options);
}

/** The result, and what has become older than what it describes. */
async function writeDocuments(copy: Copy): Promise<void> {
  const { documents } = await viewCopy(copy);
  for (const kind of REPORT_KINDS) {
    const { exists, changed } = await documents.state(kind);
    if (exists && changed.length === 0 && kind !== 'result') continue;
    const { file } = await documents.write(kind);
    copy.engine.project.update([file]);
  }
}

/** What a stage is answerable for. What was measured as failing on these very files counts at once. */
export function missingAt(
  stage: Stage,
  { report, missing }: Pick<CopyView, 'report' | 'missing'>,
  own: readonly Finding[],
): readonly Missing[] {
  // A finding of this run's own change is told once, as tampering.
  const rest = missing.filter(
    ({ code, message }) => !own.some((one) => one.code === code && message.includes(one.file)),
  );
  if (stage === 'gate') return rest;
  const later = (one: Missing) => isForPerson(one) || one.code.startsWith('gate.document');
  const asked = rest.filter((one) => !later(one));
  return stage === 'goals' ? asked : asked.filter((one) => !waitsForScenario(one, report));
}

function waitsForScenario({ code, message }: Missing, { goals, acceptance }: GateReport): boolean {
  if (code.startsWith('gate.goal-')) {
    const state = goals.find(({ goal }) => message.startsWith(`${goal.id} ${goal.title}:`));
    if (state === undefined || (state.fresh && state.verdict === 'fail')) return false;
    return state.steps.some(isScenario);
  }
  if (code !== 'gate.acceptance-unmeasured') return false;
  const line = acceptance.find(({ text }) => message.startsWith(JSON.stringify(text)));
  return line?.steps.some(isScenario) ?? false;
}

/** Only a person can give it: a sign-off, or a waiver for what was so before the run. */
function isForPerson({ code, waive }: Missing): boolean {
  return code === 'gate.needs-sign-off' || waive !== undefined;
}

/** Why only a person can go on; undefined where the model can. */
export function whyPerson(
  stage: Stage,
  missing: readonly Missing[],
  measured: Pick<Checkpoint, 'goals'> | undefined,
): string | undefined {
  if (missing.length === 0) return undefined;
  const said = missing.map(({ message }) => message).join(' ');
  if (stage === 'gate' && missing.every(isForPerson)) {
    return `All that can be measured holds. What is left needs the word of a person: ${said}`;
  }
  const lacking = (measured?.goals ?? []).filter(lacksTool);
  const failing = missing.some(({ code }) => code === 'gate.goal-fail' || code === 'gate.acceptance-fails');
  if (lacking.length > 0 && !failing) {
    return `This machine lacks a tool: ${lacking.map(({ goal, reason }) => `${goal.id}: ${reason}`).join(' ')}`;
  }
  const unmeasured = /^gate\.(?:goal-(?:not-run|inconclusive|error|stale)|acceptance-unmeasured)$/;
  if (stage !== 'goals' || !missing.every(({ code }) => unmeasured.test(code))) return undefined;
  const why = (measured?.goals ?? []).filter((state) => state.goal.applies !== false && !holdsNow(state));
  return `Nothing failed, and this could not be measured here: ${why.map(({ goal, verdict, reason }) => `${goal.id}: ${verdict}. ${reason}`).join(' ') || said}`;
}

/** Whether a goal cannot be measured here, because a program is missing. */
export function lacksTool(state: GoalState): boolean {
  return state.goal.applies !== false && !holdsNow(state) && isEnvironmentProblem(state);
}

function failuresOf(report: GateReport, measured: Checkpoint | undefined, notes: Copy['notes']): readonly Failure[] {
  const { states } = measured ?? report.checkpoint;
  const goals = (measured?.goals ?? report.goals).filter((state) => state.goal.applies !== false && !holdsNow(state));
  const broken = states.filter(({ fresh }) => fresh !== undefined && fresh.statement.predicate.verdict !== 'pass');
  const fails = report.acceptance.filter(({ verdict }) => verdict === 'fails');
  const ofGoals = goals
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    .map((state): Failure => {
      const { goal, verdict, reason, values, issues, steps } = state;
      const log = logOf(broken.find(({ step }) => steps.includes(step.id)));
      return {
        id: `${goal.id} ${goal.title}`,
        verdict,
        reason,
        values,
        issues,
        log,
        notes: steps.flatMap((step) => notesOf(step, notes)),
        criterion: criterionOf(steps),
      };
    });
  const covered = new Set(goals.flatMap(({ steps }) => steps));
  const ofSteps = broken
    .filter(({ step }) => !covered.has(step.id))
    .map((state) => stepFailure(state, notes, criterionOf([state.step.id])));
  return [...ofGoals, ...ofSteps];

  function criterionOf(steps: readonly string[]): string | undefined {
    const line = fails.find((one) => one.steps.some((step) => steps.includes(step)));
    return line && `${line.text} (${line.detail})`;
  }
}

/** A step as it stands by fresh evidence. */
export function stepFailure({ step, fresh }: StepState, notes: Copy['notes'], criterion?: string): Failure {
  const facts = fresh?.statement.predicate;
  return {
    id: step.id,
    verdict: facts?.verdict ?? 'not-run',
    reason: facts?.reason ?? 'Nothing ran.',
    values: facts?.values ?? [],
    issues: facts?.issues ?? [],
    notes: notesOf(step.id, notes),
    criterion,
    log: fresh && logOf({ fresh }),
  };
}

function notesOf(step: string, notes: Copy['notes']): readonly string[] {
  return step.startsWith('check:') ? (notes.get(step.slice('check:'.length)) ?? []) : [];
}

function logOf(state: Pick<StepState, 'fresh'> | undefined): string | undefined {
  return state?.fresh?.statement.predicate.outputs.find(({ kept }) => kept)?.path;
}

function testsOf({ snapshot, report }: CopyView, { baseline }: VerifyFacts, added: number): StageVerdict['tests'] {
  const counting = baseline.filter(({ check, executed }) => executed !== null && isTestCheck(snapshot, check));
  if (counting.length === 0) return null;
  const before = counting.reduce((sum, { executed }) => sum + (executed ?? 0), 0);
  return { before, after: executedNow({ report }, { baseline: counting }), added };
}

function executedNow({ report }: Pick<CopyView, 'report'>, { baseline }: Pick<VerifyFacts, 'baseline'>): number {
  const { states } = report.checkpoint;
  return baseline.reduce((sum, { check }) => {
    const fresh = states.find(({ step }) => step.id === `check:${check}`)?.fresh;
    return sum + (fresh === undefined ? 0 : executedIn({ tests: fresh.statement.predicate.tests ?? undefined }));
  }, 0);
}

function isScenario(step: string): boolean {
  return step.startsWith('scenario:');
}

function plain({ code, message, mend }: Missing) {
  return { code, message, mend };
}
