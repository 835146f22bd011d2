import * as vscode from 'vscode';
import type { TaskStatus } from '../../core/model/task.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { GoalStanding } from '../goals/state.ts';
import { type Run, verdictOf } from '../runs/run.ts';

/** Product icons and test colours, so that every theme has them, high contrast too. */
function icon(id: string, color?: string): vscode.ThemeIcon {
  return color === undefined ? new vscode.ThemeIcon(id) : new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
}

export function statusIcon(status: TaskStatus): vscode.ThemeIcon {
  switch (status) {
    case 'pending':
      return icon('circle-large-outline');
    case 'in_progress':
      return icon('sync', 'charts.blue');
    case 'done':
      return icon('pass-filled', 'testing.iconPassed');
  }
}

export function taskIcon(status: TaskStatus, blocked: boolean): vscode.ThemeIcon {
  return blocked && status !== 'done' ? icon('circle-slash', 'list.warningForeground') : statusIcon(status);
}

/** `isCovered`: it passes because a deviation covers what it would fail for. */
export function goalIcon(standing: GoalStanding, isCovered: boolean): vscode.ThemeIcon {
  switch (standing) {
    case 'pass':
      return icon(isCovered ? 'git-compare' : 'pass-filled', 'testing.iconPassed');
    case 'fail':
      return icon('error', 'testing.iconFailed');
    case 'stale':
      return icon('history', 'testing.iconQueued');
    case 'unknown':
      return icon('question', 'testing.iconUnset');
    case 'off':
      return icon('circle-slash', 'testing.iconSkipped');
  }
}

export function verdictIcon(verdict: Verdict): vscode.ThemeIcon {
  switch (verdict) {
    case 'pass':
      return icon('pass-filled', 'testing.iconPassed');
    case 'fail':
    case 'error':
      return icon('error', 'testing.iconFailed');
    case 'inconclusive':
      return icon('question', 'testing.iconQueued');
    case 'not-run':
      return icon('circle-slash', 'testing.iconSkipped');
  }
}

export function runIcon({ end }: Run): vscode.ThemeIcon {
  if (end === undefined) return icon('loading~spin');
  const verdict = verdictOf(end);
  if (verdict !== undefined) return verdictIcon(verdict);
  return end.kind === 'cancelled' ? icon('circle-slash', 'testing.iconSkipped') : icon('error', 'testing.iconErrored');
}
