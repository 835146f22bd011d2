import type { Brief, CheckBaseline, Desk, Failure } from '../agent/desk.ts';
import { EnvironmentError, HumanError } from '../base/errors.ts';
import { languageOf, reportText } from '../conformance/index.ts';
import { type CheckpointOptions, type CheckpointProgress, runCheckpoint } from '../goals/checkpoint.ts';
import { taskSteps } from '../goals/goals.ts';
import { openingOf } from '../goals/taskLog.ts';
import { checkStep } from '../goals/validators/checks.ts';
import { stepsOf } from '../goals/validators/index.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import type { Goal } from '../model/goal.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { openTask } from './complete.ts';
import { scanConformance } from './conformance.ts';
import { type Copy, trustEvidence, viewCopy } from './implementCopy.ts';
import { editRules } from './implementRules.ts';
import { lacksTool, stepFailure, verifyStage } from './implementStages.ts';
import { executedIn, isTestCheck, tamperFindings } from './implementTrust.ts';
import { taskProse } from './taskDocument.ts';
import { currentSnapshot, findTask, progressText } from './verify.ts';

/** What the loop asks of a copy, put together from the rooms of the engine. */
export async function createDesk(copy: Copy, say: (message: string) => void): Promise<Desk> {
  const { engine, bench, slug } = copy;
  const snapshot = await currentSnapshot(engine);
  const grammarOf = (path: string) => languageOf(path)?.grammar;
  const onProgress = (progress: CheckpointProgress) => {
    const text = progressText(progress);
    if (text !== undefined) say(text);
  };
  return {
    files: engine.files,
    bench,
    trees: engine.trees,
    rules: editRules(snapshot),
    checks: Object.keys(snapshot.config.checks),
    grammarOf,
    findTampering: tamperFindings,
    // Evidence is for the gate; a model that reads all of it pays for it.
    paths: async () =>
      [...(await copy.ports.tree.list(['.'], ['.infrabuilder', snapshot.layout.evidence])).keys()].sort(),
    async ask(question, signal) {
      engine.project.update();
      return (await engine.grounding.ask({ question, signal })).text;
    },
    conformance: async (signal) => reportText(await scanConformance(engine, { signal })),
    runCheck: (name, signal) => runOne(copy, name, { signal, onProgress }),
    async writeProse(document, place, text) {
      return (await taskProse.run(engine, { slug, document, place, text }, {})).file;
    },
    intake: () => intake(copy),
    plan: () => write(copy, 'plan'),
    architecture: () => write(copy, 'arch'),
    baseline: (signal) => baseline(copy, { signal, onProgress }),
    brief: () => brief(copy),
    verify: (stage, facts, signal) => verifyStage(copy, stage, facts, grammarOf, { signal, onProgress }),
    judge: async () => (await viewCopy(copy)).missing.map(({ code, message, mend }) => ({ code, message, mend })),
  };
}

/** Opens the task where that was not done, and takes the evidence of now for true. */
async function intake(copy: Copy): Promise<string> {
  const { engine, slug } = copy;
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  const opening = openingOf(await engine.goalPorts.evidence(snapshot).load(), slug);
  const isOpen = task.status === 'in_progress' && opening !== undefined;
  const file = isOpen ? task.file : (await openTask(engine, slug)).file;
  await trustEvidence(copy);
  return isOpen ? `${file} is open already.` : `Moved to ${file}.`;
}

async function write(copy: Copy, kind: 'plan' | 'arch'): Promise<string> {
  const { file, written, issues } = await (await viewCopy(copy)).documents.write(kind);
  copy.engine.project.update([file]);
  if (written) return `Wrote ${file}.`;
  const [issue] = issues;
  const where = issue === undefined ? file : `${issue.file}:${issue.range.start.line}: ${issue.message}`;
  throw new HumanError('implement.document', `${file} could not be written. ${where}`, 'Mend it, then start again.');
}

/** The checks that goals and acceptance lines name, before the first edit. */
async function baseline(copy: Copy, options: CheckpointOptions): Promise<readonly CheckBaseline[]> {
  const snapshot = await currentSnapshot(copy.engine);
  const task = findTask(snapshot, copy.slug);
  const extra = (context: StepContext) =>
    [
      ...taskSteps(task, context),
      ...snapshot.goals.flatMap((goal) => (goal.applies === false ? [] : stepsOf(goal, context))),
    ].filter(({ id }) => id.startsWith('check:'));
  const live = new Map<string, { readonly verdict: CheckBaseline['verdict']; readonly reason: string }>();
  const onProgress = (progress: CheckpointProgress) => {
    if (progress.kind === 'finished') live.set(progress.step, progress);
    options.onProgress?.(progress);
  };
  const goals = snapshot.goals.filter(({ kind }) => kind === 'checks');
  const measured = await runCheckpoint(copy.ports, snapshot, { goals, extra }, { ...options, onProgress });
  const lacking = measured.goals.filter(lacksTool);
  if (lacking.length > 0) {
    const message = lacking.map(({ goal, reason }) => `${goal.id} cannot be measured here. ${reason}`).join(' ');
    throw new EnvironmentError('implement.tool-missing', message, 'Run "infrabuilder doctor", then start again.');
  }
  return measured.states.map(({ step, fresh }): CheckBaseline => {
    const check = step.id.slice('check:'.length);
    const facts = fresh?.statement.predicate;
    const { verdict, reason } = facts ?? live.get(step.id) ?? { verdict: 'not-run', reason: 'Nothing ran.' };
    const counts = isTestCheck(snapshot, check) && facts !== undefined;
    const coverage = facts?.values.find(({ name }) => name === 'coverage')?.value ?? null;
    return {
      check,
      verdict,
      reason,
      executed: counts ? executedIn({ tests: facts.tests ?? undefined }) : null,
      coverage,
    };
  });
}

/** Its evidence is kept, so that a later verification need not run it again. */
async function runOne(copy: Copy, name: string, options: CheckpointOptions): Promise<Failure> {
  const snapshot = await currentSnapshot(copy.engine);
  let ended: { readonly verdict: Failure['verdict']; readonly reason: string } | undefined;
  const onProgress = (progress: CheckpointProgress) => {
    if (progress.kind === 'finished') ended = progress;
    options.onProgress?.(progress);
  };
  const extra = (context: StepContext) => [checkStep(name, context)];
  const { states } = await runCheckpoint(copy.ports, snapshot, { goals: [], extra }, { ...options, onProgress });
  const [state] = states;
  if (state?.fresh !== undefined) return stepFailure(state, copy.notes);
  const { verdict, reason } = ended ?? { verdict: 'not-run' as const, reason: 'Nothing ran.' };
  return { id: `check:${name}`, verdict, reason, values: [], issues: [] };
}

async function brief(copy: Copy): Promise<Brief> {
  const { snapshot, report, documents, missing } = await viewCopy(copy);
  const { task, acceptance, goals } = report;
  return {
    slug: task.slug,
    title: task.title,
    module: task.module,
    file: task.file,
    acceptance: acceptance.map(({ text, verdict, detail }) => ({ text, state: `${verdict}: ${detail}` })),
    goals: goals
      .filter(({ goal }) => goal.applies !== false)
      .map(({ goal, verdict, reason }) => ({
        id: goal.id,
        title: goal.title,
        asks: asks(goal, snapshot),
        state: `${verdict}. ${reason}`,
      })),
    scenarios: task.scenarios,
    documents: [documents.file('plan'), documents.file('arch')],
    // Goals and acceptance lines stand above with their state; documents are the machine's.
    missing: missing
      .filter(({ code }) => !/^gate\.(?:goal-|acceptance-|needs-sign-off|document)/.test(code))
      .map(({ code, message, mend }) => ({ code, message, mend })),
  };
}

function asks(goal: Goal, { blueprintGoals }: Snapshot): string {
  if (goal.kind === 'kpi') {
    const limits = Object.entries(goal.kpis).map(([name, { min, max, unit = '' }]) => {
      const words = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
      return `${name} ${words.filter(Boolean).join(' and ')} ${unit}`.trim();
    });
    return `${limits.join(', ')} in the scenario ${goal.scenario}`;
  }
  if (goal.kind === 'checks') return `the checks ${goal.checks.join(', ')} pass`;
  return blueprintGoals.find(({ value }) => value.id === goal.id)?.value.check ?? goal.description ?? goal.kind;
}
