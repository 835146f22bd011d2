import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { originOf } from '../chat/models/origin.ts';
import { ModelSettings } from '../chat/models/settings.ts';
import { orCancelled, pickSession } from './pick.ts';

const { l10n } = vscode;

/** Asks a question and shows the answer in the chat view, or as a document where there is no chat. */
export async function ask(app: App, question?: unknown): Promise<void> {
  const prompt = l10n.t('What do you want to know of this workspace?');
  const text = typeof question === 'string' ? question : await orCancelled(vscode.window.showInputBox({ prompt }));
  await answer(app, undefined, text);
}

/** Says why a goal is red: the one that is named or picked. */
export async function why(app: App, target?: unknown): Promise<void> {
  const session = await pickSession(app, target);
  const { goals } = await session.snapshot();
  const items = goals.map(({ id, title }) => ({ label: id, description: title }));
  const placeHolder = l10n.t('Which goal?');
  const id =
    typeof target === 'string'
      ? target
      : (goalOf(target) ?? (await orCancelled(vscode.window.showQuickPick(items, { placeHolder }))).label);
  await answer(app, 'why', id);
}

export const runbookCheck = (app: App): Promise<void> => answer(app, 'runbook', 'check');
export const runbookDraft = (app: App): Promise<void> => answer(app, 'runbook', 'draft');

async function answer(app: App, command: string | undefined, text: string): Promise<void> {
  const hasChat = vscode.chat?.createChatParticipant !== undefined;
  if (hasChat && !vscode.workspace.getConfiguration('chat').get('disableAIFeatures', false)) {
    const query = ['@infrabuilder', command === undefined ? '' : `/${command}`, text].filter((part) => part !== '');
    await vscode.commands.executeCommand('workbench.action.chat.open', { query: query.join(' ') });
    return;
  }
  const { answerAsDocument } = await import('../chat/asDocument.ts');
  await answerAsDocument(app, command, text);
}

/** Keeps the key of an endpoint in VS Code's secret store. */
export async function setModelKey({ context }: App): Promise<void> {
  const settings = new ModelSettings(context);
  const baseUrl = await orCancelled(
    vscode.window.showInputBox({
      prompt: l10n.t('URL of an OpenAI-compatible endpoint, which usually ends with /v1'),
      value: settings.baseUrl || 'http://127.0.0.1:11434/v1',
      validateInput: (text) =>
        originOf(text) === undefined ? l10n.t('This is not the URL of an endpoint.') : undefined,
      ignoreFocusOut: true,
    }),
  );
  const prompt = l10n.t('API key for {0}; it is sent nowhere else', originOf(baseUrl) ?? '');
  const key = await orCancelled(vscode.window.showInputBox({ prompt, password: true, ignoreFocusOut: true }));
  if (key.trim() === '') throw new HumanError('model.no-key', l10n.t('The key is empty; nothing was kept.'));
  await settings.setKey(baseUrl, key.trim());
  if (settings.baseUrl !== baseUrl) await settings.setBaseUrl(baseUrl);
  void vscode.window.showInformationMessage(
    l10n.t('The key is kept by VS Code, for {0} alone.', originOf(baseUrl) ?? ''),
  );
}

export async function removeModelKey({ context }: App): Promise<void> {
  const settings = new ModelSettings(context);
  const baseUrl = settings.baseUrl;
  if (baseUrl === '' || (await settings.key(baseUrl)) === undefined) {
    throw new HumanError('model.no-key', l10n.t('No key is kept for the endpoint of the settings.'));
  }
  await settings.setKey(baseUrl, undefined);
  void vscode.window.showInformationMessage(l10n.t('The key for {0} was removed.', originOf(baseUrl) ?? ''));
}

function goalOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('state' in target)) return undefined;
  return (target.state as { readonly goal: { readonly id: string } }).goal.id;
}
