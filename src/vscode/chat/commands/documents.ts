import { posix } from 'node:path';
import * as vscode from 'vscode';
import { withoutMarkers } from '../../../core/documents/generate.ts';
import { taskDocument } from '../../../core/operations/taskDocument.ts';
import type { ReportKind } from '../../../core/project/documents.ts';
import { CitedText } from '../cited.ts';
import { fillPlaces } from '../prose.ts';
import { relativeCitations } from '../relative.ts';
import { safeMarkdown } from '../safe.ts';
import { pickTask, requireRun } from '../target.ts';
import type { ChatCommand, ChatMemory, ChatTurn } from '../turn.ts';

const { l10n } = vscode;
/** More of a document is read in the editor. */
const MOST_LINES = 160;

export const plan: ChatCommand = (turn) => write(turn, 'plan');
export const arch: ChatCommand = (turn) => write(turn, 'arch');
export const result: ChatCommand = (turn) => write(turn, 'result');

const NEXT: Readonly<Record<ReportKind, string>> = { plan: 'arch', arch: 'next', result: 'next' };

/** Writes the document by the operation, lets a model fill its empty places with what is borne out, and shows it. */
async function write(turn: ChatTurn, kind: ReportKind): Promise<ChatMemory> {
  const { app, session, output, model, signal } = turn;
  const engine = await requireRun(session);
  const slug = await pickTask(turn);
  output.progress(l10n.t('Writing the {0} of {1}', kind, slug));
  const onProgress = (text: string): void => output.progress(text);
  const { file, written, issues } = await taskDocument.run(engine, { slug, document: kind }, { signal, onProgress });
  app.diagnostics.set(session, `${kind} of ${slug}`, issues);
  for (const { message, file: where, range } of issues) {
    output.markdown(`- ${safeMarkdown(message)} `);
    output.place(session, { file: where, startLine: range.start.line, endLine: range.end.line });
    output.markdown('\n');
  }
  if (!written) {
    output.markdown(`\n${l10n.t('The document is as it was.')}`);
    return {};
  }
  session.changed([file]);
  if (model !== undefined) {
    const filled = await fillPlaces({ engine, model, slug, kind, file, signal, onProgress });
    for (const line of filled) output.markdown(`- ${safeMarkdown(line)}\n`);
    if (filled.length > 0) session.changed([file]);
  }
  await show(turn, engine, file);
  output.files(session, Object.values((await session.snapshot()).reports(slug)));
  output.button(l10n.t('Open'), 'vscode.open', session.uri(file));
  const next = NEXT[kind];
  const label = next === 'next' ? l10n.t('What is the next step?') : l10n.t('Write the {0} of {1}', next, slug);
  return { followups: [{ command: next, prompt: slug, label }] };
}

async function show(
  { session, output }: ChatTurn,
  { files, grounding }: Awaited<ReturnType<typeof requireRun>>,
  file: string,
): Promise<void> {
  const text = withoutMarkers((await files.read(file)) ?? '');
  const lines = text.split('\n');
  const shown = lines.slice(0, MOST_LINES).join('\n');
  const cited = new CitedText(output, session, grounding);
  cited.write(`\n\n${relativeCitations(shown, posix.dirname(file))}\n\n`);
  await cited.end();
  if (lines.length > MOST_LINES) output.markdown(`${l10n.t('{0} more lines.', lines.length - MOST_LINES)}\n\n`);
}
