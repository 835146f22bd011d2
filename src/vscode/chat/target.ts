import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { Engine } from '../../core/engine.ts';
import type { App } from '../app.ts';
import { orCancelled, pickSession, requireRunnable } from '../commands/pick.ts';
import type { Session } from '../session.ts';
import { named } from './request.ts';
import type { ChatTurn } from './turn.ts';

/** The workspace that a question is about: that of the open editor, the only one, or the one that the person picks. */
export async function targetSession(app: App): Promise<Session> {
  await Promise.all(app.sessions.all.map((session) => session.refreshOnce()));
  const open = vscode.window.activeTextEditor?.document.uri;
  const session = open === undefined ? undefined : app.sessions.find(open)?.session;
  if (session !== undefined && app.sessions.workspaces.includes(session)) return session;
  return pickSession(app);
}

/** For what writes or runs. Throws HumanError where the workspace is not trusted, or not on this machine. */
export async function requireRun(session: Session): Promise<Engine> {
  requireRunnable(session);
  const { engine } = await session.load();
  if (engine === undefined) throw new HumanError('workspace.virtual', vscode.l10n.t('Nothing can be run here.'));
  return engine;
}

/** The task that the request names, the only one that is under way, or the one that the person picks. */
export async function pickTask({ session, prompt }: Pick<ChatTurn, 'session' | 'prompt'>): Promise<string> {
  const { tasks } = await session.snapshot();
  const [slug] = named(
    prompt,
    tasks.map((task) => task.slug),
  );
  if (slug !== undefined) return slug;
  const [first, ...others] = tasks.filter(({ status }) => status === 'in_progress');
  if (first !== undefined && others.length === 0) return first.slug;
  const open = tasks.filter(({ status }) => status !== 'done').map((task) => task.slug);
  if (open.length === 0) throw new HumanError('task.none', vscode.l10n.t('No task is pending or in progress.'));
  return orCancelled(vscode.window.showQuickPick(open, { placeHolder: vscode.l10n.t('Which task?') }));
}
