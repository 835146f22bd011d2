import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import type { OfferedModels } from './offered.ts';
import { ModelSettings, VENDOR } from './settings.ts';

/**
 * Offers our models to VS Code, and has it resolve them at once: without a resolved model VS Code answers a question to
 * `@infrabuilder` itself, by saying that there is none.
 */
export function registerModels({ context, sessions, log }: App): readonly vscode.Disposable[] {
  if (vscode.lm?.registerLanguageModelChatProvider === undefined) return [];
  const settings = new ModelSettings(context);
  const changed = new vscode.EventEmitter<void>();
  let loaded: Promise<OfferedModels> | undefined;
  const load = (): Promise<OfferedModels> => {
    loaded ??= import('./offered.ts').then(({ OfferedModels }) => new OfferedModels(sessions, settings));
    return loaded;
  };
  const resolve = async (): Promise<void> => {
    try {
      await vscode.lm.selectChatModels({ vendor: VENDOR });
    } catch (error) {
      log.warn(`The models cannot be resolved: ${String(error)}`);
    }
  };
  const provider: vscode.LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: async (_options, token) => (await load()).list(token),
    provideLanguageModelChatResponse: async (...request) => (await load()).respond(...request),
    provideTokenCount: async (_model, text) => (await load()).count(text),
  };
  const registered = vscode.lm.registerLanguageModelChatProvider(VENDOR, provider);
  void resolve();
  const again = (): void => {
    changed.fire();
    void resolve();
  };
  return [registered, changed, settings.onDidChange(again), vscode.workspace.onDidGrantWorkspaceTrust(again)];
}
