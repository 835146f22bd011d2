import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { COMMANDS } from './table.ts';
import { tell } from './tell.ts';

/** Registers every command; none of them rejects. */
export function registerCommands(app: App): readonly vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([name, command]) =>
    vscode.commands.registerCommand(`infrabuilder.${name}`, async (...args: readonly unknown[]) => {
      try {
        return await command(app, ...args);
      } catch (error) {
        tell(error, app.log);
        return undefined;
      }
    }),
  );
}
