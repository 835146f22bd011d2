import * as vscode from 'vscode';
import type { Issue, Severity } from '../core/model/issue.ts';
import type { Range } from '../core/model/source.ts';

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** The core counts lines and columns from 1, VS Code from 0. */
export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

export function toDiagnostic(root: vscode.Uri, issue: Issue): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(issue.range), issue.message, SEVERITIES[issue.severity]);
  diagnostic.code = issue.code;
  diagnostic.source = 'InfraBuilder';
  diagnostic.relatedInformation = (issue.related ?? []).map(
    ({ file, range, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.joinPath(root, file), toRange(range)),
        message,
      ),
  );
  return diagnostic;
}
