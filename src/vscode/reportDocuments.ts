import * as vscode from 'vscode';

const SCHEME = 'infrabuilder-report';

/** Reports as pages to read: nothing to save, and nothing that asks to be saved when it is closed. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: readonly vscode.Disposable[];
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#disposables = [this.#changed, vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** Shows Markdown as a page with a title. A second report of that title and folder takes the place of the first. */
  async show(folder: string, title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${folder}/${title}.md` });
    this.#texts.set(uri.toString(), markdown);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
