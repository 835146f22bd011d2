import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { signalOf } from './cancel.ts';
import { ask } from './commands/ask.ts';
import { CHAT_COMMANDS } from './commands/table.ts';
import { ModelSettings } from './models/settings.ts';
import { DocumentOutput } from './output.ts';
import { mayRun } from './reading.ts';
import { targetSession } from './target.ts';

/** Runs a chat command in a window without a chat, and shows what it says as Markdown. */
export async function answerAsDocument(app: App, command: string | undefined, prompt: string): Promise<void> {
  const run = command === undefined ? ask : CHAT_COMMANDS[command];
  if (run === undefined) throw new HumanError('chat.no-command', vscode.l10n.t('There is no /{0}.', command ?? ''));
  const session = await targetSession(app);
  const { engine } = await session.load();
  const output = new DocumentOutput();
  const title = vscode.l10n.t('Reading the documents');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (_progress, token) => {
    const signal = signalOf(token);
    const choice = await new ModelSettings(app.context).choice(session);
    const model = engine === undefined || !mayRun(session) ? undefined : (await engine.provider(choice, signal)).model;
    await run({ app, session, prompt, output, model, history: [], signal, token });
  });
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: output.text });
  await vscode.window.showTextDocument(document, { preview: true });
  await vscode.commands.executeCommand('markdown.showPreview', document.uri);
}
