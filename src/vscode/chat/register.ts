import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { registerModels } from './models/register.ts';
import type { Participant } from './participant.ts';
import { registerTools } from './tools/register.ts';

const ID = 'infrabuilder.chat';

/** What this window's models and chat can ask of us. Editors that share VS Code's code may lack parts of it. */
export function registerChat(app: App): readonly vscode.Disposable[] {
  return [...registerParticipant(app), ...registerModels(app), ...registerTools(app)];
}

/** The handler's code loads with the first question. */
function registerParticipant(app: App): readonly vscode.Disposable[] {
  if (vscode.chat?.createChatParticipant === undefined) return [];
  let loaded: Promise<Participant> | undefined;
  const load = (): Promise<Participant> => {
    loaded ??= import('./participant.ts').then((code) => new code.Participant(app));
    return loaded;
  };
  const participant = vscode.chat.createChatParticipant(ID, async (...request) => (await load()).answer(...request));
  participant.iconPath = vscode.Uri.joinPath(app.context.extensionUri, 'media', 'icon.png');
  participant.followupProvider = {
    provideFollowups: async (result) => (await import('./participant.ts')).followupsOf(result),
  };
  return [participant];
}
