import * as vscode from 'vscode';
import type { SymbolKind } from '../../core/project/symbols.ts';
import { toLocation } from '../convert.ts';
import type { Sessions } from '../sessions.ts';

const KINDS: readonly (readonly [SymbolKind, vscode.SymbolKind])[] = [
  ['task', vscode.SymbolKind.File],
  ['goal', vscode.SymbolKind.EnumMember],
  ['scenario', vscode.SymbolKind.Event],
];
/** More than a person reads. */
const MOST = 100;

/** Finds tasks, goals and scenarios by name from anywhere. */
export class WorkspaceSymbols implements vscode.WorkspaceSymbolProvider<vscode.SymbolInformation> {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideWorkspaceSymbols(query: string): Promise<vscode.SymbolInformation[]> {
    const wanted = query.toLowerCase();
    const found: vscode.SymbolInformation[] = [];
    for (const session of this.#sessions.workspaces) {
      const snapshot = await session.snapshot();
      for (const [kind, icon] of KINDS) {
        for (const id of snapshot.symbolNames(kind)) {
          if (found.length >= MOST) return found;
          if (!id.toLowerCase().includes(wanted)) continue;
          const [place] = snapshot.definitions({ kind, id });
          if (place !== undefined) found.push(new vscode.SymbolInformation(id, icon, kind, toLocation(session, place)));
        }
      }
    }
    return found;
  }
}
