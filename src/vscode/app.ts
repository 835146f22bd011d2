import type * as vscode from 'vscode';
import type { Dashboard } from './dashboard/dashboard.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { GoalBoard } from './goals/board.ts';
import type { ReportDocuments } from './reportDocuments.ts';
import type { RunOutput } from './runs/output.ts';
import type { Runs } from './runs/runs.ts';
import type { OpenEngine } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { TasksView } from './views/tasks.ts';

/** What commands work with. */
export interface App {
  readonly context: vscode.ExtensionContext;
  /** Absolute path of the command line's bundle. */
  readonly cli: string;
  readonly openEngine: OpenEngine;
  readonly log: vscode.LogOutputChannel;
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly output: RunOutput;
  readonly board: GoalBoard;
  readonly diagnostics: Diagnostics;
  readonly tasks: TasksView;
  readonly dashboard: Dashboard;
  readonly reports: ReportDocuments;
}
