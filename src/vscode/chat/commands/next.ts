import * as vscode from 'vscode';
import { taskNext } from '../../../core/operations/taskNext.ts';
import { taskRows } from '../../../core/operations/tasks.ts';
import { STEP_COMMANDS } from '../../commands/steps.ts';
import { mayRun } from '../reading.ts';
import { named } from '../request.ts';
import { safeMarkdown } from '../safe.ts';
import type { ChatMemory, ChatTurn, Followup } from '../turn.ts';

const { l10n } = vscode;

/** What comes next, for the task that is named or the one to take now: why, and what blocks it. */
export async function next(turn: ChatTurn): Promise<ChatMemory> {
  const { session, prompt, output, signal } = turn;
  const snapshot = await session.snapshot();
  const slugs = snapshot.tasks.map((task) => task.slug);
  const [slug] = named(prompt, slugs);
  const { engine } = await session.load();
  const found =
    engine !== undefined && mayRun(session)
      ? await taskNext.run(engine, slug === undefined ? {} : { slug }, {
          signal,
          onProgress: output.progress.bind(output),
        })
      : fromFolders(turn, snapshot, slug);
  if (found.slug === null) {
    output.markdown(safeMarkdown(found.why));
    return {};
  }
  const task = snapshot.task(found.slug);
  output.markdown(`**${safeMarkdown(l10n.t('{0}, next: {1}.', found.slug, found.step))}** `);
  if (task !== undefined) output.place(session, { file: task.file, startLine: 1, endLine: 1 });
  output.markdown(`\n\n${safeMarkdown(found.why)}\n\n`);
  for (const blocker of found.blockers) output.markdown(`- ${safeMarkdown(blocker)}\n`);
  if (found.command !== null) output.markdown(`\n\`${found.command}\`\n`);
  const command = STEP_COMMANDS[found.step];
  if (command !== undefined && found.blockers.length === 0 && mayRun(session)) {
    output.button(l10n.t('Take this step'), `infrabuilder.${command}`, { session, slug: found.slug });
  }
  return { followups: followupsOf(found.step, found.slug) };
}

/** Without evidence, only the folders and documents tell. */
function fromFolders({ output }: ChatTurn, snapshot: Parameters<typeof taskRows>[0], slug: string | undefined) {
  output.markdown(`${l10n.t('Evidence is not read in a workspace that you do not trust.')}\n\n`);
  const rows = taskRows(snapshot).filter((row) => (slug === undefined ? row.status !== 'done' : row.slug === slug));
  const row = rows.find(({ blockers }) => blockers.length === 0) ?? rows[0];
  const why = row === undefined ? l10n.t('No task is left.') : l10n.t('The task lies in {0}.', row.status);
  return { slug: row?.slug ?? null, step: row?.step ?? '', why, blockers: row?.blockers ?? [], command: null };
}

function followupsOf(step: string, slug: string): Followup[] {
  if (step === 'plan' || step === 'arch' || step === 'result') {
    return [{ command: step, prompt: slug, label: l10n.t('Write the {0} of {1}', step, slug) }];
  }
  return step === 'verify' || step === 'iterate'
    ? [{ command: 'goals', prompt: '', label: l10n.t('Where do the goals stand?') }]
    : [];
}
