import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { orCancelled } from './pick.ts';

const { l10n } = vscode;

/** Makes a workspace: by cloning source and testbed, or the embedded one. Returns the report of what was done. */
export async function bootstrap(app: App): Promise<unknown> {
  const sample = {
    label: l10n.t('Embedded sample'),
    detail: l10n.t('A small real agent with its testbed. Needs no network.'),
  };
  const clone = { label: l10n.t('Clone'), detail: l10n.t('Your source and testbed repositories.') };
  const chosen = await orCancelled(
    vscode.window.showQuickPick([sample, clone], { placeHolder: l10n.t('What goes into the workspace?') }),
  );
  if (chosen === sample) return openSample(app);
  const core = await import('../core.ts');
  const sourceUrl = await orCancelled(
    vscode.window.showInputBox({ prompt: l10n.t('URL or path of the source repository'), value: core.SOURCE_URL }),
  );
  const testbedUrl = await orCancelled(
    vscode.window.showInputBox({ prompt: l10n.t('URL or path of the testbed repository'), value: core.TESTBED_URL }),
  );
  return make(app, await targetFolder(), { sourceUrl, testbedUrl });
}

/** Writes the embedded workspace into a folder and opens it. `folder`: where to, else a person is asked. */
export async function openSample(app: App, folder?: unknown): Promise<unknown> {
  const target = folder instanceof vscode.Uri ? folder : await targetFolder();
  return make(app, target, { sample: true, containers: false });
}

/** The folder of an empty window, or one that a person picks. */
async function targetFolder(): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder !== undefined && (await vscode.workspace.fs.readDirectory(folder.uri)).length === 0) return folder.uri;
  const options = { canSelectFolders: true, canSelectFiles: false, openLabel: l10n.t('Make the workspace here') };
  const [parent] = await orCancelled(vscode.window.showOpenDialog(options));
  if (parent === undefined) throw new vscode.CancellationError();
  const isEmpty = (await vscode.workspace.fs.readDirectory(parent)).length === 0;
  return isEmpty ? parent : vscode.Uri.joinPath(parent, 'workspace');
}

type Request = Parameters<typeof import('../core.ts').bootstrapOptions>[0];

async function make(app: App, folder: vscode.Uri, request: Request): Promise<unknown> {
  const core = await import('../core.ts');
  const root = folder.fsPath;
  const engine = await app.openEngine(root, join(root, '..'));
  const title = l10n.t('Making the workspace');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const report = await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const { config } = await engine.project.snapshot();
    const chosen = core.bootstrapOptions({ ...request, paths: config.paths });
    const plan = core.planBootstrap(chosen, await core.survey(chosen, engine.bootstrapPorts, stop.signal));
    return core.runBootstrap(plan, engine.bootstrapPorts, {
      signal: stop.signal,
      onProgress: (step) => {
        const message = step.kind === 'output' ? step.text : core.actionText(step.action);
        progress.report({ message });
        app.log.info(message);
      },
    });
  });
  await offerToOpen(folder);
  return report;
}

async function offerToOpen(folder: vscode.Uri): Promise<void> {
  const isOpen = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.toString() === folder.toString()) === true;
  if (isOpen) return;
  const open = l10n.t('Open');
  const message = l10n.t('The workspace is in {0}.', folder.fsPath);
  void vscode.window.showInformationMessage(message, open).then((chosen) => {
    if (chosen === open) void vscode.commands.executeCommand('vscode.openFolder', folder);
  });
}
