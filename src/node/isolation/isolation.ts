import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { Isolation, IsolationRequest } from '../../core/ports.ts';
import { createLocks, isHeld, LOCK_FOLDER } from '../locks.ts';
import { acceptRun, settleAccepts } from './accept.ts';
import { checkOut, mend, removeCopies } from './checkout.ts';
import {
  branchOf,
  checkNames,
  copyFolder,
  describe,
  lockOf,
  type Note,
  type RunPart,
  readNote,
  readNotes,
  refuseTwice,
  removeNote,
  runFolder,
  writeNote,
} from './ledger.ts';
import { findParts, type Part, skipper, topOf } from './parts.ts';
import { git, gitText, tryGit } from './program.ts';
import { copyIndex, stageAll } from './tree.ts';
import { openWorkbench } from './workbench.ts';

/** Stays when a run is discarded. */
const TRANSCRIPT = /^transcript\b/;
/** Long enough to take a lock over from a process that has died. */
const TAKEOVER_MS = 1_000;
/** One process at a time reads or changes the person's tree. */
const LOCK = 'isolation';
const PATIENCE_MS = 120_000;

/** The Isolation port for the workspace at `root`: an absolute path without links. */
export function createIsolation(root: string): Isolation {
  const locks = createLocks(root);
  const alone = <T>(action: () => Promise<T>) => locks.hold(LOCK, action, { waitMs: PATIENCE_MS });

  /** Holds a run for this process until it is released. */
  async function hold(run: string): Promise<() => Promise<void>> {
    refuseInUse(root, run);
    let free: () => void = () => undefined;
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    let held: Promise<void> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      const action = async () => {
        resolve();
        await freed;
      };
      held = locks
        .hold(lockOf(run), action, { waitMs: TAKEOVER_MS })
        .catch((error: unknown) => reject(isLocked(error) ? inUse(run) : error));
    });
    return async () => {
      free();
      await held;
    };
  }

  return {
    async begin({ run, task }) {
      const parts = await findParts(root);
      await checkNames(root, { run, task });
      refuseTwice(root, run);
      const release = await hold(run);
      try {
        const note = await alone(() => take(root, parts, { run, task }));
        await checkOut(root, note, copyFolder(root, run), root, { branch: branchOf(note) });
        return openWorkbench(root, note, release);
      } catch (error) {
        await release();
        throw error;
      }
    },

    async resume(run) {
      const note = await readNote(root, run);
      const release = await hold(run);
      try {
        await mend(root, note);
        const bench = openWorkbench(root, note, release);
        await bench.rollback(`refs/heads/${bench.branch}`);
        return bench;
      } catch (error) {
        await release();
        throw error;
      }
    },

    async list() {
      if (await settleAccepts(root, false)) await alone(() => settleAccepts(root));
      return (await readNotes(root)).map((note) => describe(root, note));
    },

    async accept(run) {
      const note = await readNote(root, run);
      refuseInUse(root, run);
      return alone(async () => {
        await settleAccepts(root);
        return acceptRun(root, note);
      });
    },

    async discard(run) {
      const note = await readNote(root, run);
      refuseInUse(root, run);
      await alone(async () => {
        await settleAccepts(root);
        await removeCopies(root, note, () => true);
        for (const name of namesIn(runFolder(root, run))) {
          if (TRANSCRIPT.test(name)) continue;
          await rm(join(runFolder(root, run), name), { recursive: true, force: true, maxRetries: 3 });
        }
        for (const part of note.parts.slice(1)) {
          const top = topOf(part, root);
          if (existsSync(top)) await git(top, ['update-ref', '-d', `refs/heads/${branchOf(note)}`]);
        }
        // Last, and at once: until then an interrupted discard can be taken up again.
        await removeNote(root, note);
      });
    },
  };
}

/** Takes every repository of the workspace as it is, and writes down that the run has begun. */
async function take(root: string, parts: readonly Part[], { run, task }: IsolationRequest): Promise<Note> {
  await settleAccepts(root);
  const taken: RunPart[] = [];
  for (const part of parts) taken.push(await takePart(root, part, parts, run));
  const prefix = parts[0]?.prefix ?? '';
  const note: Note = { version: 1, run, task, begun: new Date().toISOString(), prefix, parts: taken };
  await writeNote(root, note);
  return note;
}

/** The files of a part as a commit: the person's own where nothing has changed since, else one on top of it. */
async function takePart(root: string, part: Part, parts: readonly Part[], run: string): Promise<RunPart> {
  const top = topOf(part, root);
  const scratch = mkdtempSync(join(tmpdir(), 'infrabuilder-run-'));
  try {
    const index = join(scratch, 'index');
    await copyIndex(top, index);
    const tree = await stageAll(top, { index, skip: skipper(part, parts) });
    const head = await tryGit(top, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    if (head !== undefined && (await gitText(top, ['rev-parse', `${head}^{tree}`])) === tree) {
      return { ...part, base: head, made: false };
    }
    const parents = head === undefined ? [] : ['-p', head];
    const input = `Run ${run}: the workspace as it was\n`;
    return { ...part, base: await gitText(top, ['commit-tree', tree, ...parents], { input }), made: true };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function refuseInUse(root: string, run: string): void {
  if (isHeld(join(root, LOCK_FOLDER), lockOf(run))) throw inUse(run);
}

function inUse(run: string): HumanError {
  const message = `Another process works in run ${run}.`;
  return new HumanError('isolation.in-use', message, 'Wait for it to end, or stop it there.');
}

function isLocked(error: unknown): boolean {
  return error instanceof HumanError && error.code === 'file.locked';
}

function namesIn(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder);
}
