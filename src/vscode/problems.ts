import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { groupBy } from '../core/project/group.ts';
import { toDiagnostic } from './convert.ts';

/** Long enough for a burst of key strokes or a checkout to end, short enough to feel immediate. */
const SETTLE_MS = 150;
/** Text of these languages and files is read while it is still unsaved. */
const WATCHED = '**/*.{yaml,yml,md}';

/** Shows the issues of one workspace in the Problems pane, of unsaved text too. */
export class WorkspaceProblems implements vscode.Disposable {
  readonly #folder: vscode.WorkspaceFolder;
  readonly #engine: Promise<Engine>;
  readonly #log: vscode.LogOutputChannel;
  readonly #diagnostics: vscode.DiagnosticCollection;
  readonly #disposables: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(folder: vscode.WorkspaceFolder, engine: Promise<Engine>, log: vscode.LogOutputChannel) {
    this.#folder = folder;
    this.#engine = engine;
    this.#log = log;
    this.#diagnostics = vscode.languages.createDiagnosticCollection('infrabuilder');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, WATCHED));
    const changed = (uri: vscode.Uri): void => this.#changed(uri);
    this.#disposables = [
      this.#diagnostics,
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#typed(document, document.getText())),
      vscode.workspace.onDidSaveTextDocument((document) => this.#typed(document, undefined)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#typed(document, undefined)),
    ];
    for (const document of vscode.workspace.textDocuments) {
      if (document.isDirty) this.#typed(document, document.getText());
    }
    this.#schedule();
  }

  /** Reads everything anew. Returns how many issues there are. */
  async refresh(): Promise<number> {
    (await this.#engine).project.update();
    return this.#publish();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #changed(uri: vscode.Uri): void {
    this.#tell((engine, path) => engine.project.update([path]), uri);
  }

  #typed(document: vscode.TextDocument, text: string | undefined): void {
    if (document.uri.scheme !== 'file' || !/\.(ya?ml|md)$/.test(document.uri.path)) return;
    this.#tell((engine, path) => engine.project.setOverlay(path, text), document.uri);
  }

  #tell(announce: (engine: Engine, path: string) => void, uri: vscode.Uri): void {
    const path = this.#relative(uri);
    if (path === undefined) return;
    this.#engine.then(
      (engine) => announce(engine, path),
      (error: unknown) => this.#log.error(String(error)),
    );
    this.#schedule();
  }

  #relative(uri: vscode.Uri): string | undefined {
    const prefix = `${this.#folder.uri.path}/`;
    return uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : undefined;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#publish().catch((error: unknown) => this.#log.error(error instanceof Error ? error : String(error)));
    }, SETTLE_MS);
  }

  async #publish(): Promise<number> {
    const { issues } = await (await this.#engine).project.snapshot();
    if (this.#disposed) return 0;
    const byFile = groupBy(issues, (issue) => issue.file);
    this.#diagnostics.clear();
    for (const [file, found] of byFile) {
      const uri = vscode.Uri.joinPath(this.#folder.uri, file);
      this.#diagnostics.set(
        uri,
        found.map((issue) => toDiagnostic(this.#folder.uri, issue)),
      );
    }
    return issues.length;
  }
}
