import * as vscode from 'vscode';
import { HumanError } from '../../../core/base/errors.ts';
import type { GoalState } from '../../../core/goals/goalState.ts';
import { formatCitation } from '../../../core/grounding/citation.ts';
import type { Issue } from '../../../core/model/issue.ts';
import type { Files } from '../../../core/ports.ts';
import { standingOf } from '../../goals/state.ts';
import { ageText } from '../../runs/text.ts';
import { CitedText } from '../cited.ts';
import { mayRun } from '../reading.ts';
import { named } from '../request.ts';
import { failureLines } from '../rootCause.ts';
import { requireRun } from '../target.ts';
import type { ChatMemory, ChatTurn } from '../turn.ts';
import { answerQuestion } from './ask.ts';

const { l10n } = vscode;
const MOST_ISSUES = 8;
/** Bytes. What is longer is no log that a person would read. */
const LONGEST_LOG = 2 * 1024 * 1024;

/** Why a goal is red: value against limit, what the checks found, the lines of their logs that say so. */
export async function why(turn: ChatTurn): Promise<ChatMemory> {
  const { app, session, prompt, output } = turn;
  await session.refreshOnce();
  const snapshot = await session.snapshot();
  const [id] = named(
    prompt,
    snapshot.goals.map((goal) => goal.id),
  );
  if (mayRun(session)) await app.board.refresh(session);
  const states = app.board.of(session).goals;
  const state =
    id === undefined
      ? (states.find((one) => standingOf(one) === 'fail') ?? states.find((one) => standingOf(one) === 'stale'))
      : states.find(({ goal }) => goal.id === id);
  if (state === undefined) {
    if (id === undefined && mayRun(session)) {
      output.markdown(l10n.t('No goal is red.'));
      return { followups: [{ command: 'goals', prompt: '', label: l10n.t('Where do the goals stand?') }] };
    }
    const message = l10n.t('Name a goal of this workspace: {0}.', snapshot.goals.map((goal) => goal.id).join(', '));
    throw new HumanError('goal.unknown', message);
  }
  const { goal, measuredAt, fresh } = state;
  if (measuredAt !== undefined) {
    const age = ageText(new Date(measuredAt));
    output.markdown(`${fresh ? l10n.t('Measured {0}.', age) : l10n.t('Measured {0} on an older tree.', age)}\n\n`);
  }
  const answer = await answerQuestion(turn, `Why does ${goal.id} fail?`);
  if (mayRun(session)) await rootCause(turn, state);
  return {
    answer: answer.text,
    followups: [
      { command: 'next', prompt: '', label: l10n.t('What is the next step?') },
      { command: 'goals', prompt: '', label: l10n.t('Where do the goals stand?') },
    ],
  };
}

/** What the checks said, each quoted from the evidence or the log that holds it. */
async function rootCause({ app, session, output }: ChatTurn, state: GoalState): Promise<void> {
  const engine = await requireRun(session);
  const text = new CitedText(output, session, engine.grounding);
  const found = await findings(engine.files, state);
  if (found.length > 0) text.write(`\n\n**${l10n.t('What the checks found')}**\n\n`);
  for (const { message, file, range, quoted } of found) {
    if (quoted === undefined) text.write(`${message} [${place(file, range.start.line)}]\n\n`);
    else text.write((await engine.grounding.verify(`> ${message}\n>\n> [${quoted}]`)).text.concat('\n\n'));
    if (quoted !== undefined) text.write(`${l10n.t('At')} [${place(file, range.start.line)}]\n\n`);
  }
  const logs = await logsOf(engine.files, app.board.of(session), state);
  if (logs.length > 0) text.write(`**${l10n.t('What the logs say')}**\n\n`);
  for (const quote of logs) text.write((await engine.grounding.verify(quote)).text.concat('\n\n'));
  await text.end();
  const again = { session, state };
  output.button(l10n.t('Verify {0} again', state.goal.id), 'infrabuilder.verifyGoal', again);
  if (state.evidence.length > 0) output.button(l10n.t('Open the evidence'), 'infrabuilder.openEvidence', again);
}

interface Finding extends Issue {
  /** The line of evidence that holds the message word for word. */
  readonly quoted: string | undefined;
}

async function findings(files: Files, { issues, evidence }: GoalState): Promise<Finding[]> {
  const texts = await Promise.all(
    evidence.map(async (file) => ({ file, lines: (await files.read(file))?.split('\n') })),
  );
  return issues.slice(0, MOST_ISSUES).map((issue) => {
    const written = `"message": ${JSON.stringify(issue.message)}`;
    // With escapes in it, the file does not hold the message word for word.
    const isPlain = written === `"message": "${issue.message}"`;
    for (const { file, lines = [] } of isPlain ? texts : []) {
      const at = lines.findIndex((line) => line.includes(written)) + 1;
      if (at > 0) return { ...issue, quoted: place(file, at) };
    }
    return { ...issue, quoted: undefined };
  });
}

/** Quotes of the lines in raw output that tell a failure. */
async function logsOf(
  files: Files,
  { history }: ReturnType<ChatTurn['app']['board']['of']>,
  { steps, evidence }: GoalState,
): Promise<string[]> {
  const entries = steps.flatMap((step) => history(step).filter(({ path }) => evidence.includes(path)));
  const quotes: string[] = [];
  for (const { path } of entries.flatMap(({ statement }) => statement.predicate.outputs)) {
    const stat = /\.(log|txt|out)$/.test(path) ? await files.stat(path).catch(() => undefined) : undefined;
    if (stat?.kind !== 'file' || stat.size > LONGEST_LOG) continue;
    const text = (await files.read(path).catch(() => undefined)) ?? '';
    for (const { line, text: said } of failureLines(text)) quotes.push(`> ${said}\n>\n> [${place(path, line)}]`);
  }
  return quotes;
}

function place(file: string, line: number): string {
  return formatCitation({ file, startLine: line, endLine: line });
}
