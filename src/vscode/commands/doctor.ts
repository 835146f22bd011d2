import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { ModelSettings } from '../chat/models/settings.ts';
import { pickRunnable } from './pick.ts';

type Tool = Awaited<ReturnType<typeof import('../core.ts').doctor.run>>['tools'][number];

interface Row extends vscode.QuickPickItem {
  readonly install?: string;
}

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
  const answers: Row = { label: `$(comment-discussion) ${answered}`, detail: note ?? '' };
  const { tools } = report;
  const rows = [
    ...section(
      vscode.l10n.t('Needed by the checks'),
      tools.filter((tool) => tool.required && !isThere(tool)),
    ),
    ...section(vscode.l10n.t('Installed'), tools.filter(isThere)),
    ...section(
      vscode.l10n.t('Not needed here'),
      tools.filter((tool) => !tool.required && !isThere(tool)),
    ),
    { label: vscode.l10n.t('Answers'), kind: vscode.QuickPickItemKind.Separator },
    answers,
  ];
  const title = report.ok
    ? vscode.l10n.t('Everything that the checks need is there.')
    : vscode.l10n.t('Missing for the checks: {0}', report.missingRequired.join(', '));
  void vscode.window
    .showQuickPick(rows, { title, placeHolder: vscode.l10n.t('Enter copies how to install a tool') })
    .then((item) => {
      if (item?.install !== undefined) void vscode.env.clipboard.writeText(item.install);
    });
  return report.ok;
}

function section(label: string, tools: readonly Tool[]): Row[] {
  if (tools.length === 0) return [];
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...tools.map(row)];
}

function isThere({ status }: Tool): boolean {
  return status === 'ok' || status === 'unverified';
}

function row(tool: Tool): Row {
  const { title, status, required, version, install, problem } = tool;
  const icon = isThere(tool) ? 'pass' : required ? 'error' : 'circle-slash';
  return {
    label: `$(${icon}) ${title}`,
    description: [version ?? '', statusText(status)].filter((part) => part !== '').join(' '),
    detail: install ?? problem ?? '',
    ...(install !== undefined && { install }),
  };
}

function statusText(status: Tool['status']): string {
  switch (status) {
    case 'ok':
      return '';
    case 'unverified':
      return vscode.l10n.t('version not known');
    case 'missing':
      return vscode.l10n.t('missing');
    case 'too-old':
      return vscode.l10n.t('too old');
    case 'broken':
      return vscode.l10n.t('broken');
    case 'unsupported':
      return vscode.l10n.t('not for this system');
  }
}
