import * as vscode from 'vscode';
import type { Implementation } from '../../core/model/implementation.ts';
import type { App } from '../app.ts';
import { outcomeText } from '../runs/text.ts';
import type { Session } from '../session.ts';

const { l10n } = vscode;

/** Says how a run ended, and lets the person decide about its change. Whoever closes the message keeps the run. */
export async function offerDecision(app: App, session: Session, result: Implementation): Promise<void> {
  const { run, slug, outcome, reason, missing } = result;
  const [show, accept, discard] = [l10n.t('Show diff'), l10n.t('Accept'), l10n.t('Discard')];
  const [keep, lacking] = [l10n.t('Keep'), l10n.t('What is missing ({0})', missing.length)];
  const text = `${slug}: ${outcomeText(outcome)}. ${reason}`;
  const choices = [...(missing.length > 0 ? [lacking] : []), show, accept, discard, keep];
  const tell = outcome === 'done' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  for (;;) {
    const chosen = await tell(text, ...choices);
    if (chosen === lacking) await showMissing(result);
    else if (chosen === show) await command('implementDiff', session, run);
    else {
      if (chosen === accept) await command('implementAccept', session, run, true);
      if (chosen === discard) await command('implementDiscard', session, run, true);
      return;
    }
    // The first look closed the message; the decision is still due.
    if (app.sessions.all.every((one) => one !== session)) return;
  }
}

/** A run that was stopped, or whose process is gone, can go on where it was. */
export async function offerResume(session: Session, slug: string, run: string, why: string): Promise<void> {
  const resume = l10n.t('Resume');
  const message = l10n.t('{0}: {1} Your files are as they were; the run can go on.', slug, why);
  if ((await vscode.window.showWarningMessage(message, resume)) === resume) {
    await command('implementResume', session, run);
  }
}

async function command(name: string, session: Session, run: string, sure = false): Promise<void> {
  await vscode.commands.executeCommand(`infrabuilder.${name}`, { session, run, sure });
}

/** Enter copies what mends it. */
async function showMissing({ slug, missing, tampering }: Implementation): Promise<void> {
  const items = [
    ...missing.map(({ message, mend }) => ({ label: `$(error) ${message}`, detail: mend })),
    ...tampering.map(({ message, file, line }) => ({ label: `$(warning) ${message}`, detail: `${file}:${line}` })),
  ];
  const title = l10n.t('What {0} lacks', slug);
  const placeHolder = l10n.t('Enter copies what mends it');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
  if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.detail);
}
