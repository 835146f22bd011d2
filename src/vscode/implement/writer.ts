import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import { chooseProvider } from '../../core/grounding/provider.ts';
import type { App } from '../app.ts';
import { ChatModel } from '../chat/models/chatModel.ts';
import { ModelSettings, VENDOR } from '../chat/models/settings.ts';
import { orCancelled } from '../commands/pick.ts';
import type { RunModel } from '../runs/runs.ts';
import type { Session } from '../session.ts';

const { l10n } = vscode;

/**
 * Who writes: the endpoint that settings, environment or workspace name; else a chat model of the editor. Throws HumanError
 * `implement.no-model` where there is none.
 */
export async function chooseWriter({ context }: App, session: Session): Promise<RunModel> {
  const settings = new ModelSettings(context);
  const { config } = await session.snapshot();
  if (chooseProvider(await settings.choice(session), process.env, config).kind === 'endpoint') {
    return { env: await settings.environment(session) };
  }
  // Ours are the endpoint, which is not there, and the one that only quotes.
  const models = ((await vscode.lm?.selectChatModels()) ?? []).filter(({ vendor }) => vendor !== VENDOR);
  const [first, ...others] = models;
  if (first === undefined) throw noModel();
  if (others.length === 0) return { model: new ChatModel(first) };
  const items = models.map((model) => ({ label: model.name, description: model.vendor, model }));
  const placeHolder = l10n.t('Which model writes?');
  return { model: new ChatModel((await orCancelled(vscode.window.showQuickPick(items, { placeHolder }))).model) };
}

export function noModel(): HumanError {
  return new HumanError(
    'implement.no-model',
    l10n.t('There is no model that can write code.'),
    l10n.t('Name an endpoint in infrabuilder.llm.baseUrl, or sign in to a chat model.'),
  );
}
