import * as vscode from 'vscode';
import { draftRunbook, runbookCheck } from '../../../core/operations/runbook.ts';
import { valueText } from '../../runs/text.ts';
import { runbookRequest } from '../request.ts';
import { safeMarkdown } from '../safe.ts';
import { pickTask, requireRun } from '../target.ts';
import type { ChatMemory, ChatTurn } from '../turn.ts';

const { l10n } = vscode;
const MOST_ISSUES = 30;

/** Checks the runbook against the source, or drafts the section of a task. */
export async function runbook(turn: ChatTurn): Promise<ChatMemory> {
  return runbookRequest(turn.prompt) === 'draft' ? draft(turn) : check(turn);
}

async function check({ session, output, signal }: ChatTurn): Promise<ChatMemory> {
  const engine = await requireRun(session);
  output.progress(l10n.t('Comparing the runbook with the source'));
  const { holds, values, issues } = await runbookCheck.run(engine, {}, { signal });
  output.markdown(`**${holds ? l10n.t('The runbook holds.') : l10n.t('The runbook does not hold.')}**\n\n`);
  for (const value of values) output.markdown(`- ${safeMarkdown(valueText(value))}\n`);
  for (const { message, file, range } of issues.slice(0, MOST_ISSUES)) {
    output.markdown(`- ${safeMarkdown(message)} `);
    output.place(session, { file, startLine: range.start.line, endLine: range.start.line });
    output.markdown('\n');
  }
  if (issues.length > MOST_ISSUES) output.markdown(`\n${l10n.t('{0} more.', issues.length - MOST_ISSUES)}\n`);
  const label = l10n.t('Draft the section of a task');
  return { followups: holds ? [] : [{ command: 'runbook', prompt: 'draft', label }] };
}

async function draft(turn: ChatTurn): Promise<ChatMemory> {
  const { session, output } = turn;
  const engine = await requireRun(session);
  const slug = await pickTask(turn);
  const { file, title, features } = await draftRunbook(engine, slug);
  session.changed([file]);
  const text = (await engine.files.read(file)) ?? '';
  const at = text.split('\n').findIndex((line) => /^#+\s/.test(line) && line.includes(title)) + 1;
  output.markdown(`${l10n.t('A section on {0} was added:', slug)} `);
  output.place(session, { file, startLine: Math.max(1, at), endLine: Math.max(1, at) });
  output.markdown('\n\n');
  for (const { kind, name, file: source, line } of features) {
    output.markdown(`- ${safeMarkdown(`${kind} ${name}`)} `);
    output.place(session, { file: source, startLine: line, endLine: line });
    output.markdown('\n');
  }
  if (features.length === 0)
    output.markdown(l10n.t('The task brought no key, metric or event that is not documented.'));
  output.button(l10n.t('Open'), 'vscode.open', session.uri(file));
  return { followups: [{ command: 'runbook', prompt: 'check', label: l10n.t('Check the runbook') }] };
}
