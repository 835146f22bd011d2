import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { pickRunnable } from './pick.ts';

/** Looks for the tools that the workspace needs, and lists them with what to do about those that are missing. */
export async function doctor(app: App): Promise<boolean> {
  const session = await pickRunnable(app);
  const { core, engine } = await session.load();
  if (engine === undefined) return false;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Checking the machine'),
    cancellable: true,
  };
  const report = await vscode.window.withProgress(options, async (_progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return core.doctor.run(engine, {}, { signal: stop.signal });
  });
  void vscode.commands.executeCommand('setContext', 'infrabuilder.toolsMissing', !report.ok);
  app.log.info(core.doctorText(report).join('\n'));
  const items = report.tools.map((tool) => ({
    label: `$(${tool.status === 'ok' ? 'pass' : tool.required ? 'error' : 'circle-slash'}) ${tool.title}`,
    description: [tool.version ?? '', tool.status === 'ok' ? '' : tool.status].filter((part) => part !== '').join(' '),
    detail: tool.install ?? tool.problem ?? '',
    install: tool.install,
  }));
  const title = report.ok
    ? vscode.l10n.t('Everything that the checks need is there.')
    : vscode.l10n.t('Missing for the checks: {0}', report.missingRequired.join(', '));
  void vscode.window
    .showQuickPick(items, { title, placeHolder: vscode.l10n.t('Enter copies how to install a tool') })
    .then((item) => {
      if (item?.install !== undefined) void vscode.env.clipboard.writeText(item.install);
    });
  return report.ok;
}
