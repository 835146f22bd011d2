import * as vscode from 'vscode';

const MINUTE_MS = 60_000;

/** Fires every minute, for texts that hold an age. */
export class Ticker implements vscode.Disposable {
  readonly #tick = new vscode.EventEmitter<void>();
  readonly #timer = setInterval(() => this.#tick.fire(), MINUTE_MS);
  readonly onDidTick = this.#tick.event;

  dispose(): void {
    clearInterval(this.#timer);
    this.#tick.dispose();
  }
}
