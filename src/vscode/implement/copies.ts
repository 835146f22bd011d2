import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { TranscriptEntry } from '../../core/model/implementation.ts';
import type { IsolatedRun, WorkbenchChange } from '../../core/ports.ts';
import { runCommandLine } from '../runs/commandLine.ts';
import type { Session } from '../session.ts';

export type Outcome = Extract<TranscriptEntry, { type: 'end' }>['outcome'];

/** A run of the implementation loop that still has its copy and branch. */
export type CopyRow = IsolatedRun & { readonly outcome: Outcome };

export interface Change {
  readonly run: string;
  /** Absolute path of the workspace within the copy. */
  readonly root: string;
  readonly changes: readonly WorkbenchChange[];
}

export interface Accepted {
  readonly outcome: 'accepted' | 'conflict';
  readonly task: string;
  /** Those that were brought over, or those that stand in the way. */
  readonly files: readonly string[];
}

/** The copies of one workspace. The command line does the work, so that the extension host never stalls. */
export class Copies {
  readonly #cli: string;
  readonly #session: Session;

  constructor(cli: string, session: Session) {
    this.#cli = cli;
    this.#session = session;
  }

  async list(): Promise<readonly CopyRow[]> {
    return (await this.#json<{ readonly runs: readonly CopyRow[] }>('--list')).runs;
  }

  /** HumanError `implement.gone` where the run has no copy any more. */
  async find(run: string): Promise<CopyRow> {
    const found = (await this.list()).find((row) => row.run === run);
    if (found !== undefined) return found;
    const message = vscode.l10n.t('The copy of run {0} is gone: its change was accepted or discarded.', run);
    throw new HumanError('implement.gone', message);
  }

  change(run: string): Promise<Change> {
    return this.#json(`--diff=${run}`);
  }

  accept(run: string): Promise<Accepted> {
    return this.#json(`--accept=${run}`);
  }

  async discard(run: string): Promise<void> {
    await this.#json(`--discard=${run}`);
  }

  /** The transcript as a page. */
  async page(run: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'infrabuilder-'));
    try {
      const file = join(folder, 'transcript.html');
      await this.#run(`--transcript=${run}`, `--html=${file}`);
      return await readFile(file, 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #json<T>(option: string): Promise<T> {
    return JSON.parse(await this.#run(option, '--json')) as T;
  }

  async #run(...options: readonly string[]): Promise<string> {
    const { stdout, stderr } = await runCommandLine(
      this.#cli,
      ['implement', ...options],
      this.#session.folder.uri.fsPath,
    );
    if (stdout.trim() !== '') return stdout;
    throw new HumanError('implement.failed', stderr.replace(/^error: /, '').trim());
  }
}
