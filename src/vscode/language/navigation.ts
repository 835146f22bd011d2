import type * as vscode from 'vscode';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { SymbolUse } from '../../core/project/symbols.ts';
import { fromPosition, toLocation, toRange } from '../convert.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';

export interface SymbolHit {
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly symbol: SymbolUse;
}

/** What the text at a position names, in the workspace that the file belongs to. */
export async function symbolAt(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<SymbolHit | undefined> {
  const found = sessions.find(document.uri);
  if (found === undefined) return undefined;
  const snapshot = await found.session.snapshot();
  const symbol = snapshot.symbolAt(found.path, fromPosition(position));
  return symbol && { session: found.session, snapshot, symbol };
}

/** Go to definition and find references. */
export class Navigation implements vscode.DefinitionProvider, vscode.ReferenceProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideDefinition(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.DefinitionLink[]> {
    const hit = await symbolAt(this.#sessions, document, position);
    if (hit === undefined) return [];
    const { session, snapshot, symbol } = hit;
    return snapshot.definitions(symbol).map(({ file, range }) => ({
      originSelectionRange: toRange(symbol.range),
      targetUri: session.uri(file),
      targetRange: toRange(range),
    }));
  }

  async provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): Promise<vscode.Location[]> {
    const hit = await symbolAt(this.#sessions, document, position);
    if (hit === undefined) return [];
    const { session, snapshot, symbol } = hit;
    const places = [...(includeDeclaration ? snapshot.definitions(symbol) : []), ...snapshot.references(symbol)];
    return places.map((place) => toLocation(session, place));
  }
}
