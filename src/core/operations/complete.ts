import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import type { Engine } from '../engine.ts';
import type { Draft } from '../evidence/store.ts';
import { type GatePorts, type GateReport, judgeTask, signOffSubject } from '../goals/gate.ts';
import { taskEvents } from '../goals/taskLog.ts';
import type { TaskEvent } from '../model/evidence.ts';
import type { Task, TaskStatus } from '../model/task.ts';
import { inFolder, nameOf } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { checkAlignment } from '../workflow/alignment.ts';
import { STALE, staleDocuments, TaskDocuments } from '../workflow/taskDocuments.ts';
import { finishTask, takeBackTask } from './completion.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { currentSnapshot, findTask, goalJson, goalShape } from './verify.ts';

const completeShape = z.object({
  schemaVersion,
  slug: z.string(),
  completed: z.boolean(),
  file: z.string(),
  missing: z
    .array(z.object({ code: z.string(), message: z.string(), mend: z.string(), waive: z.string().exactOptional() }))
    .readonly(),
  acceptance: z
    .array(
      z.object({
        text: z.string(),
        verdict: z.enum(['holds', 'fails', 'unmeasured', 'needs-person']),
        detail: z.string(),
        signedBy: z.string().nullable(),
      }),
    )
    .readonly(),
  goals: z.array(goalShape).readonly(),
  signOffs: z.array(z.object({ line: z.string(), by: z.string(), terminal: z.boolean() })).readonly(),
  waivers: z
    .array(z.object({ finding: z.string(), by: z.string(), reason: z.string(), terminal: z.boolean() }))
    .readonly(),
});
export type CompleteJson = z.output<typeof completeShape>;

const movedShape = z.object({ schemaVersion, slug: z.string(), status: z.string(), file: z.string() });
export type MovedJson = z.output<typeof movedShape>;

/** No model signs for a person: this operation has no input for that, the command line has. */
export const taskComplete = defineOperation({
  name: 'task_complete',
  title: 'Complete a task',
  description:
    'Moves a task to done if all its goals, acceptance lines and documents hold; else lists all that is missing.',
  readOnly: false,
  input: z.object({ slug: z.string() }),
  output: completeShape,
  run: (engine, { slug }) => completeTask(engine, slug),
});

export const taskOpen = defineOperation({
  name: 'task_open',
  title: 'Open a task',
  description: 'Moves a pending task to in_progress and records the commit that the work starts from.',
  readOnly: false,
  input: z.object({ slug: z.string() }),
  output: movedShape,
  run: (engine, { slug }) => openTask(engine, slug),
});

/** What a person gives by name. */
export interface PersonInput {
  readonly by: string;
  /** Acceptance lines, whole or a part that only one line has. */
  readonly signOffs: readonly string[];
  /** Findings, as the gate prints them. */
  readonly waive: readonly string[];
  readonly reason: string;
  /** Whether a person sat at a terminal. */
  readonly terminal: boolean;
}

/** The only way into `done/`. Records what a person gives, judges, and moves the task only where nothing is missing. */
export async function completeTask(engine: Engine, slug: string, person?: PersonInput): Promise<CompleteJson> {
  await engine.settle();
  let snapshot = await currentSnapshot(engine);
  let task = findTask(snapshot, slug);
  if (task.status === 'done') {
    const done = taskEvents(await engine.goalPorts.evidence(snapshot).load(), slug).at(-1);
    const hint =
      done === undefined
        ? `It was moved there by hand. Run "infrabuilder task reopen ${slug}", then complete it.`
        : undefined;
    throw new HumanError('task.already-done', `${slug} is done already.`, hint);
  }
  let report = await judge(engine, snapshot, task);
  if (person !== undefined) {
    await record(engine, snapshot, report, person);
    report = await judge(engine, snapshot, task);
    // The result lists who signed, so a word that was just given makes it older than what it describes.
    if (report.missing.length > 0 && report.missing.every(({ code }) => code === STALE)) {
      const { file } = await new TaskDocuments(engine.documentPorts, snapshot, report).write('result');
      engine.project.update([file]);
      snapshot = await currentSnapshot(engine);
      task = findTask(snapshot, slug);
      report = await judge(engine, snapshot, task);
    }
  }
  if (report.missing.length === 0) {
    await finishTask(engine, snapshot, task, await taskEvent(engine, snapshot, task, 'done', report));
    snapshot = await currentSnapshot(engine);
    task = findTask(snapshot, slug);
  }
  return completeJson(report, task, engine.goalPorts.clock.now());
}

/** By the gate, and by whether the documents of the task are older than what they describe. */
async function judge(engine: Engine, snapshot: Snapshot, task: Task): Promise<GateReport> {
  const report = await judgeTask(gatePorts(engine), snapshot, task);
  const stale = await staleDocuments(new TaskDocuments(engine.documentPorts, snapshot, report));
  return { ...report, missing: [...report.missing, ...stale] };
}

/** Records what the work starts from. A task that was moved by hand can be opened too: then from `base`, else from now. */
export async function openTask(engine: Engine, slug: string, base?: string): Promise<MovedJson> {
  await engine.settle();
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  if (task.status === 'done') {
    throw new HumanError('task.already-done', `${slug} is done.`, `Reopen it with "infrabuilder task reopen ${slug}".`);
  }
  const events = taskEvents(await engine.goalPorts.evidence(snapshot).load(), slug);
  const isOpen =
    task.status === 'in_progress' && events.length > 0 && events.at(-1)?.statement.predicate.event !== 'done';
  if (isOpen) throw new HumanError('task.already-open', `${slug} is open already.`);
  const waiting = task.dependsOn.filter((other) => snapshot.task(other)?.status !== 'done');
  if (waiting.length > 0) {
    const hint = `Complete ${waiting.length === 1 ? 'it' : 'them'} first, or take ${waiting.length === 1 ? 'it' : 'them'} out of depends_on.`;
    throw new HumanError('task.blocked', `${slug} waits for ${waiting.join(', ')}.`, hint);
  }
  const astray = checkAlignment(snapshot, task).filter(({ holds }) => !holds);
  if (astray.length > 0) {
    const message = `${slug} and the blueprint do not agree. ${astray.map((point) => point.message).join(' ')}`;
    throw new HumanError('task.not-aligned', message, 'Mend the task or the mapping, then open it.');
  }
  const event = await taskEvent(engine, snapshot, task, 'opened', undefined, base);
  await engine.goalPorts.evidence(snapshot).append(event);
  const file = task.status === 'pending' ? await moveTask(engine, snapshot, task, 'in_progress') : task.file;
  return { schemaVersion: 1, slug, status: 'in_progress', file };
}

/** Takes a task out of `done/`, with its marks in the mapping. Tasks that build on it have to be reopened first. */
export async function reopenTask(engine: Engine, slug: string): Promise<MovedJson> {
  await engine.settle();
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  if (task.status !== 'done')
    throw new HumanError('task.not-done', `${slug} is ${task.status}, so there is nothing to reopen.`);
  const dependents = snapshot.tasks.filter((other) => other.status === 'done' && other.dependsOn.includes(slug));
  if (dependents.length > 0) {
    const names = dependents.map((other) => other.slug).join(', ');
    throw new HumanError('task.has-dependents', `Done tasks build on ${slug}: ${names}.`, 'Reopen those first.');
  }
  const event = await taskEvent(engine, snapshot, task, 'reopened');
  const file = await takeBackTask(engine, snapshot, task, event);
  return { schemaVersion: 1, slug, status: 'in_progress', file };
}

/** What the gate reads of the world. */
export function gatePorts(engine: Engine): GatePorts {
  return {
    ...engine.goalPorts,
    features: async (snapshot: Snapshot) => {
      const found = await engine.runbooks.features(snapshot);
      return found.map(({ name, file, range }) => ({ name, file, line: range.start.line }));
    },
  };
}

/** Only a line that nothing measures can be signed, and only a finding that the gate has can be waived. */
async function record(engine: Engine, snapshot: Snapshot, report: GateReport, person: PersonInput): Promise<void> {
  const { by, terminal, reason } = person;
  const { slug } = report.task;
  const evidence = engine.goalPorts.evidence(snapshot);
  const lines = person.signOffs.map((given) => signable(given, report));
  const findings = new Set(report.missing.flatMap(({ waive }) => waive ?? []));
  for (const finding of person.waive) {
    if (findings.has(finding)) continue;
    const hint =
      findings.size === 0 ? 'There is nothing to waive.' : `These can be waived: ${[...findings].join(', ')}.`;
    throw new HumanError('gate.nothing-to-waive', `The gate has no finding ${finding}.`, hint);
  }
  const subject = await signOffSubject(engine.goalPorts, snapshot);
  const startedAt = engine.goalPorts.clock.now();
  for (const line of lines) {
    const predicate = { task: slug, line, by, reason, terminal };
    await evidence.append<'sign-off'>({ kind: 'sign-off', label: `sign-off-${slug}`, startedAt, subject, predicate });
  }
  for (const finding of person.waive) {
    const predicate = { finding, by, reason, terminal };
    await evidence.append<'waiver'>({ kind: 'waiver', label: `waiver-${slug}`, startedAt, subject, predicate });
  }
}

function signable(given: string, { acceptance }: GateReport): string {
  const matching = acceptance.filter(({ text }) => text === given.trim());
  const found = matching.length > 0 ? matching : acceptance.filter(({ text }) => text.includes(given.trim()));
  const [line, second] = found;
  if (line === undefined || second !== undefined) {
    const open = acceptance.filter(({ verdict }) => verdict === 'needs-person').map(({ text }) => JSON.stringify(text));
    const what = line === undefined ? 'No acceptance line says' : 'Several acceptance lines say';
    throw new HumanError(
      'gate.unknown-line',
      `${what} ${JSON.stringify(given)}.`,
      `Lines for a person: ${open.join(', ') || 'none'}.`,
    );
  }
  if (line.verdict === 'needs-person') return line.text;
  throw new HumanError(
    'gate.measured-line',
    `${JSON.stringify(line.text)} is measured, so nobody can sign it off.`,
    line.detail,
  );
}

async function taskEvent(
  engine: Engine,
  snapshot: Snapshot,
  task: Task,
  event: TaskEvent,
  report?: GateReport,
  base?: string,
): Promise<Draft<'task'>> {
  const { clock, tree } = engine.goalPorts;
  const folders = ['.', snapshot.config.paths.source, snapshot.config.paths.testbed];
  const commits = base === undefined ? await tree.commits(folders) : await commitsAt(engine, folders, base);
  return {
    kind: 'task',
    label: `task-${event}-${task.slug}`,
    startedAt: clock.now(),
    subject: await signOffSubject(engine.goalPorts, snapshot),
    predicate: {
      task: task.slug,
      event,
      commits: { ...commits },
      goals: Object.fromEntries((report?.goals ?? []).map(({ goal, verdict }) => [goal.id, verdict])),
      evidence: [...(report?.evidence ?? [])],
      signOffs: (report?.signOffs ?? []).map(({ run, sha256 }) => ({ run, sha256 })),
      waivers: (report?.waivers ?? []).map(({ run, sha256 }) => ({ run, sha256 })),
    },
  };
}

async function commitsAt(engine: Engine, folders: readonly string[], base: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const folder of new Set(folders)) {
    const revision = await engine.goalPorts.tree.revision(folder, base).catch(() => undefined);
    if (revision?.kind === 'commit') found[folder] = revision.commit;
  }
  if (Object.keys(found).length > 0) return found;
  throw new HumanError(
    'task.unknown-base',
    `No repository here has the commit ${base}.`,
    'Name a commit, branch or tag.',
  );
}

async function moveTask({ goalPorts }: Engine, snapshot: Snapshot, task: Task, to: TaskStatus): Promise<string> {
  const target = inFolder(snapshot.layout.tasks[to], nameOf(task.file));
  await goalPorts.tree.move(task.file, target);
  return target;
}

function completeJson(report: GateReport, task: Task, now: Date): CompleteJson {
  return {
    schemaVersion: 1,
    slug: task.slug,
    completed: report.missing.length === 0,
    file: task.file,
    missing: report.missing.map((one) => ({ ...one })),
    acceptance: report.acceptance.map(({ text, verdict, detail, signedBy = null }) => ({
      text,
      verdict,
      detail,
      signedBy,
    })),
    goals: report.goals.map((state) => goalJson(state, now)),
    signOffs: report.signOffs.map(({ statement: { predicate } }) => {
      const { line, by, terminal } = predicate;
      return { line, by, terminal };
    }),
    waivers: report.waivers.map(({ statement: { predicate } }) => {
      const { finding, by, reason, terminal } = predicate;
      return { finding, by, reason, terminal };
    }),
  };
}
