import * as vscode from 'vscode';
import { toRange } from '../convert.ts';
import type { GoalBoard } from '../goals/board.ts';
import type { RunRequest } from '../runs/run.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { coverageOf, detailsOf } from './coverage.ts';
import { report } from './report.ts';

const { l10n } = vscode;

type Kind = 'check' | 'goal' | 'scenario';

interface Target {
  readonly session: Session;
  readonly request: RunRequest;
}

/** Cheap enough to run at each save. */
const QUICK = /^(lint|format|vet|fmt)$/;
const SETTLE_MS = 400;

/** Checks and goals in the Test Explorer. */
export class Explorer implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #sessions: Sessions;
  readonly #controller = vscode.tests.createTestController('infrabuilder', 'InfraBuilder');
  readonly #targets = new WeakMap<vscode.TestItem, Target>();
  readonly #items = new Map<string, vscode.TestItem>();
  readonly #disposables: vscode.Disposable[];

  constructor(sessions: Sessions, board: GoalBoard, runs: Runs) {
    this.#sessions = sessions;
    this.#runs = runs;
    const { Run, Coverage } = vscode.TestRunProfileKind;
    const quick = new vscode.TestTag('continuous');
    const run = this.#controller.createRunProfile(
      l10n.t('Run'),
      Run,
      (request, token) => this.#run(request, token),
      true,
    );
    const watch = this.#controller.createRunProfile(
      l10n.t('Run at each save'),
      Run,
      (request, token) => (request.continuous === true ? this.#watch(request, token) : this.#run(request, token)),
      false,
      quick,
      true,
    );
    const cover = this.#controller.createRunProfile(
      l10n.t('Run with coverage'),
      Coverage,
      (request, token) => this.#run(request, token, true),
      true,
      new vscode.TestTag('coverage'),
    );
    cover.loadDetailedCoverage = async (_run, file) => detailsOf(file);
    this.#controller.refreshHandler = () => this.#refresh(board);
    this.#disposables = [
      this.#controller,
      run,
      watch,
      cover,
      board.onDidChange(() => void this.#refresh(board)),
      sessions.onDidClose(({ folder }) => {
        for (const key of this.#items.keys()) if (key.startsWith(folder.uri.toString())) this.#items.delete(key);
        void this.#refresh(board);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #refresh(board: GoalBoard): Promise<void> {
    const { workspaces } = this.#sessions;
    const roots = await Promise.all(workspaces.map((session) => this.#groups(session, board)));
    if (roots.length <= 1) {
      this.#controller.items.replace(roots[0] ?? []);
      return;
    }
    this.#controller.items.replace(
      workspaces.map((session, at) => {
        const { uri, name } = session.folder;
        const item = this.#item(uri.toString(), name, uri);
        item.children.replace(roots[at] ?? []);
        return item;
      }),
    );
  }

  async #groups(session: Session, board: GoalBoard): Promise<vscode.TestItem[]> {
    const snapshot = await session.snapshot();
    const place = (kind: Kind, id: string) => {
      const places = snapshot.definitions({ kind, id });
      return places.find(({ file }) => file === snapshot.configFile) ?? places[0];
    };
    const make = (kind: Kind, id: string, label: string, request: RunRequest): vscode.TestItem => {
      const at = place(kind, id);
      const key = `${session.folder.uri} ${kind} ${id}`;
      const item = this.#item(key, label, at && session.uri(at.file));
      item.range = at && toRange(at.range);
      this.#targets.set(item, { session, request });
      return item;
    };
    const checks = Object.entries(snapshot.config.checks).map(([name, check]) => {
      const item = make('check', name, name, { kind: 'check', name });
      const tags = [QUICK.test(name) ? 'continuous' : '', check.coverage === undefined ? '' : 'coverage'];
      item.tags = tags.filter((tag) => tag !== '').map((tag) => new vscode.TestTag(tag));
      return item;
    });
    const goals = board
      .of(session)
      .goals.filter(({ goal }) => goal.applies !== false)
      .map(({ goal }, at) => {
        const item = make('goal', goal.id, `${goal.id} ${goal.title}`, { kind: 'verify', goals: [goal.id] });
        // G-10 after G-9.
        item.sortText = String(at).padStart(4, '0');
        return item;
      });
    const scenarios = snapshot.scenarios.map(({ value: { name } }) =>
      make('scenario', name, name, { kind: 'scenario', name }),
    );
    return [
      this.#group(session, l10n.t('Checks'), checks),
      this.#group(session, l10n.t('Goals'), goals),
      this.#group(session, l10n.t('Scenarios'), scenarios),
    ];
  }

  #group(session: Session, label: string, children: readonly vscode.TestItem[]): vscode.TestItem {
    const item = this.#item(`${session.folder.uri} ${label}`, label);
    item.children.replace(children);
    return item;
  }

  /** An item that is there already stays the same one: a run that is under way reports to it. */
  #item(key: string, label: string, uri?: vscode.Uri): vscode.TestItem {
    const known = this.#items.get(key);
    if (known !== undefined && known.uri?.toString() === uri?.toString()) {
      known.label = label;
      return known;
    }
    const item = this.#controller.createTestItem(key, label, uri);
    this.#items.set(key, item);
    return item;
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken, coverage = false): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const items = this.#leaves(request);
    const run = this.#controller.createTestRun(request);
    for (const item of items) run.enqueued(item);
    for (const item of items) {
      if (token.isCancellationRequested) break;
      await this.#runOne(run, item, token, coverage);
    }
    run.end();
  }

  async #runOne(
    run: vscode.TestRun,
    item: vscode.TestItem,
    token: vscode.CancellationToken,
    coverage: boolean,
  ): Promise<void> {
    const target = this.#targets.get(item);
    if (target === undefined) return;
    const { session, request } = target;
    const started = this.#runs.start(session, request);
    run.started(item);
    const listeners = [
      token.onCancellationRequested(() => started.cancel()),
      this.#runs.onDidPrint(({ run: printed, line }) => {
        if (printed === started) run.appendOutput(`${line}\r\n`, undefined, item);
      }),
    ];
    const end = await started.ended;
    for (const listener of listeners) listener.dispose();
    const took = (started.endedAt ?? new Date()).getTime() - started.startedAt.getTime();
    report(run, item, session, end, took);
    if (!coverage || request.kind !== 'check') return;
    for (const file of await coverageOf(session, request.name)) run.addCoverage(file);
  }

  /** Runs at once and again whenever a file of the workspace is saved. */
  async #watch(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    let last = this.#run(request, token);
    let timer: NodeJS.Timeout | undefined;
    // A save during a run asks for another one after it.
    const again = (): void => {
      // VS Code lets go of a request once it has ended; what comes after needs one of its own.
      const { include, exclude, profile } = request;
      const next = new vscode.TestRunRequest(include, exclude, profile, true);
      last = last.then(() => this.#run(next, token));
    };
    const listener = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (this.#sessions.find(uri) === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(again, SETTLE_MS);
    });
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      listener.dispose();
    });
    await last;
  }

  #leaves({ include, exclude = [], profile }: vscode.TestRunRequest): vscode.TestItem[] {
    const found: vscode.TestItem[] = [];
    const visit = (item: vscode.TestItem): void => {
      if (exclude.includes(item)) return;
      const fits = profile?.tag === undefined || item.tags.some(({ id }) => id === profile.tag?.id);
      if (this.#targets.has(item)) {
        if (fits) found.push(item);
      } else item.children.forEach(visit);
    };
    if (include === undefined) this.#controller.items.forEach(visit);
    else include.forEach(visit);
    return found;
  }
}
