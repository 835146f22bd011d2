import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { ModelSettings } from '../chat/models/settings.ts';
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
    const found = await core.doctor.run(engine, {}, { signal: stop.signal });
    // The window's settings and secrets name a provider that the operation knows nothing of.
    const answers = await engine.provider(await new ModelSettings(app.context).choice(session), stop.signal);
    return { ...found, answers: { provider: answers.name, note: answers.note ?? null } };
  });
  void vscode.commands.executeCommand('setContext', 'infrabuilder.toolsMissing', !report.ok);
  const { provider, note } = report.answers;
  const answered = vscode.l10n.t('Questions are answered by {0}', provider);
  app.log.info([...core.doctorText(report), answered, note ?? ''].join('\n'));
  const answers = {
    label: `$(comment-discussion) ${answered}`,
    description: '',
    detail: note ?? '',
    install: undefined,
  };
  const tools = report.tools.map((tool) => ({
    label: `$(${tool.status === 'ok' ? 'pass' : tool.required ? 'error' : 'circle-slash'}) ${tool.title}`,
    description: [tool.version ?? '', tool.status === 'ok' ? '' : tool.status].filter((part) => part !== '').join(' '),
    detail: tool.install ?? tool.problem ?? '',
    install: tool.install,
  }));
  const title = report.ok
    ? vscode.l10n.t('Everything that the checks need is there.')
    : vscode.l10n.t('Missing for the checks: {0}', report.missingRequired.join(', '));
  void vscode.window
    .showQuickPick([answers, ...tools], { title, placeHolder: vscode.l10n.t('Enter copies how to install a tool') })
    .then((item) => {
      if (item?.install !== undefined) void vscode.env.clipboard.writeText(item.install);
    });
  return report.ok;
}
