import * as vscode from 'vscode';
import type { Fix, Issue, Severity } from '../core/model/issue.ts';
import type { Location, Position, Range } from '../core/model/source.ts';
import type { Session } from './session.ts';

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** The core counts lines and columns from 1, VS Code from 0. */
export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

export function fromPosition({ line, character }: vscode.Position): Position {
  return { line: line + 1, column: character + 1 };
}

export function toLocation(session: Session, { file, range }: Location): vscode.Location {
  return new vscode.Location(session.uri(file), toRange(range));
}

export function toDiagnostic(session: Session, issue: Issue): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(issue.range), issue.message, SEVERITIES[issue.severity]);
  diagnostic.code = issue.code;
  diagnostic.source = 'InfraBuilder';
  const related = issue.related ?? [];
  if (related.length > 0) {
    diagnostic.relatedInformation = related.map(
      (place) => new vscode.DiagnosticRelatedInformation(toLocation(session, place), place.message),
    );
  }
  return diagnostic;
}

/** A fix as one edit that the person can undo. A file that an insertion names and that is missing is made. */
export function toWorkspaceEdit(session: Session, { edits, moves = [] }: Fix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { file, range, newText } of edits) {
    const uri = session.uri(file);
    if (session.current?.source(file) === undefined) edit.createFile(uri, { ignoreIfExists: true });
    edit.replace(uri, toRange(range), newText);
  }
  for (const { from, to } of moves) edit.renameFile(session.uri(from), session.uri(to), { overwrite: false });
  return edit;
}
