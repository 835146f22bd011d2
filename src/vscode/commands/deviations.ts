import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { runCommandLine } from '../runs/commandLine.ts';
import { ask, askName } from './input.ts';
import { orCancelled, pickRunnable } from './pick.ts';

const { l10n } = vscode;

/** Asks for what the register needs, and lets the command line verify the goals that are touched. */
export async function registerDeviation(app: App): Promise<void> {
  const session = await pickRunnable(app);
  const snapshot = await session.snapshot();
  const item = await ask(l10n.t('What the blueprint asks for: a section, story or rule'));
  const change = await ask(l10n.t('What is done in its place'));
  const why = await ask(l10n.t('Why the blueprint cannot be followed here'));
  const goals = await orCancelled(
    vscode.window.showQuickPick(
      snapshot.goals.map(({ id, title }) => ({ label: id, description: title })),
      { placeHolder: l10n.t('Which goals does it touch?'), canPickMany: true, ignoreFocusOut: true },
    ),
  );
  const impact: string[] = [];
  for (const { label } of goals) impact.push('--impact', `${label}=${await ask(l10n.t('What it does to {0}', label))}`);
  const scope = await ask(l10n.t('What it covers: a rule or a file pattern'));
  const year = new Date();
  year.setFullYear(year.getFullYear() + 1);
  const expires = await ask(l10n.t('The last day on which it holds'), year.toISOString().slice(0, 10));
  const args = ['deviation', 'add', '--item', item, '--change', change, '--why', why, ...impact];
  const title = l10n.t('Verifying the goals that the deviation touches');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const { exitCode, stdout, stderr } = await vscode.window.withProgress(options, (_progress, token) =>
    runCommandLine(
      app.cli,
      [...args, '--scope', scope, '--expires', expires, '--json'],
      session.folder.uri.fsPath,
      token,
    ),
  );
  const registered = exitCode === 0 ? (JSON.parse(stdout) as { readonly file: string }) : undefined;
  if (registered === undefined) {
    throw new HumanError(
      'deviation.refused',
      stderr.replace(/^error: /, '').trim() || l10n.t('A goal that it touches does not hold.'),
    );
  }
  session.changed([registered.file]);
  await vscode.window.showTextDocument(session.uri(registered.file));
}

/** A person approves a deviation by name, where the goals that it touches hold; the approval is evidence. */
export async function approveDeviation(app: App): Promise<void> {
  const session = await pickRunnable(app);
  const { core, engine } = await session.load();
  if (engine === undefined) return;
  const { deviations } = await core.deviationList.run(engine, {}, {});
  const open = deviations.filter(
    ({ status, recorded }) => status === 'proposed' || (status === 'approved' && !recorded),
  );
  if (open.length === 0) throw new HumanError('deviation.none', l10n.t('No deviation waits for an approval.'));
  const items = open.map(({ id, item, scope }) => ({ label: id, description: item, detail: scope.join(', ') }));
  const placeHolder = l10n.t('Which deviation do you approve?');
  const { label: id } = await orCancelled(vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }));
  const by = await askName(engine);
  // Nothing is measured behind a person's back: what is not fresh is named, and the checkpoint measures it.
  const { file, goals, registered } = await core.approveDeviation(
    engine,
    id,
    { by, terminal: true },
    { measure: false },
  );
  if (!registered) {
    const standing = goals.filter((state) => !core.holdsNow(state)).map(({ goal, reason }) => `${goal.id}: ${reason}`);
    throw new HumanError(
      'deviation.refused',
      l10n.t('Not every goal that {0} touches is known to hold. {1}', id, standing.join(' ')),
      l10n.t('Run the checkpoint, then approve it.'),
    );
  }
  session.changed([file]);
  await vscode.window.showTextDocument(session.uri(file));
}
