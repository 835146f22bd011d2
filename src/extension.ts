import * as vscode from 'vscode';
import type { Engine } from './core/engine.ts';
import { Workspaces } from './vscode/workspaces.ts';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('InfraBuilder', { log: true });
  const workspaces = new Workspaces(openEngine, log);
  context.subscriptions.push(
    log,
    workspaces,
    vscode.commands.registerCommand('infrabuilder.validate', () => workspaces.validateAll()),
  );
}

/** Loads the engine on first use: activation stays short. */
async function openEngine(root: string): Promise<Engine> {
  const { composeEngine } = await import('./compose.ts');
  const approval = {
    confirm: async (question: string, detail?: string) => {
      const options = { modal: true, ...(detail !== undefined && { detail }) };
      return (await vscode.window.showWarningMessage(question, options, 'Yes')) === 'Yes';
    },
  };
  return composeEngine(root, root, { env: process.env, approval });
}
