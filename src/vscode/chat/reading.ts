import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import { createGrounding, type Grounding } from '../../core/grounding/grounding.ts';
import type { Files } from '../../core/ports.ts';
import { RemoteFiles } from '../remoteFiles.ts';
import type { Session } from '../session.ts';

const readers = new WeakMap<Session, Grounding>();

/** True where programs may be run on the workspace and files in it written. */
export function mayRun(session: Session): boolean {
  return vscode.workspace.isTrusted && session.isLocal;
}

/**
 * What answers from a workspace's documents. Where nothing may be run, nothing is written either, and evidence is left
 * out: comparing it with the work tree runs git, which a repository can make run other programs.
 */
export async function groundingOf(session: Session): Promise<Grounding> {
  const { engine, project } = await session.load();
  if (engine !== undefined && mayRun(session)) return engine.grounding;
  let reader = readers.get(session);
  if (reader === undefined) {
    const files = engine === undefined ? new RemoteFiles(session.folder.uri) : readOnly(engine.files);
    reader = createGrounding({ files, clock: CLOCK, project });
    readers.set(session, reader);
  }
  return reader;
}

const CLOCK = { now: () => new Date(), monotonic: () => performance.now() };

/** Not even an index is left behind. */
function readOnly(files: Files): Files {
  const refuse = async (path: string): Promise<never> => {
    throw new HumanError(
      'workspace.untrusted',
      vscode.l10n.t('{0} is not written: you do not trust this workspace.', path),
    );
  };
  return { ...files, write: refuse, move: refuse, remove: refuse, makeFolder: refuse };
}
