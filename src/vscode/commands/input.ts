import * as vscode from 'vscode';
import type { Loaded } from '../session.ts';
import { orCancelled } from './pick.ts';

const { l10n } = vscode;

/** A line of text that is not empty, without white space around it. */
export async function ask(prompt: string, value = ''): Promise<string> {
  const validateInput = (text: string): string | undefined =>
    text.trim() === '' ? l10n.t('This cannot be empty.') : undefined;
  return (await orCancelled(vscode.window.showInputBox({ prompt, value, validateInput, ignoreFocusOut: true }))).trim();
}

/** The name of the person who decides; git's is offered. */
export async function askName({ doctorPorts }: NonNullable<Loaded['engine']>): Promise<string> {
  const { exitCode, stdout } = await doctorPorts.processes.run({ argv: ['git', 'config', 'user.name'], cwd: '.' });
  const prompt = l10n.t('Your name; it stands in the evidence and in every report');
  return ask(prompt, exitCode === 0 ? stdout.trim() : '');
}
