import * as vscode from 'vscode';
import type { Approval } from '../core/ports.ts';

/** Asks the person at the window. */
export const approval: Approval = {
  async confirm(question, detail = '') {
    const yes = vscode.l10n.t('Yes');
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
  },
};
