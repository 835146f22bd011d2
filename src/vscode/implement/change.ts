import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { type Change, Copies } from './copies.ts';

const { l10n } = vscode;

/** A file of a copy: the path is that of the person's file, so that it has its name; the query is that in the copy. */
export const COPY_SCHEME = 'infrabuilder-copy';
const IN_COPY = /\/\.infrabuilder\/runs\/[^/]+\//;

/** Shows files of copies, read-only; language servers leave them alone. */
export class CopyContents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #registered: vscode.Disposable;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#registered = vscode.workspace.registerTextDocumentContentProvider(COPY_SCHEME, this);
  }

  /** Empty for anything but a file of a copy: a link of somebody else's could name any path. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const path = uri.query;
    const owner = this.#sessions.find(uri.with({ scheme: 'file', query: '' }));
    if (owner === undefined || !IN_COPY.test(path) || posix.normalize(path) !== path) return '';
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(owner.session.folder.uri.with({ path })));
  }

  dispose(): void {
    this.#registered.dispose();
  }
}

/** The change of a run in one editor: the files as they are on the left, as the run made them on the right. */
export async function showChange({ cli }: Pick<App, 'cli'>, session: Session, run: string): Promise<Change> {
  const change = await new Copies(cli, session).change(run);
  const files = await ownFiles(session, change);
  if (files.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('Run {0} has changed no file but evidence.', run));
    return change;
  }
  const resources = await Promise.all(
    files.map(async ({ path, change: what }) => {
      const left = session.uri(path);
      const right = what === 'deleted' ? undefined : copyUri(session, change.root, path);
      return [left, (await exists(left)) ? left : undefined, right];
    }),
  );
  await vscode.commands.executeCommand('vscode.changes', titleOf(run), resources);
  return change;
}

/** `root`: absolute path of the workspace within the copy; `path`: relative to it. */
function copyUri(session: Session, root: string, path: string): vscode.Uri {
  const query = posix.join(vscode.Uri.file(root).path, path);
  return session.uri(path).with({ scheme: COPY_SCHEME, query });
}

/** What a person wants to read: evidence comes along when the change is accepted. */
export async function ownFiles(session: Session, { changes }: Pick<Change, 'changes'>): Promise<Change['changes']> {
  const { layout } = await session.snapshot();
  return changes.filter(({ path }) => !path.startsWith(`${layout.evidence}/`));
}

/** Once the copy is gone, its editor would show files that are no more. */
export async function closeChange(run: string): Promise<void> {
  const all = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  // VS Code adds the number of files.
  const tabs = all.filter(({ label }) => label.startsWith(titleOf(run)));
  await vscode.window.tabGroups.close(tabs);
}

function titleOf(run: string): string {
  return l10n.t('Change of run {0}', run);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
