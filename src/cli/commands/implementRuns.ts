import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { transcriptHtml } from '../../core/agent/html.ts';
import { errorMessage, HumanError } from '../../core/base/errors.ts';
import type { Engine } from '../../core/engine.ts';
import type { TranscriptEntry } from '../../core/model/implementation.ts';
import type { Isolation } from '../../core/ports.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { entryLines, isEvidence, runsText } from '../render/implement.ts';
import { renderIssues } from '../render/issues.ts';
import type { CommonOptions } from './common.ts';

export interface RunOptions extends CommonOptions {
  readonly list?: boolean;
  readonly diff?: string;
  readonly accept?: string;
  readonly discard?: string;
  readonly transcript?: string;
  readonly html?: string;
}

export async function listRuns(engine: Engine, { json }: RunOptions, context: Context): Promise<void> {
  const found = await isolationOf(engine).list();
  const runs = await Promise.all(
    found.map(async (run) => ({ ...run, outcome: (await endOf(engine, run.run)).outcome })),
  );
  if (json) context.printJson({ schemaVersion: 1, runs });
  else context.print(runsText(runs));
}

export async function showDiff(engine: Engine, run: string, { json }: RunOptions, context: Context): Promise<void> {
  const bench = await isolationOf(engine).resume(run);
  try {
    const changes = await bench.changes();
    const own = changes.map(({ path }) => path).filter((path) => !isEvidence(path));
    const diff = await bench.diff(own);
    if (json) context.printJson({ schemaVersion: 1, run, root: bench.root, changes, diff });
    else {
      context.print(diff);
      if (own.length < changes.length) context.say(`${changes.length - own.length} files of evidence are not shown.\n`);
    }
  } finally {
    await bench.release();
  }
}

/** Brings the files over, then removes copy and branch: what they held is in the workspace now. */
export async function acceptRun(engine: Engine, run: string, { json }: RunOptions, context: Context): Promise<void> {
  const isolation = isolationOf(engine);
  const task = (await isolation.list()).find((one) => one.run === run)?.task;
  const { outcome, reason } = await endOf(engine, run);
  const accepted = await isolation.accept(run);
  if (accepted.kind === 'accepted') await isolation.discard(run);
  const { kind, files } = accepted;
  if (json) context.printJson({ schemaVersion: 1, run, task, outcome: kind, files });
  else if (kind === 'conflict') {
    context.print(`Nothing was taken over: these files have changed here since run ${run} began.\n${fileList(files)}`);
    context.say(`Undo or commit your changes to them, or merge by hand: git merge infrabuilder/${task}/${run}\n`);
  } else {
    context.print(`${files.length} files are as run ${run} made them.\n${fileList(files)}`);
    if (outcome !== 'done') context.say(`The run was not done: ${reason}\n`);
    context.say(`Now: infrabuilder task complete ${task}\n`);
  }
  context.exitCode = kind === 'accepted' ? EXIT.holds : EXIT.doesNotHold;
}

export async function discardRun(engine: Engine, run: string, { json }: RunOptions, context: Context): Promise<void> {
  await isolationOf(engine).discard(run);
  if (json) context.printJson({ schemaVersion: 1, run, outcome: 'discarded' });
  else context.print(`Copy and branch of run ${run} are gone; its transcript is kept.\n`);
}

export async function showTranscript(
  engine: Engine,
  run: string,
  { json, html }: RunOptions,
  context: Context,
): Promise<void> {
  const { io } = context;
  const reading = await engine.transcripts?.read({ run });
  const { entries = [], issues = [] } = reading ?? {};
  context.say(renderIssues(io.err, issues));
  if (html !== undefined) {
    const file = resolve(io.cwd, html);
    writePage(file, entries);
    context.print(`${file}\n`);
  } else if (json) context.printJson({ schemaVersion: 1, run, entries, issues });
  else {
    const text = entryLines(io.out);
    for (const entry of entries) context.print(text(entry));
    const { outcome, reason } = await endOf(engine, run);
    context.print(`${outcome}: ${reason}\n`);
  }
}

export function isolationOf(engine: Engine): Isolation {
  if (engine.isolation !== undefined) return engine.isolation;
  throw new HumanError('isolation.none', 'There are no runs in this workspace.', 'Open a folder on a disk.');
}

/** How a run ended, by its transcript. */
async function endOf(engine: Engine, run: string): Promise<{ readonly outcome: string; readonly reason: string }> {
  const reading = await engine.transcripts?.read({ run }).catch((error: unknown) => {
    if (error instanceof HumanError) return undefined;
    throw error;
  });
  const end = reading?.entries.findLast((entry) => entry.type === 'end');
  return end ?? { outcome: 'interrupted', reason: 'Its transcript has no end.' };
}

function writePage(file: string, entries: readonly TranscriptEntry[]): void {
  try {
    writeFileSync(file, transcriptHtml(entries));
  } catch (error) {
    throw new HumanError('implement.html', `${file} cannot be written: ${errorMessage(error)}`, 'Name another file.');
  }
}

function fileList(files: readonly string[]): string {
  return files.map((file) => `  ${file}\n`).join('');
}
