import { appendFileSync, closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HumanError } from '../core/base/errors.ts';
import { type TranscriptEntry, transcriptEntrySchema, transcriptPath } from '../core/model/implementation.ts';
import type { Issue } from '../core/model/issue.ts';
import { lineRange } from '../core/model/source.ts';
import type { TranscriptReading, Transcripts } from '../core/ports.ts';
import { makeFolders } from './folders.ts';

/** The Transcripts port: JSON lines below the workspace at `root`. Files that a person names are relative to `start`. */
export function createTranscripts(root: string, start: string): Transcripts {
  return {
    async append(run, entry) {
      const file = join(root, ...transcriptPath(safeRun(run)).split('/'));
      makeFolders(dirname(file));
      const handle = openSync(file, 'a+');
      try {
        // A crash may have left half a line: what follows must not be lost with it.
        appendFileSync(handle, `${endsMidLine(handle) ? '\n' : ''}${JSON.stringify(entry)}\n`);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    },

    async read(source) {
      const isRun = 'run' in source;
      const shown = isRun ? transcriptPath(safeRun(source.run)) : source.file;
      const absolute = isRun ? join(root, ...shown.split('/')) : resolve(start, shown);
      return parse(shown, readText(absolute, shown));
    },
  };
}

function endsMidLine(handle: number): boolean {
  const { size } = fstatSync(handle);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, size - 1);
  return last.toString() !== '\n';
}

function readText(absolute: string, shown: string): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no such file.' : String(error);
    throw new HumanError(
      'transcript.missing',
      `${shown} cannot be read. ${why}`,
      'infrabuilder implement --list shows the runs.',
    );
  }
}

function parse(file: string, text: string): TranscriptReading {
  const entries: TranscriptEntry[] = [];
  const issues: Issue[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') {
      const message = `This line is no entry of a transcript: ${parsed}`;
      issues.push({
        code: 'transcript.line',
        severity: 'warning',
        message,
        file,
        range: lineRange(index + 1, line),
      });
    } else entries.push(parsed);
  });
  return { file, entries, issues };
}

function parseLine(line: string): TranscriptEntry | string {
  try {
    const result = transcriptEntrySchema.safeParse(JSON.parse(line));
    if (result.success) return result.data;
    const [first] = result.error.issues;
    return `${first?.path.join('.') ?? ''}: ${first?.message ?? 'wrong'}`;
  } catch {
    return 'it is not JSON, or it was cut off.';
  }
}

/** Runs name folders. */
function safeRun(run: string): string {
  if (/^\w[\w.-]*$/.test(run)) return run;
  throw new HumanError('transcript.missing', `"${run}" is no run.`, 'infrabuilder implement --list shows the runs.');
}
