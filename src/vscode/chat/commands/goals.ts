import * as vscode from 'vscode';
import type { GoalState } from '../../../core/goals/goalState.ts';
import { standingOf } from '../../goals/state.ts';
import { ageText, valueText, verdictText } from '../../runs/text.ts';
import type { Session } from '../../session.ts';
import { mayRun } from '../reading.ts';
import { safeCell, safeMarkdown } from '../safe.ts';
import type { ChatMemory, ChatTurn, Followup } from '../turn.ts';

const { l10n } = vscode;

/** The goals with verdict, value against limit, age and whether it still holds. */
export async function goals({ app, session, output }: ChatTurn): Promise<ChatMemory> {
  output.progress(l10n.t('Comparing the evidence with the work tree'));
  await session.refreshOnce();
  await app.board.refresh(session);
  const states = app.board.of(session).goals;
  if (states.length === 0) {
    output.markdown(l10n.t('This workspace has no goals. Goals are listed in infrabuilder.yaml.'));
    return {};
  }
  if (!mayRun(session)) output.markdown(`${l10n.t('Evidence is not read in a workspace that you do not trust.')}\n\n`);
  const heads = [l10n.t('Goal'), l10n.t('Verdict'), l10n.t('Value'), l10n.t('Measured')];
  output.markdown(`| ${heads.join(' | ')} |\n|${heads.map(() => '---').join('|')}|\n`);
  for (const state of states) output.markdown(row(state));
  const pass = states.filter((state) => standingOf(state) === 'pass').length;
  const applying = states.filter(({ goal }) => goal.applies !== false).length;
  output.markdown(`\n${l10n.t('{0} of {1} goals pass', pass, applying)}\n\n`);
  for (const { goal } of states.filter((state) => standingOf(state) === 'fail')) {
    const place = placeOf(session, goal.id);
    if (place === undefined) continue;
    output.markdown(`- ${safeMarkdown(l10n.t('{0} is defined in', `${goal.id} ${goal.title}`))} `);
    output.place(session, place);
    output.markdown('\n');
  }
  if (mayRun(session)) output.button(l10n.t('Run Checkpoint'), 'infrabuilder.verify', { session });
  return { followups: whyFollowups(states) };
}

function row(state: GoalState): string {
  const { goal, verdict, values, measuredAt, fresh } = state;
  const limited = values.filter(({ min, max }) => min !== undefined || max !== undefined);
  const age = measuredAt === undefined ? [] : [ageText(new Date(measuredAt)), ...(fresh ? [] : [l10n.t('stale')])];
  const cells = [
    // Titles would make rows of one word a line in a narrow view.
    goal.id,
    goal.applies === false ? l10n.t('does not apply') : verdictText(verdict),
    (limited.length > 0 ? limited : values.slice(0, 2)).map(valueText).join(', '),
    age.join(', '),
  ];
  return `| ${cells.map(safeCell).join(' | ')} |\n`;
}

/** The line that defines a goal: in the configuration, which says how it is verified, else in the blueprint. */
function placeOf({ current }: Session, id: string) {
  const places = current?.definitions({ kind: 'goal', id }) ?? [];
  const place = places.find(({ file }) => file === current?.configFile) ?? places[0];
  return place && { file: place.file, startLine: place.range.start.line, endLine: place.range.start.line };
}

function whyFollowups(states: readonly GoalState[]): Followup[] {
  const red = states.filter((state) => standingOf(state) === 'fail').slice(0, 3);
  return red.map(({ goal }) => ({ command: 'why', prompt: goal.id, label: l10n.t('Why is {0} red?', goal.id) }));
}
