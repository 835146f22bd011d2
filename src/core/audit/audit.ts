import { runCheckpoint } from '../goals/checkpoint.ts';
import type { GatePorts } from '../goals/gate.ts';
import { FINAL_RESULTS } from '../goals/inputs.ts';
import { isSettled } from '../goals/survey.ts';
import { checkStep } from '../goals/validators/checks.ts';
import { scenarioStep } from '../goals/validators/scenario.ts';
import { compareIssues, type Issue } from '../model/issue.ts';
import type { Processes, System } from '../ports.ts';
import { nameOf } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { Claim, Execution, Judged, Statement } from './claim.ts';
import { runBuilds } from './compile/builds.ts';
import { runChecks } from './compile/checks.ts';
import { findingsOf } from './findings/index.ts';
import { brokenImports } from './findings/source.ts';
import { Proofs, type Ruling } from './judge/proofs.ts';
import { judgeStatus } from './judge/status.ts';
import { type DoneTask, judgeDone } from './judge/tasks.ts';
import { documentKind } from './kinds.ts';
import { doneTask, isDoneFile, mayListTasks, readFinalResults, readTaskList } from './read/records.ts';
import { readStatements } from './read/statements.ts';
import { AUDIT_MARK } from './render/markdown.ts';
import { type Repository, readRepository } from './repository.ts';
import { asFound } from './workspace.ts';

export interface AuditPorts extends GatePorts {
  readonly processes: Processes;
  readonly system: System;
}

export interface AuditOptions {
  /** Builds what is found and runs the configured checks. Without it nothing is run. */
  readonly run?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A line for the person who waits. */
  readonly say?: ((message: string) => void) | undefined;
}

export interface AuditReport {
  /** By file and line. */
  readonly claims: readonly Claim[];
  /** What contradicts claims, or makes a verdict worthless, at file and line. Codes: `audit.*`. */
  readonly findings: readonly Issue[];
  /** What was run; undefined where nothing was to be run. */
  readonly executed: readonly Execution[] | undefined;
  /** Files that were read. */
  readonly files: number;
}

/**
 * Puts every claim of a repository beside the evidence for it: tasks that are done, ticked boxes, lines that say all is well,
 * and figures. Works on any repository. Changes nothing; runs nothing unless asked to.
 */
export async function runAudit(ports: AuditPorts, given: Snapshot, options: AuditOptions = {}): Promise<AuditReport> {
  const { signal, say } = options;
  const snapshot = await asFound(ports.files, given);
  const repository = await readRepository(ports, snapshot, signal);
  const scope = { goals: snapshot.goals, extra: allSteps(snapshot) };
  const checkpoint = await runCheckpoint(ports, snapshot, scope, { measure: false, signal });
  const executed: Execution[] = [];
  if (options.run) {
    executed.push(...(await runBuilds(ports, repository, { signal, say })));
    const settled = new Set(checkpoint.states.filter(isSettled).map(({ step }) => step.id));
    executed.push(...(await runChecks(ports.checks, snapshot, settled, { signal, say })));
  }
  const broken = brokenImports(repository);
  const proofs = new Proofs(
    checkpoint,
    executed,
    broken.map(({ file, range }) => `${file}:${range.start.line}`),
  );
  const done = await judgeDone(ports, snapshot);
  const judged = judgeAll(statementsOf(repository, done), snapshot, proofs, done);
  const findings = findingsOf({ repository, snapshot, proofs, done, judged, broken });
  return {
    claims: judged.map(({ claim }) => claim),
    findings: findings.sort(compareIssues),
    executed: options.run ? executed : undefined,
    files: repository.paths.length,
  };
}

/** Each check and scenario of the workspace, so that a claim can be bound to any of them. */
function allSteps({ config, scenarios }: Snapshot): NonNullable<Parameters<typeof runCheckpoint>[2]['extra']> {
  return (context) => [
    ...Object.keys(config.checks).map((name) => checkStep(name, context)),
    ...scenarios.map(({ value }) => scenarioStep(value.name, context)),
  ];
}

function statementsOf(repository: Repository, done: readonly DoneTask[]): Statement[] {
  const found: Statement[] = done.map(({ task }) => doneTask(task));
  const known = new Set(done.map(({ task }) => task.file));
  for (const file of repository.paths) {
    const text = repository.read(file);
    if (text === undefined || known.has(file) || text.startsWith(AUDIT_MARK)) continue;
    const kind = documentKind(file);
    if (isDoneFile(file)) found.push(doneTask({ slug: stem(file), file, title: undefined }));
    else if (mayListTasks(file)) found.push(...readTaskList(file, text));
    if (kind !== undefined) found.push(...readStatements(file, text, kind));
    if (nameOf(file) === FINAL_RESULTS) found.push(...readFinalResults(file, text));
  }
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function stem(file: string): string {
  return nameOf(file).replace(/\.\w+$/, '');
}

function judgeAll(
  statements: readonly Statement[],
  snapshot: Snapshot,
  proofs: Proofs,
  done: readonly DoneTask[],
): Judged[] {
  const tasks = new Map(done.map(({ task, ruling }) => [task.slug, ruling]));
  return statements.map((statement) => {
    const { kind, file, line, text } = statement;
    const { verdict, evidence, reason } = judge(statement, snapshot, proofs, tasks);
    return { statement, claim: { kind, file, line, text, verdict, evidence, reason } };
  });
}

function judge(statement: Statement, snapshot: Snapshot, proofs: Proofs, tasks: ReadonlyMap<string, Ruling>): Ruling {
  const { kind, figure, slug } = statement;
  if (figure !== undefined) return proofs.figure(figure, statement);
  if (kind !== 'task' || slug === undefined) return judgeStatus(statement, snapshot, proofs, tasks);
  const own = tasks.get(slug);
  if (own !== undefined) return own;
  const task = snapshot.task(slug);
  if (task === undefined) {
    return { verdict: 'no-evidence', evidence: [], reason: `No evidence says that ${slug} was completed.` };
  }
  return {
    verdict: 'contradicted',
    evidence: [task.file],
    reason: `${task.file} says that ${slug} is ${task.status}.`,
  };
}

/** Whether anything is claimed that evidence does not bear out, or found that makes verdicts worthless. */
export function auditHolds({ claims, findings }: Pick<AuditReport, 'claims' | 'findings'>): boolean {
  const open = claims.some(({ verdict }) => verdict === 'contradicted' || verdict === 'no-evidence');
  return !open && !findings.some(({ severity }) => severity === 'error');
}
