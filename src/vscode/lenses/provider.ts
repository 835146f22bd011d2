import * as vscode from 'vscode';
import type { GoalBoard } from '../goals/board.ts';
import type { Runs } from '../runs/runs.ts';
import type { Sessions } from '../sessions.ts';
import type { Ticker } from '../ticker.ts';
import { configLenses } from './config.ts';
import { blueprintLenses, namedGoalLenses } from './goals.ts';
import { implementLenses } from './implement.ts';
import type { LensSource } from './lens.ts';
import { makefileLenses } from './makefile.ts';
import { scenarioLenses } from './scenarios.ts';

/** Each finds the lenses of one kind of file. */
const SOURCES: readonly LensSource[] = [
  makefileLenses,
  configLenses,
  scenarioLenses,
  namedGoalLenses,
  implementLenses,
  blueprintLenses,
];

const SELECTOR: vscode.DocumentSelector = [
  { pattern: '**/*.{yaml,yml,md,mk}' },
  { pattern: '**/{GNUmakefile,Makefile,makefile}' },
];

/** Code lenses, drawn anew whenever a run, a goal or the workspace changes. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #runs: Runs;
  readonly #board: GoalBoard;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(sessions: Sessions, runs: Runs, board: GoalBoard, ticker: Ticker) {
    this.#sessions = sessions;
    this.#runs = runs;
    this.#board = board;
    const changed = (): void => this.#changed.fire();
    this.#listeners = [
      vscode.languages.registerCodeLensProvider(SELECTOR, this),
      sessions.onDidChange(changed),
      runs.onDidChange(changed),
      board.onDidChange(changed),
      ticker.onDidTick(changed),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('infrabuilder.codeLens')) changed();
      }),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const found = this.#sessions.find(document.uri);
    const wanted = vscode.workspace
      .getConfiguration('infrabuilder', document.uri)
      .get<boolean>('codeLens.enabled', true);
    if (found === undefined || !wanted) return [];
    const { session, path } = found;
    const { core } = await session.load();
    const snapshot = await session.snapshot();
    const canRun = vscode.workspace.isTrusted && session.isLocal;
    const context = { document, path, session, snapshot, core, canRun, runs: this.#runs, board: this.#board };
    return SOURCES.flatMap((source) => source(context));
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }
}
