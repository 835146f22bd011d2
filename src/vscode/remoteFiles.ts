import { posix } from 'node:path';
import * as vscode from 'vscode';
import { sha256 } from '../core/base/digest.ts';
import { HumanError } from '../core/base/errors.ts';
import type { FileDigest, FileEntry, FileKind, FileStat, Files } from '../core/ports.ts';

const { l10n } = vscode;

/** The files of a virtual workspace, read through VS Code. They are never written. */
export class RemoteFiles implements Files {
  readonly root: string;
  readonly #uri: vscode.Uri;

  constructor(uri: vscode.Uri) {
    this.#uri = uri;
    this.root = uri.toString();
  }

  async read(path: string): Promise<string | undefined> {
    const bytes = await this.readBytes(path);
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new HumanError('file.not-utf8', l10n.t('{0} is not UTF-8 text.', path), l10n.t('Save it as UTF-8.'));
    }
  }

  async readBytes(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return orNothing(async () => new Uint8Array(await vscode.workspace.fs.readFile(this.#at(path))));
  }

  async digest(path: string): Promise<FileDigest | undefined> {
    const bytes = await this.readBytes(path);
    return bytes === undefined ? undefined : { bytes: bytes.length, sha256: await sha256(bytes) };
  }

  async stat(path: string): Promise<FileStat | undefined> {
    return orNothing(async () => {
      const { type, size, mtime } = await vscode.workspace.fs.stat(this.#at(path));
      return { kind: kindOf(type), size, modified: mtime, executable: false };
    });
  }

  async list(path: string): Promise<readonly FileEntry[]> {
    const entries = await orNothing(() => vscode.workspace.fs.readDirectory(this.#at(path)));
    const found = (entries ?? []).map(([name, type]) => ({ name, kind: kindOf(type) }));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  write(path: string): Promise<void> {
    return this.#refuse(path);
  }

  move(from: string): Promise<void> {
    return this.#refuse(from);
  }

  remove(path: string): Promise<void> {
    return this.#refuse(path);
  }

  makeFolder(path: string): Promise<void> {
    return this.#refuse(path);
  }

  #at(path: string): vscode.Uri {
    if (posix.normalize(path).startsWith('..')) {
      throw new HumanError('file.outside', l10n.t('{0} is not below the workspace.', path));
    }
    return vscode.Uri.joinPath(this.#uri, path);
  }

  async #refuse(path: string): Promise<never> {
    throw new HumanError(
      'file.virtual',
      l10n.t('{0} cannot be changed: this is a virtual workspace.', path),
      l10n.t('Clone it, and open the folder.'),
    );
  }
}

async function orNothing<T>(read: () => Thenable<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (
      error instanceof vscode.FileSystemError &&
      /^(FileNotFound|FileNotADirectory|FileIsADirectory)$/.test(error.code)
    )
      return undefined;
    throw error;
  }
}

function kindOf(type: vscode.FileType): FileKind {
  if (type & vscode.FileType.SymbolicLink) return 'link';
  if (type & vscode.FileType.Directory) return 'folder';
  return type & vscode.FileType.File ? 'file' : 'other';
}
