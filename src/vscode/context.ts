import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';

/** Keeps the context keys that menus and welcome views ask for: `infrabuilder.state` is loading, none or workspace. */
export class ContextKeys implements vscode.Disposable {
  readonly #listeners: vscode.Disposable[];

  constructor(sessions: Sessions) {
    const update = (): void => {
      const known = sessions.all.every(({ current }) => current !== undefined);
      const state = sessions.workspaces.length > 0 ? 'workspace' : known ? 'none' : 'loading';
      void vscode.commands.executeCommand('setContext', 'infrabuilder.state', state);
    };
    this.#listeners = [
      sessions.onDidChange(update),
      sessions.onDidClose(update),
      vscode.workspace.onDidChangeWorkspaceFolders(update),
    ];
    update();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}
