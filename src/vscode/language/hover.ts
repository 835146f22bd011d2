import * as vscode from 'vscode';
import type { Named } from '../../core/project/symbols.ts';
import { fromPosition, toRange } from '../convert.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { type Describe, describe } from './describe.ts';

/** Says what a name in a task, scenario, configuration, mapping or blueprint stands for. */
export class Hovers implements vscode.HoverProvider {
  readonly #sessions: Sessions;
  readonly #goalLine: Describe;

  /** `goalLine`: where a goal stands right now, in one line. */
  constructor(sessions: Sessions, goalLine: Describe) {
    this.#sessions = sessions;
    this.#goalLine = goalLine;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const found = this.#sessions.find(document.uri);
    if (found === undefined) return undefined;
    const snapshot = await found.session.snapshot();
    const symbol = snapshot.symbolAt(found.path, fromPosition(position));
    if (symbol === undefined) return undefined;
    const lines = await this.#describe(found.session, symbol);
    if (lines.length === 0) return undefined;
    const text = new vscode.MarkdownString();
    for (const [index, line] of lines.entries()) {
      const plain = line.replace(/[\\`*_[\]<>|~]/g, '\\$&');
      text.appendMarkdown(index === 0 ? `**${plain}**` : `\n\n${plain}`);
    }
    return new vscode.Hover(text, toRange(symbol.range));
  }

  async #describe(session: Session, symbol: Named): Promise<readonly string[]> {
    const { core } = await session.load();
    const snapshot = await session.snapshot();
    const lines = describe(symbol, snapshot, core);
    const now = symbol.kind === 'goal' ? this.#goalLine(session, symbol.id) : undefined;
    return now === undefined ? lines : [...lines, now];
  }
}
