import type * as vscode from 'vscode';
import type { Diagnostics } from './diagnostics.ts';
import type { Run } from './runs/run.ts';
import type { Runs } from './runs/runs.ts';

/** Puts what a check found into the Problems pane, in place of what the check's last run found. */
export class CheckDiagnostics implements vscode.Disposable {
  readonly #listener: vscode.Disposable;

  constructor(runs: Runs, diagnostics: Diagnostics) {
    this.#listener = runs.onDidChange((run) => show(run, diagnostics));
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

function show({ session, request, end, stale }: Run, diagnostics: Diagnostics): void {
  // A stale result keeps its place until the check runs again; saying it twice would only flicker.
  if (stale || !('name' in request) || (end?.kind !== 'check' && end?.kind !== 'scenario')) return;
  diagnostics.set(session, `${request.kind} ${request.name}`, end.result.issues);
}
