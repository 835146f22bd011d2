import { changedResources, InputDigests } from '../evidence/inputs.ts';
import { referenceTo } from '../evidence/store.ts';
import type { Reference, Resource } from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import type { Task } from '../model/task.ts';
import { mentions, mentionsTask } from '../parse/mentions.ts';
import type { FileDiff } from '../ports.ts';
import { REPORT_KINDS } from '../project/documents.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { bindLine, type LineState } from './acceptance.ts';
import { type Checkpoint, type CheckpointPorts, findingId, runCheckpoint } from './checkpoint.ts';
import { type GoalState, holdsNow } from './goalState.ts';
import { taskSteps } from './goals.ts';
import { Inputs } from './inputs.ts';
import { checkReport } from './reports.ts';
import { fewerTests, findTampering, type TamperFinding } from './tamper.ts';
import { openingOf, type SignOffEntry, signOffs, type WaiverEntry, waivers } from './taskLog.ts';

/** One thing that keeps a task from being done. */
export interface Missing {
  readonly code: string;
  readonly message: string;
  /** The command or act that mends it. */
  readonly mend: string;
  /** Given where a person may let it pass by name and reason. */
  readonly waive?: string;
}

/** What evidence says of the lines and goals of a task. */
export interface TaskEvidence {
  readonly task: Task;
  readonly acceptance: readonly (LineState & { readonly signedBy: string | undefined })[];
  readonly goals: readonly GoalState[];
  readonly signOffs: readonly SignOffEntry[];
  readonly checkpoint: Checkpoint;
}

export interface GateReport extends TaskEvidence {
  /** Everything at once; empty where the task may be done. */
  readonly missing: readonly Missing[];
  readonly waivers: readonly WaiverEntry[];
  /** What the verdicts rest on. */
  readonly evidence: readonly Reference[];
}

export interface GatePorts extends CheckpointPorts {
  /** Names of configuration keys, metrics and events that the source declares, with their places. */
  readonly features: (
    snapshot: Snapshot,
  ) => Promise<readonly { readonly name: string; readonly file: string; readonly line: number }[]>;
}

/** Reads the evidence on a task: nothing is measured here, and nothing is changed. */
export async function readTaskEvidence(ports: CheckpointPorts, snapshot: Snapshot, task: Task): Promise<TaskEvidence> {
  const scope = {
    goals: snapshot.goals,
    extra: (context: Parameters<typeof taskSteps>[1]) => taskSteps(task, context),
  };
  const checkpoint = await runCheckpoint(ports, snapshot, scope, { measure: false });
  const signed = await freshSignOffs(ports, snapshot, checkpoint, task);
  const acceptance = task.acceptance.map((line) => {
    const state = bindLine(line, checkpoint.states);
    const by = state.verdict === 'needs-person' ? signed.get(line.text)?.statement.predicate.by : undefined;
    return { ...state, signedBy: by };
  });
  const signOffs = acceptance.flatMap((line) => (line.signedBy === undefined ? [] : (signed.get(line.text) ?? [])));
  return { task, acceptance, goals: checkpoint.goals, signOffs, checkpoint };
}

/** Judges a task by evidence alone, and by what must stand beside it. */
export async function judgeTask(ports: GatePorts, snapshot: Snapshot, task: Task): Promise<GateReport> {
  const evidence = await readTaskEvidence(ports, snapshot, task);
  const { acceptance, checkpoint } = evidence;
  const waived = waivers(checkpoint.survey.ledger);
  const diffs = await changesSinceOpening(ports, snapshot, checkpoint, task);
  const all: Missing[] = [
    ...missingState(snapshot, task),
    ...missingGoals(checkpoint.goals, task),
    ...missingAcceptance(acceptance, task),
    ...(await missingReports(ports, snapshot, checkpoint, task, [...evidence.signOffs, ...waived.values()])),
    ...(await missingMentions(ports, snapshot, task, diffs ?? [])),
    ...missingTrust(checkpoint, task, snapshot, diffs),
  ];
  const used = new Set(all.flatMap(({ waive }) => waive ?? []));
  const fresh = checkpoint.states.flatMap((state) => state.fresh ?? []);
  return {
    ...evidence,
    missing: all.filter(({ waive }) => waive === undefined || !waived.has(waive)),
    waivers: [...waived].filter(([finding]) => used.has(finding)).map(([, entry]) => entry),
    evidence: fresh.map(referenceTo),
  };
}

/** What a sign-off is about: whoever signs has looked at this source. Another source needs another look. */
export async function signOffSubject({ tree }: Pick<CheckpointPorts, 'tree'>, snapshot: Snapshot): Promise<Resource[]> {
  const inputs = new Inputs(snapshot.config);
  return new InputDigests(await tree.list(inputs.roots, inputs.without)).of([inputs.source]);
}

async function freshSignOffs(
  ports: CheckpointPorts,
  snapshot: Snapshot,
  { survey }: Checkpoint,
  { slug }: Task,
): Promise<ReadonlyMap<string, SignOffEntry>> {
  const given = signOffs(survey.ledger, slug);
  if (given.length === 0) return new Map();
  const subject = await signOffSubject(ports, snapshot);
  const fresh = given.filter(({ statement }) => changedResources(statement.subject, subject).length === 0);
  return new Map(fresh.map((entry) => [entry.statement.predicate.line, entry]));
}

function missingState(snapshot: Snapshot, task: Task): Missing[] {
  const { slug } = task;
  const found: Missing[] = [];
  if (task.status === 'pending') {
    found.push({ code: 'gate.not-open', message: `${slug} is pending.`, mend: `infrabuilder task open ${slug}` });
  }
  for (const other of task.dependsOn) {
    const status = snapshot.task(other)?.status;
    if (status === 'done') continue;
    const message = `It depends on ${other}, which ${status === undefined ? 'no task is called' : `is ${status}`}.`;
    found.push({ code: 'gate.dependency', message, mend: `infrabuilder task complete ${other}` });
  }
  const errors = snapshot.issues.filter(({ file, severity, code }) => {
    return file === task.file && severity === 'error' && code !== 'task.done-without-evidence';
  });
  return [...found, ...errors.map((issue) => fromIssue(issue, 'infrabuilder validate'))];
}

function missingGoals(goals: readonly GoalState[], task: Task): Missing[] {
  const known = new Set(goals.map(({ goal }) => goal.id));
  const unknown = task.goals.filter((id) => !known.has(id));
  const none: Missing[] = goals.some(({ goal }) => goal.applies !== false)
    ? []
    : [{ code: 'gate.no-goals', message: 'No goal applies to this project.', mend: 'name goals in infrabuilder.yaml' }];
  return [
    ...none,
    ...unknown.map((id) => ({
      code: 'gate.unknown-goal',
      message: `No goal is called ${id}.`,
      mend: 'infrabuilder validate',
    })),
    ...goals
      .filter((state) => state.goal.applies !== false && !holdsNow(state))
      .map((state): Missing => {
        const { goal, verdict, fresh, reason } = state;
        const measured = verdict === 'fail' && fresh;
        const mend = measured
          ? `mend it, then infrabuilder verify --goal ${goal.id}`
          : `infrabuilder verify --goal ${goal.id}`;
        return {
          code: `gate.goal-${verdict === 'pass' ? 'stale' : verdict}`,
          message: `${goal.id} ${goal.title}: ${verdict}. ${reason}`,
          mend,
        };
      }),
  ];
}

function missingAcceptance(lines: GateReport['acceptance'], { slug }: Task): Missing[] {
  return lines.flatMap(({ text, verdict, detail, signedBy }): Missing[] => {
    const quoted = JSON.stringify(text);
    if (verdict === 'holds' || signedBy !== undefined) return [];
    if (verdict === 'fails') {
      return [
        {
          code: 'gate.acceptance-fails',
          message: `${quoted} does not hold: ${detail}.`,
          mend: `mend it, then infrabuilder verify --task ${slug}`,
        },
      ];
    }
    if (verdict === 'unmeasured') {
      return [
        {
          code: 'gate.acceptance-unmeasured',
          message: `${quoted}: ${detail}`,
          mend: `infrabuilder verify --task ${slug}`,
        },
      ];
    }
    const mend = `a person looks, then infrabuilder task complete ${slug} --sign-off ${quoted} --by NAME`;
    return [{ code: 'gate.needs-sign-off', message: `${quoted} needs a person: ${detail}`, mend }];
  });
}

async function missingReports(
  { files }: GatePorts,
  snapshot: Snapshot,
  { states, survey }: Checkpoint,
  { slug }: Task,
  given: readonly { readonly run: string }[],
): Promise<Missing[]> {
  const reports = snapshot.reports(slug);
  // A result names what persons gave beside what was measured.
  const freshRuns = new Set([...states.flatMap(({ fresh }) => fresh?.run ?? []), ...given.map(({ run }) => run)]);
  const found: Missing[] = [];
  for (const kind of REPORT_KINDS) {
    const file = reports[kind];
    const text = file === undefined ? undefined : await files.read(file);
    const mend = `infrabuilder task ${kind} ${slug}`;
    if (file === undefined || text === undefined) {
      const path = inFolder(snapshot.layout.reports, `${slug}_${kind}.md`);
      found.push({ code: 'gate.document-missing', message: `There is no ${path}.`, mend });
    } else
      for (const issue of checkReport(kind, file, text, survey.ledger, freshRuns)) found.push(fromIssue(issue, mend));
  }
  return found;
}

/** Runbook and change log name the task; the change log names each key, metric and event that came with it. */
async function missingMentions(
  ports: GatePorts,
  snapshot: Snapshot,
  task: Task,
  diffs: readonly FileDiff[],
): Promise<Missing[]> {
  const { runbook, changelog } = snapshot.documents;
  const places = [
    { what: 'runbook', file: runbook, fallback: inFolder(snapshot.layout.docs, 'runbook.md') },
    { what: 'changelog', file: changelog, fallback: inFolder(snapshot.layout.docs, 'CHANGELOG.md') },
  ];
  const found: Missing[] = [];
  for (const { what, file, fallback } of places) {
    const text = file === undefined ? undefined : await ports.files.read(file);
    if (text !== undefined && mentionsTask(text, task)) continue;
    const message = `${file ?? fallback} does not name ${task.slug}, by slug or title.`;
    found.push({ code: `gate.${what}`, message, mend: `describe the task in ${file ?? fallback}` });
  }
  const log = changelog === undefined ? '' : ((await ports.files.read(changelog)) ?? '');
  const isNew = (file: string, line: number) =>
    diffs.some(({ path, added }) => path === file && added.some((one) => one.line === line));
  const fresh =
    diffs.length === 0 ? [] : (await ports.features(snapshot)).filter(({ file, line }) => isNew(file, line));
  for (const { name } of fresh) {
    if (mentions(log, name)) continue;
    const file = changelog ?? inFolder(snapshot.layout.docs, 'CHANGELOG.md');
    found.push({
      code: 'gate.changelog-feature',
      message: `${file} does not name ${name}, which is new.`,
      mend: `add it to ${file}`,
    });
  }
  return found;
}

/** Undefined where nobody knows what the task started from. */
async function changesSinceOpening(
  { tree }: GatePorts,
  snapshot: Snapshot,
  { survey }: Checkpoint,
  task: Task,
): Promise<readonly FileDiff[] | undefined> {
  const opening = openingOf(survey.ledger, task.slug);
  if (opening === undefined) return undefined;
  const found = new Map<string, FileDiff>();
  const { reports, tasks } = snapshot.config.paths;
  const own = [reports, tasks].filter((folder) => folder !== '.').map((folder) => `${folder}/`);
  for (const [folder, commit] of Object.entries(opening.statement.predicate.commits)) {
    const diffs = await tree.diff(folder, commit);
    if (diffs === undefined) return undefined;
    for (const diff of diffs) {
      if (!own.some((prefix) => diff.path.startsWith(prefix))) found.set(diff.path, diff);
    }
  }
  return [...found.values()];
}

function missingTrust(
  { states, survey }: Checkpoint,
  task: Task,
  snapshot: Snapshot,
  diffs: readonly FileDiff[] | undefined,
): Missing[] {
  const { slug } = task;
  const waive = (id: string) =>
    `or a person lets it pass: infrabuilder task complete ${slug} --waive '${id}' --by NAME --reason TEXT`;
  const broken = survey.ledger.issues
    .filter(({ severity }) => severity === 'error')
    .map((issue): Missing => {
      const id = findingId(issue);
      return { ...fromIssue(issue, `restore the file, ${waive(id)}`), waive: id };
    });
  if (diffs === undefined && task.status === 'in_progress') {
    const isOpened = openingOf(survey.ledger, slug) !== undefined;
    const message = isOpened
      ? 'The commit that it was opened on is not in this repository, so nobody knows what the work has changed.'
      : 'It was moved to in_progress by hand, so nobody knows what the work started from.';
    return [...broken, { code: 'gate.not-opened', message, mend: `infrabuilder task open ${slug} --base COMMIT` }];
  }
  const opening = openingOf(survey.ledger, slug);
  const start = opening === undefined ? -1 : survey.ledger.entries.indexOf(opening);
  const fewer = states.flatMap(({ step, fresh }): TamperFinding[] => {
    const history = survey.ledger.history(step.id);
    const executed = (entry: typeof fresh) => {
      const tests = entry?.statement.predicate.tests;
      return tests === null || tests === undefined ? undefined : tests.passed + tests.failed;
    };
    const now = executed(fresh);
    if (now === undefined || start < 0) return [];
    const before = history.filter((entry) => survey.ledger.entries.indexOf(entry) < start).at(-1);
    const since = history.filter((entry) => survey.ledger.entries.indexOf(entry) > start);
    const most = Math.max(0, ...[before, ...since].flatMap((entry) => executed(entry) ?? []));
    const found = fewerTests(step.id, most, now, snapshot.configFile ?? 'infrabuilder.yaml');
    return found === undefined ? [] : [found];
  });
  const tampering = [...findTampering(diffs ?? []), ...fewer].map(({ id, issue }): Missing => {
    return { ...fromIssue(issue, `take it back, ${waive(id)}`), waive: id };
  });
  return [...broken, ...tampering];
}

function fromIssue({ code, message, file, range }: Issue, mend: string): Missing {
  const place = message.includes(file) ? '' : `${file}:${range.start.line}: `;
  return { code, message: `${place}${message}`, mend };
}
