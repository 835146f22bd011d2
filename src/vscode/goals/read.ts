import * as vscode from 'vscode';
import type { MeasuredEntry } from '../../core/evidence/store.ts';
import type { GoalState } from '../../core/goals/goalState.ts';
import type { StepState } from '../../core/goals/survey.ts';
import type { Issue } from '../../core/model/issue.ts';
import type { Session } from '../session.ts';

/** What the evidence of a workspace says, without measuring anything. */
export interface Standings {
  readonly goals: readonly GoalState[];
  /** Problems of the evidence as a whole. */
  readonly issues: readonly Issue[];
  /** Checks, scenarios and analyses behind the goals, by id such as `check:test`. */
  readonly steps: ReadonlyMap<string, StepState>;
  /** All trusted evidence on a step, oldest first. */
  history(step: string): readonly MeasuredEntry[];
}

export async function readStandings(session: Session): Promise<Standings> {
  const { engine } = await session.load();
  const snapshot = await session.snapshot();
  // Comparing evidence with the work tree runs git, which a repository can make run other programs.
  if (engine === undefined || !vscode.workspace.isTrusted) return unread(snapshot.goals);
  const { goals, issues, states, survey } = await engine.goals.verify(snapshot, { measure: false });
  return {
    goals,
    issues,
    steps: new Map(states.map((state) => [state.step.id, state])),
    history: (step) => survey.ledger.history(step),
  };
}

/** Where nothing may be run, nobody knows what the evidence is worth. */
function unread(goals: readonly GoalState['goal'][]): Standings {
  const nothing = { values: [], issues: [], evidence: [], steps: [], commands: [] };
  return {
    goals: goals.map((goal) => ({
      goal,
      verdict: 'not-run',
      fresh: false,
      reason: goal.reason ?? '',
      measuredAt: undefined,
      ...nothing,
    })),
    issues: [],
    steps: new Map(),
    history: () => [],
  };
}
