import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { approval } from '../approval.ts';
import { outcomeText } from '../runs/text.ts';
import type { Session } from '../session.ts';
import { closeChange, showChange } from './change.ts';
import { type Accepted, Copies, type CopyRow } from './copies.ts';

const { l10n } = vscode;

export interface Decision {
  readonly session: Session;
  /** The run of the implementation loop. */
  readonly run: string;
  /** The person decides with the outcome before their eyes: nothing is asked again. */
  readonly sure: boolean;
}

/**
 * Brings the files of a run into the workspace, all or none. Unless the person is `sure`, a run that is not done asks.
 * HumanError `implement.unsaved` where an editor holds a file that would be written.
 */
export async function acceptRun(app: App, { session, run, sure }: Decision): Promise<Accepted | undefined> {
  const copies = new Copies(app.cli, session);
  const { outcome } = await findCopy(app, session, run);
  const { changes } = await copies.change(run);
  refuseUnsaved(
    session,
    changes.map(({ path }) => path),
  );
  const question = l10n.t('Run {0} ended as: {1}. Bring its files over all the same?', run, outcomeText(outcome));
  if (!sure && outcome !== 'done' && !(await approval.confirm(question))) return undefined;
  const accepted = await copies.accept(run);
  const { files, task } = accepted;
  if (accepted.outcome === 'conflict') {
    void tellConflict(app, session, run, files);
    return accepted;
  }
  app.runs.settle(session, run, 'accepted');
  await closeChange(run);
  session.changed(files);
  await session.refresh();
  void offerCompletion(session, task, files.length);
  return accepted;
}

/** Removes copy and branch of a run; the workspace stays as it is. Returns whether it was done. */
export async function discardRun(app: App, { session, run, sure }: Decision): Promise<boolean> {
  const { task } = await findCopy(app, session, run);
  const question = l10n.t('Discard what run {0} wrote for {1}?', run, task);
  const detail = l10n.t('Its copy and branch are removed; its transcript stays.');
  if (!sure && !(await approval.confirm(question, detail))) return false;
  await new Copies(app.cli, session).discard(run);
  app.runs.settle(session, run, 'discarded');
  await closeChange(run);
  void vscode.window.showInformationMessage(l10n.t('Run {0} is discarded. Your files are as they were.', run));
  return true;
}

/** The copy of a run. HumanError `implement.gone` where it is no more: then its row offers nothing about it any longer. */
export async function findCopy(
  { cli, runs }: Pick<App, 'cli' | 'runs'>,
  session: Session,
  run: string,
): Promise<CopyRow> {
  try {
    return await new Copies(cli, session).find(run);
  } catch (error) {
    if (error instanceof HumanError && error.code === 'implement.gone') runs.settle(session, run, 'gone');
    throw error;
  }
}

function refuseUnsaved(session: Session, paths: readonly string[]): void {
  const unsaved = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
  const open = unsaved.flatMap(({ uri }) => session.path(uri) ?? []).filter((path) => paths.includes(path));
  if (open.length === 0) return;
  throw new HumanError(
    'implement.unsaved',
    l10n.t('The change writes files that have unsaved edits: {0}.', open.join(', ')),
    l10n.t('Save or revert them, then accept again.'),
  );
}

async function tellConflict(app: App, session: Session, run: string, files: readonly string[]): Promise<void> {
  const show = l10n.t('Show diff');
  const message = l10n.t(
    'Nothing was taken over. These files have changed since the run began: {0}.',
    files.join(', '),
  );
  const hint = l10n.t('Undo your changes to them and accept again, or take over by hand what you want.');
  if ((await vscode.window.showWarningMessage(`${message} ${hint}`, show)) === show) {
    await showChange(app, session, run);
  }
}

async function offerCompletion(session: Session, slug: string, count: number): Promise<void> {
  const complete = l10n.t('Complete the task');
  const message = l10n.t('{0} files are as the run made them.', count);
  if ((await vscode.window.showInformationMessage(message, complete)) === complete) {
    await vscode.commands.executeCommand('infrabuilder.taskComplete', { session, slug });
  }
}
