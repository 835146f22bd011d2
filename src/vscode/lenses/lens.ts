import * as vscode from 'vscode';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { GoalBoard } from '../goals/board.ts';
import { standingOf } from '../goals/state.ts';
import { goalText } from '../goals/text.ts';
import { type Run, type RunRequest, titleOf, verdictOf } from '../runs/run.ts';
import type { Runs } from '../runs/runs.ts';
import { ageText, checkSummary, stateText } from '../runs/text.ts';
import type { Loaded, Session } from '../session.ts';

/** What a source of lenses may look at. */
export interface LensContext {
  readonly document: vscode.TextDocument;
  /** Relative to the session's folder. */
  readonly path: string;
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly core: Loaded['core'];
  readonly runs: Runs;
  readonly board: GoalBoard;
  /** False in a workspace that is not trusted or not on this machine. */
  readonly canRun: boolean;
}

/** Finds the lenses of one kind of file; nothing for any other file. */
export type LensSource = (context: LensContext) => readonly vscode.CodeLens[];

/** "Run test", and beside it what the last run said: this window's, else what the evidence holds. */
export function runLenses(context: LensContext, line: number, request: RunRequest): vscode.CodeLens[] {
  const { session, runs, canRun } = context;
  const range = new vscode.Range(line, 0, line, 0);
  const lenses: vscode.CodeLens[] = [];
  if (canRun) {
    const title = `$(play) ${vscode.l10n.t('Run {0}', titleOf(request))}`;
    lenses.push(new vscode.CodeLens(range, { command: 'infrabuilder.run', title, arguments: [{ session, request }] }));
  }
  const last = runs.latest(session, request);
  const said = last === undefined ? evidenceCommand(context, request) : runCommand(last);
  return said === undefined ? lenses : [...lenses, new vscode.CodeLens(range, said)];
}

export function runCommand(last: Run): vscode.Command {
  return { command: 'infrabuilder.showOutput', title: `${runMark(last)} ${stateText(last)}`, arguments: [last] };
}

function evidenceCommand({ session, board }: LensContext, request: RunRequest): vscode.Command | undefined {
  if (!('name' in request)) return undefined;
  const state = board.step(session, `${request.kind}:${request.name}`);
  const entry = state?.fresh ?? state?.last;
  if (state === undefined || entry === undefined) return undefined;
  const { predicate } = entry.statement;
  const coverage = predicate.values.find(({ name }) => name === 'coverage')?.value ?? null;
  const parts = [checkSummary({ ...predicate, coverage }), ageText(new Date(predicate.started))];
  if (state.fresh === undefined) parts.push(vscode.l10n.t('stale'));
  const title = `${markOf(predicate.verdict)} ${parts.join(' · ')}`;
  return { command: 'infrabuilder.openEvidence', title, arguments: [{ session, path: entry.path }] };
}

/** Where a goal stands; a click shows it in the Goals view. */
export function goalLens({ session, board }: LensContext, line: number, id: string): vscode.CodeLens[] {
  const state = board.goal(session, id);
  if (state === undefined) return [];
  const marks = {
    pass: '$(pass)',
    fail: '$(error)',
    stale: '$(history)',
    unknown: '$(question)',
    off: '$(circle-slash)',
  };
  const title = `${marks[standingOf(state)]} ${id}: ${goalText(state)}`;
  const range = new vscode.Range(line, 0, line, 0);
  return [new vscode.CodeLens(range, { command: 'infrabuilder.showGoal', title, arguments: [{ session, id }] })];
}

function runMark({ end }: Run): string {
  if (end === undefined) return '$(loading~spin)';
  if (end.kind === 'cancelled') return '$(circle-slash)';
  return markOf(verdictOf(end) ?? 'error');
}

function markOf(verdict: Verdict): string {
  if (verdict === 'pass') return '$(pass)';
  return verdict === 'fail' || verdict === 'error' ? '$(error)' : '$(question)';
}
