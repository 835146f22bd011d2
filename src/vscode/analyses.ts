import * as vscode from 'vscode';
import { jsonIssues } from '../core/conformance/render/jsonIssues.ts';
import type { Issue } from '../core/model/issue.ts';
import type { Diagnostics } from './diagnostics.ts';
import { runCommandLine } from './runs/commandLine.ts';
import type { Session } from './session.ts';
import { isWorkspace, type Sessions } from './sessions.ts';

/** Long enough that saving all files starts one reading. */
const SETTLE_MS = 1_000;

interface Analysis {
  readonly source: string;
  readonly args: readonly string[];
  /** Whether a change of this file can change the outcome; the path is relative to the folder. */
  readonly concerns: (path: string, session: Session) => boolean;
  /** The problems in what it prints as JSON. */
  readonly read: (json: string) => readonly Issue[];
  /** Without this file there is nothing to analyse. */
  readonly needs: (session: Session) => string | undefined;
}

const ANALYSES: readonly Analysis[] = [
  {
    source: 'conformance',
    args: ['conformance', '--json'],
    // Of a folder that is made together with its first file, only the folder is told.
    concerns: (path, session) =>
      isSource(path, session) || /^conformance\.(ya?ml|baseline\.json)$|\/deviations(\/|$)/.test(path),
    read: (json) => jsonIssues(JSON.parse(json) as Parameters<typeof jsonIssues>[0]),
    needs: () => 'conformance.yaml',
  },
  {
    source: 'runbook',
    args: ['runbook', 'check', '--json'],
    concerns: (path, session) => isSource(path, session) || /\.md$/.test(path),
    read: issuesOf,
    needs: (session) => session.current?.documents.runbook,
  },
  {
    source: 'documents',
    args: ['validate', '--json'],
    concerns: (path, session) => isSource(path, session) || /\.(md|ya?ml|json)$/.test(path),
    // The rest of it is in the snapshot, for unsaved text too.
    read: (json) => issuesOf(json).filter(({ code }) => code === 'document.stale'),
    needs: ({ current }) => {
      const open = current?.tasks.filter(({ status }) => status === 'in_progress') ?? [];
      return open.flatMap(({ slug }) => Object.values(current?.reports(slug) ?? {}))[0];
    },
  },
];

/**
 * Architecture, runbook and documents of open tasks are checked at each save, in a process of their own: parsing a source
 * tree takes its time.
 */
export class Analyses implements vscode.Disposable {
  readonly #cli: string;
  readonly #diagnostics: Diagnostics;
  readonly #listeners: vscode.Disposable[];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #started = new WeakSet<Session>();

  constructor(cli: string, sessions: Sessions, diagnostics: Diagnostics) {
    this.#cli = cli;
    this.#diagnostics = diagnostics;
    this.#listeners = [
      sessions.onDidTouch(({ session, path }) => {
        for (const analysis of ANALYSES) if (analysis.concerns(path, session)) this.#schedule(session, analysis);
      }),
      sessions.onDidChange((session) => {
        if (this.#started.has(session)) return;
        this.#started.add(session);
        for (const analysis of ANALYSES) this.#schedule(session, analysis);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const session of sessions.workspaces) for (const analysis of ANALYSES) this.#schedule(session, analysis);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #schedule(session: Session, analysis: Analysis): void {
    const key = `${session.folder.uri} ${analysis.source}`;
    clearTimeout(this.#timers.get(key));
    const run = (): void => void this.#run(session, analysis).catch(session.report);
    this.#timers.set(key, setTimeout(run, SETTLE_MS));
  }

  async #run(session: Session, { source, args, read, needs }: Analysis): Promise<void> {
    const { current } = session;
    const file = needs(session);
    const canRun = vscode.workspace.isTrusted && session.isLocal && current !== undefined && isWorkspace(current);
    if (!canRun || file === undefined || !(await exists(session.uri(file)))) {
      this.#diagnostics.set(session, source, []);
      return;
    }
    const { stdout } = await runCommandLine(this.#cli, args, session.folder.uri.fsPath);
    if (session.isClosed) return;
    // Without JSON the configuration is broken, and the workspace's own problems say so.
    this.#diagnostics.set(session, source, stdout.trim() === '' ? [] : read(stdout));
  }
}

function issuesOf(json: string): readonly Issue[] {
  return (JSON.parse(json) as { readonly issues: readonly Issue[] }).issues;
}

function isSource(path: string, { current }: Session): boolean {
  const source = current?.config.paths.source ?? '.';
  return source === '.' || path === source || path.startsWith(`${source}/`);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
