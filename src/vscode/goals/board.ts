import * as vscode from 'vscode';
import type { GoalState } from '../../core/goals/goalState.ts';
import type { StepState } from '../../core/goals/survey.ts';
import type { VerifyJson } from '../../core/operations/verify.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../session.ts';
import { isWorkspace, type Sessions } from '../sessions.ts';
import { readStandings, type Standings } from './read.ts';

/** Evidence is compared with the whole work tree, so a burst of changes is waited out. */
const SETTLE_MS = 500;
const NOTHING: Standings = { goals: [], issues: [], steps: new Map(), history: () => [] };

/** Where all goals stand, kept up to date with files and evidence. */
export class GoalBoard implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #standings = new Map<Session, Standings>();
  readonly #timers = new Map<Session, NodeJS.Timeout>();
  readonly #reading = new Map<Session, Promise<void>>();
  readonly #listeners: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<Session>();
  readonly onDidChange = this.#changed.event;

  constructor(sessions: Sessions, runs: Runs) {
    this.#runs = runs;
    this.#listeners = [
      sessions.onDidChange((session) => this.#schedule(session)),
      sessions.onDidTouch(({ session }) => this.#schedule(session)),
      sessions.onDidClose((session) => this.#forget(session)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const session of this.#standings.keys()) this.#schedule(session);
      }),
      runs.onDidChange(({ session, end }) => {
        if (end !== undefined) this.#schedule(session);
      }),
    ];
  }

  of(session: Session): Standings {
    return this.#standings.get(session) ?? NOTHING;
  }

  goal(session: Session, id: string): GoalState | undefined {
    return this.of(session).goals.find(({ goal }) => goal.id === id);
  }

  step(session: Session, id: string): StepState | undefined {
    return this.of(session).steps.get(id);
  }

  /** Reads now; a reading that is under way is waited for first, since it may be too old. */
  async refresh(session: Session): Promise<void> {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
    await this.#reading.get(session)?.catch(() => undefined);
    const reading = this.#read(session);
    this.#reading.set(session, reading);
    await reading;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#changed.dispose();
  }

  async #read(session: Session): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    const standings = isWorkspace(current) ? await this.#standing(session) : NOTHING;
    if (session.isClosed) return;
    this.#standings.set(session, this.#withReasons(session, standings));
    this.#changed.fire(session);
  }

  /** A folder that disappears while it is read has no evidence; any other failure is one. */
  async #standing(session: Session): Promise<Standings> {
    try {
      return await readStandings(session);
    } catch (error) {
      if (await session.exists()) throw error;
      return NOTHING;
    }
  }

  /** What was not run left no evidence; the checkpoint of this window still knows why. */
  #withReasons(session: Session, standings: Standings): Standings {
    const said = new Map<string, VerifyJson['goals'][number]>();
    for (const { session: own, end, stale } of [...this.#runs.all].reverse()) {
      if (own !== session || end?.kind !== 'verify' || stale) continue;
      for (const goal of end.result.goals) said.set(goal.id, goal);
    }
    const goals = standings.goals.map((state) => {
      const known = state.evidence.length === 0 ? said.get(state.goal.id) : undefined;
      return known === undefined ? state : { ...state, verdict: known.verdict, reason: known.reason };
    });
    return { ...standings, goals };
  }

  #schedule(session: Session): void {
    clearTimeout(this.#timers.get(session));
    const wait = this.#standings.has(session) ? SETTLE_MS : 0;
    const refresh = () => this.refresh(session).catch((error: unknown) => session.report(error));
    this.#timers.set(session, setTimeout(refresh, wait));
  }

  #forget(session: Session): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
    this.#standings.delete(session);
    this.#reading.delete(session);
    this.#changed.fire(session);
  }
}
