import * as vscode from 'vscode';
import type { Session } from '../session.ts';
import { type Piece, placeName } from './pieces.ts';

export type Place = Extract<Piece, { kind: 'citation' }>['citation'];

/** Where a chat command writes to. Text is Markdown of ours; what comes from elsewhere is made safe before. */
export interface Output {
  progress(text: string): void;
  markdown(text: string): void;
  /** A link that opens exactly these lines. */
  place(session: Session, place: Place, label?: string): void;
  /** Something that the answer rests on, beside the text. */
  reference(session: Session, place: Place): void;
  button(title: string, command: string, ...args: readonly unknown[]): void;
  /** Files of one folder. */
  files(session: Session, paths: readonly string[]): void;
}

/** Writes into the chat view. */
export class ChatOutput implements Output {
  readonly #stream: vscode.ChatResponseStream;

  constructor(stream: vscode.ChatResponseStream) {
    this.#stream = stream;
  }

  progress(text: string): void {
    this.#stream.progress(text);
  }

  markdown(text: string): void {
    this.#stream.markdown(new vscode.MarkdownString(text));
  }

  place(session: Session, place: Place, label = placeName(place)): void {
    this.#stream.anchor(locationOf(session, place), label);
  }

  reference(session: Session, place: Place): void {
    this.#stream.reference(locationOf(session, place));
  }

  button(title: string, command: string, ...args: readonly unknown[]): void {
    this.#stream.button({ title, command, arguments: [...args] });
  }

  files(session: Session, paths: readonly string[]): void {
    this.#stream.filetree(treeOf(paths), session.folder.uri);
  }
}

/** Collects what a command writes as one Markdown document, for a window without a chat. */
export class DocumentOutput implements Output {
  text = '';

  progress(): void {
    // The notification that waits for the document says that something happens.
  }

  markdown(text: string): void {
    this.text += text;
  }

  place(_session: Session, place: Place, label = placeName(place)): void {
    this.text += `\`${label}\``;
  }

  reference(): void {
    // The places in the text name the same files.
  }

  button(): void {
    // Each button is a command of the palette.
  }

  files(_session: Session, paths: readonly string[]): void {
    this.text += `${paths.map((path) => `\n- \`${path.replaceAll('`', '')}\``).join('')}\n`;
  }
}

export function locationOf(session: Session, { file, startLine, endLine }: Place): vscode.Location {
  return new vscode.Location(
    session.uri(file),
    new vscode.Range(startLine - 1, 0, endLine - 1, Number.MAX_SAFE_INTEGER),
  );
}

function treeOf(paths: readonly string[]): vscode.ChatResponseFileTree[] {
  const roots: vscode.ChatResponseFileTree[] = [];
  for (const path of [...paths].sort()) {
    let level = roots;
    const parts = path.split('/');
    for (const [at, name] of parts.entries()) {
      let node = level.find((one) => one.name === name);
      if (node === undefined) {
        node = at === parts.length - 1 ? { name } : { name, children: [] };
        level.push(node);
      }
      level = node.children ?? [];
    }
  }
  return roots;
}
