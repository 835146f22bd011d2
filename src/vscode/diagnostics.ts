import * as vscode from 'vscode';
import type { Issue } from '../core/model/issue.ts';
import { groupBy } from '../core/project/group.ts';
import { toDiagnostic } from './convert.ts';
import type { Session } from './session.ts';
import { isWorkspace, type Sessions } from './sessions.ts';

interface Shown {
  readonly collection: vscode.DiagnosticCollection;
  readonly bySource: Map<string, readonly Issue[]>;
}

/** Shows issues in the Problems pane: of reading the workspace, of each check, of the goals. */
export class Diagnostics implements vscode.Disposable {
  readonly #shown = new Map<Session, Shown>();
  readonly #listeners: vscode.Disposable[];

  constructor(sessions: Sessions) {
    this.#listeners = [
      sessions.onDidChange((session) => {
        const { current } = session;
        if (current !== undefined) this.set(session, 'workspace', isWorkspace(current) ? current.issues : []);
      }),
      sessions.onDidClose((session) => {
        this.#shown.get(session)?.collection.dispose();
        this.#shown.delete(session);
      }),
    ];
  }

  /** Replaces what this source has said about the session before. */
  set(session: Session, source: string, issues: readonly Issue[]): void {
    if (session.isClosed) return;
    let shown = this.#shown.get(session);
    if (shown === undefined) {
      shown = { collection: vscode.languages.createDiagnosticCollection('infrabuilder'), bySource: new Map() };
      this.#shown.set(session, shown);
    }
    shown.bySource.set(source, issues);
    const { collection } = shown;
    const files = groupBy(withoutDoubles([...shown.bySource.values()].flat()), ({ file }) => file);
    collection.forEach((uri) => {
      if (!files.has(session.path(uri) ?? '.')) collection.delete(uri);
    });
    collection.set(
      [...files].map(([file, found]) => [session.uri(file), found.map((one) => toDiagnostic(session, one))]),
    );
  }

  /** What was said last about one file, other than by reading the workspace. */
  measured(session: Session, file: string): readonly Issue[] {
    const sources = [...(this.#shown.get(session)?.bySource ?? [])];
    const found = sources.flatMap(([source, issues]) => (source === 'workspace' ? [] : issues));
    return withoutDoubles(found.filter((issue) => issue.file === file));
  }

  /** How many problems the session has in the Problems pane. */
  count(session: Session): number {
    return withoutDoubles([...(this.#shown.get(session)?.bySource.values() ?? [])].flat()).length;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const { collection } of this.#shown.values()) collection.dispose();
  }
}

/** A goal repeats what the check behind it has found. */
function withoutDoubles(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ code, message, file, range }) => {
    const key = JSON.stringify([code, message, file, range.start, range.end]);
    return !seen.has(key) && seen.add(key);
  });
}
