import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { GoalState } from '../../core/goals/goalState.ts';
import type { Named } from '../../core/project/symbols.ts';
import type { App } from '../app.ts';
import { toRange } from '../convert.ts';
import type { Session } from '../session.ts';

/** Opens the line that defines a goal. */
export async function showGoal(_app: App, target: unknown): Promise<void> {
  const { session, id, state } = target as {
    readonly session: Session;
    readonly id?: string;
    readonly state?: GoalState;
  };
  await show(session, { kind: 'goal', id: id ?? state?.goal.id ?? '' });
}

/** Opens the file of a task. */
export async function showTask(_app: App, target: unknown): Promise<void> {
  const { session, slug } = target as { readonly session: Session; readonly slug: string };
  await show(session, { kind: 'task', id: slug });
}

async function show(session: Session, symbol: Named): Promise<void> {
  const snapshot = await session.snapshot();
  // The configuration says how a goal is verified, the blueprint only that it is one.
  const places = snapshot.definitions(symbol);
  const place = places.find(({ file }) => file === snapshot.configFile) ?? places[0];
  if (place === undefined) {
    throw new HumanError(
      'symbol.undefined',
      vscode.l10n.t('No file defines {0}: it is one of the defaults.', symbol.id),
      vscode.l10n.t('Write it into infrabuilder.yaml to change it.'),
    );
  }
  const selection = toRange(place.range);
  await vscode.window.showTextDocument(session.uri(place.file), {
    selection: selection.with(selection.start, selection.start),
  });
}
