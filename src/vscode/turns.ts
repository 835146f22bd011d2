import type * as vscode from 'vscode';

/** Registers one after the other, each in a turn of its own; what fails is told and keeps no other from its turn. */
export function inTurns(
  { subscriptions }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  parts: readonly (() => readonly vscode.Disposable[])[],
): void {
  const waiting = [...parts];
  const turn = (): void => {
    const register = waiting.shift();
    if (register === undefined) return;
    timer = setImmediate(turn);
    try {
      subscriptions.push(...register());
    } catch (error) {
      log.error(error instanceof Error ? error : String(error));
    }
  };
  let timer = setImmediate(turn);
  subscriptions.push({ dispose: () => clearImmediate(timer) });
}
