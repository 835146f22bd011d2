import { sha256 } from '../base/digest.ts';
import { type Statement, statementSchema } from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START } from '../model/source.ts';
import { sealHolds } from './seal.ts';

/** One evidence file as it lies there. */
export interface EvidenceFile {
  readonly run: string;
  /** Relative to the workspace root. */
  readonly path: string;
  /** SHA-256 of the file's text: what later evidence refers to. */
  readonly sha256: string;
  /** Undefined where the file cannot be trusted; `issue` says why. */
  readonly statement: Statement | undefined;
  readonly issue: Issue | undefined;
}

/** Evidence whose own text is sound. */
export interface Entry extends EvidenceFile {
  readonly statement: Statement;
}

/**
 * Reads one file of `reports/evidence/`. Codes: `evidence.unreadable`, `evidence.edited`, `evidence.renamed`. A text with the
 * digest `known` was found sound before and is not looked at again.
 */
export async function readEntry(path: string, text: string, known?: string): Promise<EvidenceFile> {
  const run = path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '');
  const file = { run, path, sha256: await sha256(text) };
  if (file.sha256 === known) return { ...file, statement: JSON.parse(text) as Statement, issue: undefined };
  const refuse = (code: string, message: string): EvidenceFile => ({
    ...file,
    statement: undefined,
    issue: evidenceIssue(code, 'error', message, path),
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('evidence.unreadable', 'This is not whole: writing it was cut short, or it was damaged later.');
  }
  if (!(await sealHolds(json))) {
    return refuse(
      'evidence.edited',
      'This was changed after it was written: its seal does not fit. It counts for nothing.',
    );
  }
  const parsed = statementSchema.safeParse(json);
  if (!parsed.success) {
    const why = parsed.error.issues[0];
    const where = why?.path.join('.') ?? '';
    return refuse('evidence.unreadable', `This is not evidence of this version: ${where}: ${why?.message ?? ''}`);
  }
  if (parsed.data.predicate.run !== run) {
    const message = `This was written as ${parsed.data.predicate.run}.json. Give it that name again.`;
    return refuse('evidence.renamed', message);
  }
  return { ...file, statement: parsed.data, issue: undefined };
}

export function evidenceIssue(code: string, severity: Issue['severity'], message: string, file: string): Issue {
  return { code, severity, message, file, range: FILE_START };
}
