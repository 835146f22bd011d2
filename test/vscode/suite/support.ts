import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const STEP_MS = 50;
const PATIENCE_MS = 20_000;

/** Waits until `read` gives something that is neither undefined nor false; the time is a limit, no measurement. */
export async function eventually<T>(what: string, read: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    assert.ok(Date.now() < end, `It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

export function folder(name: string): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.find((one) => one.name === name);
  assert.ok(found, `There is no folder ${name}.`);
  return found.uri;
}

export function at(name: string, path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder(name), path);
}

export async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Types: replaces the first occurrence of `before`, without saving. */
export async function type(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = document.getText().indexOf(before);
  assert.ok(start >= 0, `The text has no ${before}.`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  edit.replace(document.uri, range, after);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The place of a text in a document; `offset` characters into it. */
export function position(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `The text has no ${text}.`);
  return document.positionAt(start + offset);
}

/** Our diagnostics of a file, as `line:column-line:column code`, counted from 1 as the Problems pane does. */
export function problems(uri: vscode.Uri): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'InfraBuilder')
    .map(({ range: { start, end }, code }) => {
      const place = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
      return `${place} ${String(code)}`;
    });
}

export async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 200);
  return found
    .filter(({ command }) => command?.command.startsWith('infrabuilder.'))
    .sort((a, b) => a.range.start.line - b.range.start.line)
    .map(({ range, command }) => `${range.start.line + 1} ${command?.title ?? ''}`);
}

export async function write(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

export async function read(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

export async function closeAll(): Promise<void> {
  for (const { document } of vscode.window.visibleTextEditors) {
    if (document.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The session behind a workspace, as a lens hands it over. */
export async function sessionOf(name: string): Promise<unknown> {
  const { uri } = await open(at(name, 'infrabuilder.yaml'));
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 200);
  const lens = found.find(({ command }) => command?.command === 'infrabuilder.run');
  assert.ok(lens?.command);
  return (lens.command.arguments?.[0] as { session: unknown } | undefined)?.session;
}
