import * as vscode from 'vscode';
import type { Engine } from './core/engine.ts';
import { Analyses } from './vscode/analyses.ts';
import type { App } from './vscode/app.ts';
import { approval } from './vscode/approval.ts';
import { CanaryDiagnostics } from './vscode/canaryDiagnostics.ts';
import { registerMcp } from './vscode/chat/mcp.ts';
import { registerChat } from './vscode/chat/register.ts';
import { CheckDiagnostics } from './vscode/checkDiagnostics.ts';
import { registerCommands } from './vscode/commands/register.ts';
import { ContextKeys } from './vscode/context.ts';
import { Dashboard } from './vscode/dashboard/dashboard.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { GoalBoard } from './vscode/goals/board.ts';
import { GoalDiagnostics } from './vscode/goals/diagnostics.ts';
import { goalText } from './vscode/goals/text.ts';
import { CopyContents } from './vscode/implement/change.ts';
import { registerLanguage } from './vscode/language/register.ts';
import { Lenses } from './vscode/lenses/provider.ts';
import { MissingTools } from './vscode/missingTools.ts';
import { ReportDocuments } from './vscode/reportDocuments.ts';
import { RunOutput } from './vscode/runs/output.ts';
import { Runs } from './vscode/runs/runs.ts';
import { Sessions } from './vscode/sessions.ts';
import { StatusBar } from './vscode/statusBar.ts';
import { TASK_TYPE, Tasks } from './vscode/taskProvider.ts';
import { Explorer } from './vscode/testing/explorer.ts';
import { Ticker } from './vscode/ticker.ts';
import { inTurns } from './vscode/turns.ts';
import { GoalsView } from './vscode/views/goals.ts';
import { RunsView } from './vscode/views/runs.ts';
import { TasksView } from './vscode/views/tasks.ts';

/**
 * Composes and registers. The engine is loaded when something is first asked of it. What nobody can have asked for yet
 * is registered in the next turns of the event loop: no other extension waits for it.
 */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel('InfraBuilder', { log: true }));
  const sessions = own(new Sessions(openEngine, log));
  const cli = context.asAbsolutePath('dist/cli.js');
  const runs = own(new Runs(cli, sessions));
  const output = own(new RunOutput(runs));
  const diagnostics = own(new Diagnostics(sessions));
  const board = own(new GoalBoard(sessions, runs));
  const tasks = own(new TasksView(sessions));
  const dashboard = own(new Dashboard(context.extensionUri, sessions, board, runs));
  const reports = own(new ReportDocuments());
  own(new ContextKeys(sessions));
  own(new CheckDiagnostics(runs, diagnostics));
  own(new Analyses(cli, sessions, diagnostics));
  own(new GoalDiagnostics(board, diagnostics));
  own(new GoalsView(sessions, board));
  own(new RunsView(runs));
  own(new StatusBar(sessions, board));
  own(vscode.tasks.registerTaskProvider(TASK_TYPE, new Tasks(cli, sessions)));
  const views = { tasks, dashboard, reports };
  const app: App = { context, cli, openEngine, log, sessions, runs, output, board, diagnostics, ...views };
  context.subscriptions.push(...registerCommands(app), ...registerChat(app));
  const goalLine = (...[session, id]: Parameters<GoalBoard['goal']>): string | undefined => {
    const state = board.goal(session, id);
    return state && goalText(state);
  };
  inTurns(context, log, [
    () => [new Lenses(sessions, runs, board, own(new Ticker()))],
    () => registerLanguage(sessions, diagnostics, goalLine),
    () => [new Explorer(sessions, board, runs)],
    () => [new CopyContents(sessions), new CanaryDiagnostics(sessions, diagnostics)],
    () => [new MissingTools(cli, sessions, runs)],
    () => registerMcp(app),
  ]);
}

/** Loads the engine on first use: activation stays short. */
async function openEngine(root: string, start = root): Promise<Engine> {
  const { composeEngine } = await import('./compose.ts');
  return composeEngine(root, start, { env: process.env, approval });
}
