import type { ReportKind } from '../../project/documents.ts';
import type { TaskRun } from '../run.ts';
import type { DocumentFact } from '../transition.ts';
import { type StepOutcome, stop, went } from './step.ts';

/** Why a document is due: it is missing, or older than what it describes. */
export function documentDue(what: string, exists: boolean, fact: DocumentFact | undefined): string | undefined {
  if (!exists) return `There is no ${what} yet.`;
  if (fact === undefined || fact.changed.length === 0) return undefined;
  return `The ${what} is older than what it describes: ${fact.changed.join(', ')} changed.`;
}

export async function writeStep(run: TaskRun, kind: ReportKind): Promise<StepOutcome> {
  const { file, written, issues } = await run.write(kind);
  const said = issues.map(({ file: where, range, message }) => `${where}:${range.start.line}: ${message}`);
  if (!written) return stop(said.join(' '));
  return went(`Wrote ${file}.`, ...said);
}
