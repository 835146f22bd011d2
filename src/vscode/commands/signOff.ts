import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { PersonInput } from '../../core/operations/complete.ts';
import type { Loaded } from '../session.ts';
import { ask, askName } from './input.ts';
import type { Personal } from './personal.ts';
import { orCancelled } from './pick.ts';

const { l10n } = vscode;

type Engine = NonNullable<Loaded['engine']>;

interface Choice extends vscode.QuickPickItem {
  readonly line?: string;
  readonly finding?: string;
}

/**
 * Asks a person what they have seen for themselves, and for their name. Nothing is ticked beforehand, and what is left
 * unticked stays open. Throws CancelledError where they give nothing.
 */
export async function askPerson(slug: string, { lines, findings }: Personal, engine: Engine): Promise<PersonInput> {
  const choices: Choice[] = [
    ...heading(l10n.t('Acceptance lines that nothing measures'), lines.length),
    ...lines.map(({ text, why }) => ({ label: text, detail: why, line: text })),
    ...heading(l10n.t('Findings of the gate that you let pass'), findings.length),
    ...findings.map(({ id, message }) => ({ label: message, detail: id, finding: id })),
  ];
  const picked = await orCancelled(
    vscode.window.showQuickPick(choices, {
      title: l10n.t('Sign off {0}', slug),
      placeHolder: l10n.t('Tick only what you have seen for yourself'),
      canPickMany: true,
      ignoreFocusOut: true,
    }),
  );
  const signOffs = picked.flatMap(({ line }) => line ?? []);
  const waive = picked.flatMap(({ finding }) => finding ?? []);
  if (signOffs.length + waive.length === 0) {
    throw new HumanError('gate.nothing-ticked', l10n.t('Nothing was ticked, so nothing is signed.'));
  }
  const by = await askName(engine);
  const reason = waive.length === 0 ? '' : await ask(l10n.t('Why you let it pass; it stands in every report'));
  return { by, signOffs, waive, reason, terminal: true };
}

function heading(label: string, count: number): Choice[] {
  return count === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }];
}
