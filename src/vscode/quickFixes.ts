import * as vscode from 'vscode';
import type { Issue } from '../core/model/issue.ts';
import { toRange, toWorkspaceEdit } from './convert.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Offers the fixes that issues carry. */
export class QuickFixes implements vscode.CodeActionProvider {
  readonly #sessions: Sessions;
  readonly #diagnostics: Diagnostics;

  constructor(sessions: Sessions, diagnostics: Diagnostics) {
    this.#sessions = sessions;
    this.#diagnostics = diagnostics;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const found = this.#sessions.find(document.uri);
    if (found === undefined) return [];
    const { session, path } = found;
    // The snapshot is of the text as it stands, so its ranges fit; those of a check fit until somebody types.
    const { issues } = await session.snapshot();
    const measured = document.isDirty ? [] : this.#diagnostics.measured(session, path);
    return [...issues.filter(({ file }) => file === path), ...measured]
      .filter((issue) => toRange(issue.range).intersection(range) !== undefined)
      .flatMap((issue) => actions(session, issue, context.diagnostics));
  }
}

function actions(session: Session, issue: Issue, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  const fixes = issue.fixes ?? [];
  const mended = diagnostics.filter(({ code, range }) => code === issue.code && range.isEqual(toRange(issue.range)));
  return fixes.map((fix) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.edit = toWorkspaceEdit(session, fix);
    action.diagnostics = mended;
    action.isPreferred = fixes.length === 1;
    return action;
  });
}
