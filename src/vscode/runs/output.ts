import * as vscode from 'vscode';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import { endText } from './text.ts';

const KEPT_LINES = 2_000;

/** Shows what runs print, in one terminal for each title. A later run of that title goes on in the same one. */
export class RunOutput implements vscode.Disposable {
  readonly #terminals = new Map<string, Shown>();
  readonly #listeners: vscode.Disposable[];
  /** What a run has printed that no terminal has shown yet. */
  readonly #unseen = new WeakMap<Run, string[]>();

  constructor(runs: Runs) {
    const ended = new Set<number>();
    this.#listeners = [
      runs.onDidPrint(({ run, line }) => this.#print(run, line)),
      runs.onDidChange((run) => {
        if (run.end === undefined || ended.has(run.id)) return;
        ended.add(run.id);
        this.#print(run, `\u001b[1m${endText(run.end)}\u001b[0m`);
      }),
      vscode.window.onDidCloseTerminal((closed) => {
        for (const [key, { terminal }] of this.#terminals) if (terminal === closed) this.#terminals.delete(key);
      }),
      vscode.window.registerTerminalLinkProvider({
        provideTerminalLinks: ({ terminal, line }) => this.#links(terminal, line),
        handleTerminalLink: ({ uri, at }: OutputLink) =>
          void vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), preview: true }),
      }),
    ];
  }

  /** Brings a run's terminal to the front; it is made where there is none. */
  show(run: Run): void {
    const key = keyOf(run);
    let shown = this.#terminals.get(key);
    if (shown === undefined) {
      shown = new Shown(run.title);
      this.#terminals.set(key, shown);
    }
    shown.run = run;
    shown.write(`\u001b[1m> ${run.title}\u001b[0m`);
    for (const line of this.#unseen.get(run) ?? []) shown.write(line);
    this.#unseen.delete(run);
    shown.terminal.show(true);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const { terminal } of this.#terminals.values()) terminal.dispose();
  }

  #print(run: Run, line: string): void {
    const shown = this.#terminals.get(keyOf(run));
    if (shown !== undefined) {
      shown.write(line);
      return;
    }
    const lines = this.#unseen.get(run) ?? [];
    this.#unseen.set(run, lines);
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  }

  /** `sampler/heap.go:12:3`, relative to the check's folder or to the workspace. */
  async #links(terminal: vscode.Terminal, line: string): Promise<OutputLink[]> {
    const run = [...this.#terminals.values()].find((shown) => shown.terminal === terminal)?.run;
    if (run === undefined) return [];
    const { config } = await run.session.snapshot();
    const cwd = run.request.kind === 'check' ? (config.checks[run.request.name]?.cwd ?? '.') : '.';
    const found: OutputLink[] = [];
    for (const match of line.matchAll(/([\w./-]+\.\w+):(\d+)(?::(\d+))?/g)) {
      const [text, path = '', row = '1', column = '1'] = match;
      for (const folder of new Set([cwd, '.'])) {
        const uri = vscode.Uri.joinPath(run.session.folder.uri, folder, path);
        if (!(await isFile(uri))) continue;
        const at = new vscode.Position(Number(row) - 1, Number(column) - 1);
        found.push({ startIndex: match.index, length: text.length, tooltip: vscode.l10n.t('Open the file'), uri, at });
        break;
      }
    }
    return found;
  }
}

interface OutputLink extends vscode.TerminalLink {
  readonly uri: vscode.Uri;
  readonly at: vscode.Position;
}

class Shown {
  readonly terminal: vscode.Terminal;
  run: Run | undefined;
  readonly #written = new vscode.EventEmitter<string>();
  #waiting: string[] | undefined = [];

  constructor(title: string) {
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.#written.event,
      open: () => {
        const lines = this.#waiting ?? [];
        this.#waiting = undefined;
        for (const line of lines) this.write(line);
      },
      close: () => this.#written.dispose(),
      // Ctrl-C, as in any terminal.
      handleInput: (text) => {
        if (text === '\u0003') this.run?.cancel();
      },
    };
    this.terminal = vscode.window.createTerminal({
      name: `InfraBuilder: ${title}`,
      pty,
      iconPath: new vscode.ThemeIcon('beaker'),
    });
  }

  write(line: string): void {
    if (this.#waiting === undefined) this.#written.fire(`${line}\r\n`);
    else this.#waiting.push(line);
  }
}

function keyOf({ session, title }: Run): string {
  return `${session.folder.uri}\0${title}`;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
