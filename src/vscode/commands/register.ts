import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { COMMANDS } from './table.ts';

/** Registers every command. What a person can mend is told to them; anything else is a bug and is logged. */
export function registerCommands(app: App): readonly vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([name, command]) =>
    vscode.commands.registerCommand(`infrabuilder.${name}`, async (...args: readonly unknown[]) => {
      try {
        return await command(app, ...args);
      } catch (error) {
        await tell(error, app.log);
        return undefined;
      }
    }),
  );
}

async function tell(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof CancelledError || error instanceof vscode.CancellationError) return;
  if (error instanceof HumanError) {
    log.warn(`${error.code}: ${error.message}`);
    void vscode.window.showWarningMessage([error.message, error.hint].filter((part) => part !== undefined).join(' '));
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  const show = vscode.l10n.t('Show log');
  const message = vscode.l10n.t('InfraBuilder has a bug: {0}', error instanceof Error ? error.message : String(error));
  void vscode.window.showErrorMessage(message, show).then((chosen) => {
    if (chosen === show) log.show();
  });
}
