import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { WorkspaceProblems } from './problems.ts';

export type OpenEngine = (root: string) => Promise<Engine>;

/** One engine for each folder that is a workspace, as folders come and go. */
export class Workspaces implements vscode.Disposable {
  readonly #open: OpenEngine;
  readonly #log: vscode.LogOutputChannel;
  readonly #byFolder = new Map<string, WorkspaceProblems>();
  readonly #listener: vscode.Disposable;

  constructor(open: OpenEngine, log: vscode.LogOutputChannel) {
    this.#open = open;
    this.#log = log;
    this.#listener = vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const folder of removed) this.#close(folder);
      for (const folder of added) this.#add(folder);
    });
    for (const folder of vscode.workspace.workspaceFolders ?? []) this.#add(folder);
  }

  /** Reads every workspace anew and says how many problems there are. */
  async validateAll(): Promise<void> {
    if (this.#byFolder.size === 0) {
      void vscode.window.showInformationMessage('InfraBuilder: no folder is open.');
      return;
    }
    const counts = await Promise.all([...this.#byFolder.values()].map((problems) => problems.refresh()));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) void vscode.window.showInformationMessage('InfraBuilder: no problem found.');
    else await vscode.commands.executeCommand('workbench.actions.view.problems');
  }

  dispose(): void {
    this.#listener.dispose();
    for (const problems of this.#byFolder.values()) problems.dispose();
    this.#byFolder.clear();
  }

  #add(folder: vscode.WorkspaceFolder): void {
    if (folder.uri.scheme !== 'file') return;
    const engine = this.#open(folder.uri.fsPath);
    this.#byFolder.set(folder.uri.toString(), new WorkspaceProblems(folder, engine, this.#log));
  }

  #close(folder: vscode.WorkspaceFolder): void {
    this.#byFolder.get(folder.uri.toString())?.dispose();
    this.#byFolder.delete(folder.uri.toString());
  }
}
