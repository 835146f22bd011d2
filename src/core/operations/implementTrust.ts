import type { CheckBaseline, Desk, VerifyFacts } from '../agent/desk.ts';
import type { Finding } from '../agent/guards/content.ts';
import { foldedPath, isBelow } from '../agent/guards/path.ts';
import { isTestPath, PROTECTED } from '../agent/guards/protected.ts';
import { lineDiff } from '../agent/lines.ts';
import { TOOLS_BIN } from '../doctor/toolPath.ts';
import type { GateReport } from '../goals/gate.ts';
import { findTampering } from '../goals/tamper.ts';
import type { CheckResult } from '../model/check.ts';
import type { FileDiff, WorkbenchChange } from '../ports.ts';
import { REPORT_KINDS } from '../project/documents.ts';
import { inFolder, nameOf, ROOT } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { runCheck } from './check.ts';
import type { Copy } from './implementCopy.ts';

export function tamperFindings(diffs: readonly FileDiff[]): readonly Finding[] {
  return findTampering(diffs).map(({ issue }) => {
    return { code: issue.code, message: issue.message, file: issue.file, line: issue.range.start.line };
  });
}

/** What the change itself shows: the same rules as the gate's, against the base of the run. */
export async function changedFindings({ bench, engine, slug }: Copy, snapshot: Snapshot): Promise<readonly Finding[]> {
  const diffs: FileDiff[] = [];
  for (const { path } of await bench.changes()) {
    if (isOfMachine(path, snapshot, slug)) continue;
    const before = (await bench.before(path)) ?? '';
    const after = (await engine.files.read(path).catch(() => undefined)) ?? '';
    diffs.push(lineDiff(path, before, after));
  }
  return tamperFindings(diffs);
}

/** Files that changed without a tool having written them: a program that a check or scenario ran did it. */
export async function foreignChanges(
  { bench, engine, slug }: Copy,
  snapshot: Snapshot,
  { written }: VerifyFacts,
  grammarOf: Desk['grammarOf'],
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const task = snapshot.task(slug);
  for (const { path, change } of await bench.changes()) {
    if (written.has(path) || isDocument(path, snapshot, slug)) continue;
    if (task !== undefined && (await isTaskMove(path, task.file))) continue;
    if (change === 'added' && !matters(path, snapshot, grammarOf)) continue;
    const message = `${path} was ${change} by a program that ran, not by an edit.`;
    found.push({ code: 'tamper.foreign-change', message, file: path, line: 1 });
  }
  return found;

  /** Opening a task moves its file from pending to in_progress, word for word. */
  async function isTaskMove(path: string, now: string): Promise<boolean> {
    const { tasks } = snapshot.layout;
    const pending = inFolder(tasks.pending, nameOf(now));
    const open = inFolder(tasks.in_progress, nameOf(now));
    if (path !== pending && path !== open) return false;
    const before = await bench.before(pending);
    return before !== undefined && before === (await engine.files.read(open));
  }
}

/** A program in the copy's own tool folder would be run in place of the real one; nobody but a program puts one there. */
export async function foreignTools({ engine }: Pick<Copy, 'engine'>): Promise<readonly Finding[]> {
  return (await engine.files.list(TOOLS_BIN)).map(({ name }) => {
    const file = `${TOOLS_BIN}/${name}`;
    return { code: 'tamper.foreign-tool', message: `${file} was put there by a program that ran.`, file, line: 1 };
  });
}

/** Evidence, sign-offs and task events that this process has not written, or that are not as it wrote them. */
export function foreignEvidence(
  { trusted }: Pick<Copy, 'trusted'>,
  { checkpoint }: Pick<GateReport, 'checkpoint'>,
  changes: readonly Pick<WorkbenchChange, 'path' | 'change'>[],
): readonly Finding[] {
  const { entries, issues } = checkpoint.survey.ledger;
  const added = new Set(changes.filter(({ change }) => change === 'added').map(({ path }) => path));
  const forged = entries.filter(({ run, sha256 }) => trusted.get(run) !== sha256).map(({ path }) => path);
  const broken = issues.filter(({ severity, file }) => severity === 'error' && added.has(file)).map(({ file }) => file);
  return [...new Set([...forged, ...broken])].map((file) => {
    const message = `${file} was written by a program that ran, so it proves nothing.`;
    return { code: 'tamper.foreign-evidence', message, file, line: 1 };
  });
}

export interface CleanRun {
  readonly findings: readonly Finding[];
  /** Tests that the baseline's own files executed on the changed source; undefined where no check counts any. */
  readonly executed: number | undefined;
}

/** The tests of the base on the changed source, in a clean copy: as many as before have to run, and none may fail. */
export async function baselineTests(
  { engine, bench, slug }: Copy,
  snapshot: Snapshot,
  baseline: readonly CheckBaseline[],
  signal: AbortSignal,
): Promise<CleanRun> {
  const counting = baseline.filter(({ check, executed }) => executed !== null && isTestCheck(snapshot, check));
  if (counting.length === 0 || engine.at === undefined) return { findings: [], executed: undefined };
  const changed = (await bench.changes()).map(({ path }) => path);
  const kept = changed.filter((path) => !isTestPath(path) && !isOfMachine(path, snapshot, slug));
  const copy = await bench.cleanCopy(kept);
  try {
    const clean = engine.at(copy.root);
    const findings: Finding[] = [];
    let executed = 0;
    for (const one of counting) {
      const result = await runCheck(clean, one.check, { signal });
      executed += executedIn(result);
      findings.push(...cleanFindings(one, result, snapshot.configFile ?? 'infrabuilder.yaml'));
    }
    return { findings, executed };
  } finally {
    await copy.dispose();
  }
}

/** Pure: coverage is left out, because the old tests alone need not reach it. */
export function cleanFindings(
  { check, executed }: CheckBaseline,
  result: CheckResult,
  file: string,
): readonly Finding[] {
  const now = executedIn(result);
  const failed = result.tests?.failed ?? 0;
  const before = executed ?? 0;
  if (now < before) {
    const message = `The tests of ${check} from before the change: ${now} ran on the new source, ${before} ran on the old. ${result.reason}`;
    return [{ code: 'tamper.fewer-tests', message, file, line: 1 }];
  }
  if (failed === 0) return [];
  const message = `${failed} of the tests of ${check} from before the change fail in a clean copy. ${result.reason}`;
  return [{ code: 'tamper.baseline-fails', message, file, line: 1 }];
}

export function executedIn({ tests }: Pick<CheckResult, 'tests'>): number {
  return (tests?.passed ?? 0) + (tests?.failed ?? 0);
}

export function isTestCheck({ config }: Snapshot, check: string): boolean {
  return Object.hasOwn(config.checks, check) && config.checks[check]?.parser === 'gotest';
}

/** The documents of the task, and evidence; what a program adds to that is seen by other means. */
function isOfMachine(path: string, snapshot: Snapshot, slug: string): boolean {
  return isBelow(path, snapshot.layout.evidence) || isDocument(path, snapshot, slug);
}

function isDocument(path: string, { layout }: Snapshot, slug: string): boolean {
  return REPORT_KINDS.some((kind) => path === inFolder(layout.reports, `${slug}_${kind}.md`));
}

/** What checks leave behind is no harm; a task, a document, a test, code, or anything that decides about passing is. */
function matters(path: string, { layout }: Snapshot, grammarOf: Desk['grammarOf']): boolean {
  if (isBelow(path, layout.evidence)) return false;
  const folders = [layout.taskFolder, layout.docs, layout.reports].filter((folder) => folder !== ROOT);
  if (folders.some((folder) => isBelow(path, folder))) return true;
  const folded = foldedPath(path);
  return isTestPath(path) || grammarOf(path) !== undefined || PROTECTED.some(({ pattern }) => pattern.test(folded));
}
