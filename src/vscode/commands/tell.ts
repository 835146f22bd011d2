import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../core/base/errors.ts';

/** What a person can mend is told to them, without waiting for them; anything else is a bug, and is logged too. */
export function tell(error: unknown, log: vscode.LogOutputChannel): void {
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
