import * as vscode from 'vscode';
import type { Implementation, TranscriptEntry } from '../../../core/model/implementation.ts';
import { ownFiles } from '../../implement/change.ts';
import { entryText } from '../../implement/lines.ts';
import { noModel } from '../../implement/writer.ts';
import { endText, outcomeText } from '../../runs/text.ts';
import { safeMarkdown } from '../safe.ts';
import { pickTask, requireRun } from '../target.ts';
import type { ChatMemory, ChatTurn } from '../turn.ts';

const { l10n } = vscode;

/** Lets the model of the request write a task in a copy. What it does is shown as it goes; the person decides in the end. */
export async function implement(turn: ChatTurn): Promise<ChatMemory> {
  const { app, session, output, model, token } = turn;
  await requireRun(session);
  const slug = await pickTask(turn);
  if (model === undefined) throw noModel();
  const under = app.runs.start(session, { kind: 'implement', slug }, { model });
  const verdicts: Verdict[] = [];
  const listeners = [
    token.onCancellationRequested(() => under.cancel()),
    app.runs.onDidRecord(({ run, entry }) => {
      if (run !== under) return;
      for (const line of entryText(entry)) output.progress(line.trim());
      if (entry.type === 'verdict') verdicts.push(entry);
    }),
  ];
  if (token.isCancellationRequested) under.cancel();
  const end = await under.ended;
  for (const listener of listeners) listener.dispose();
  if (end.kind === 'implement') return showResult(turn, end.result, verdicts);
  output.markdown(`\n\n${safeMarkdown(endText(end))}\n`);
  if (under.copy !== undefined) {
    output.markdown(`\n${l10n.t('Your files are as they were; the run can go on.')}\n`);
    output.button(l10n.t('Resume'), 'infrabuilder.implementResume', { session, run: under.copy });
  }
  return {};
}

type Verdict = Extract<TranscriptEntry, { type: 'verdict' }>;

async function showResult(
  { session, output }: ChatTurn,
  result: Implementation,
  verdicts: readonly Verdict[],
): Promise<ChatMemory> {
  const { run, slug, outcome, reason, missing, tampering } = result;
  output.markdown(`\n\n**${safeMarkdown(`${slug}: ${outcomeText(outcome)}.`)}** ${safeMarkdown(reason)}\n\n`);
  for (const { stage, holds } of verdicts) {
    output.markdown(`- ${safeMarkdown(stage)}: ${holds ? l10n.t('holds') : l10n.t('does not hold')}\n`);
  }
  for (const { message, mend } of missing) output.markdown(`- ${safeMarkdown(message)} ${safeMarkdown(mend)}\n`);
  for (const { file, line, message } of tampering) {
    output.markdown(`- ${safeMarkdown(`${file}:${line}: ${message}`)}\n`);
  }
  const files = await ownFiles(session, result);
  if (files.length > 0) {
    output.files(
      session,
      files.map(({ path }) => path),
    );
    output.button(l10n.t('Show diff'), 'infrabuilder.implementDiff', { session, run });
    output.button(l10n.t('Accept'), 'infrabuilder.implementAccept', { session, run, sure: true });
  }
  output.button(l10n.t('Discard'), 'infrabuilder.implementDiscard', { session, run });
  const followup = { command: 'next', prompt: slug, label: l10n.t('What is the next step?') };
  return { answer: `${slug}: ${outcome}. ${reason}`, followups: [followup] };
}
