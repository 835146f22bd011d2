import type { Ledger } from '../evidence/store.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START, lineRange } from '../model/source.ts';
import type { ReportKind } from '../project/documents.ts';

const RUN = /\b\d{8}T\d{9}Z-[A-Za-z0-9_-]+?-[0-9a-f]{8}\b/g;
/** Also an italic question that stands alone: documents are generated with such questions for their writer. */
const PLACEHOLDER = /^_[^_].*\?_$|\b(?:TODO|TBD|FIXME|XXX)\b|\{\{.*?\}\}|<(?:fill|describe|your)\b[^>]*>/i;
const OPEN_BOX = /^\s*[-*+]\s+\[ \]/;
/** Characters of prose below which a document says nothing. */
const LEAST_PROSE = 80;

/** Whether a plan, architecture review or result of a task is finished, and rests on the evidence of today. */
export function checkReport(
  kind: ReportKind,
  file: string,
  text: string,
  ledger: Ledger,
  freshRuns: ReadonlySet<string>,
): Issue[] {
  const lines = text.split(/\r?\n/);
  const prose = lines
    .filter((line) => !/^\s*(?:#|<!--|[-=|:\s]+$)/.test(line))
    .join('')
    .replace(/\s/g, '');
  const found: Issue[] = [];
  const add = (code: string, message: string, line = 0) =>
    found.push({
      code,
      severity: 'error',
      message,
      file,
      range: line === 0 ? FILE_START : lineRange(line, lines[line - 1] ?? ''),
    });
  if (prose.length < LEAST_PROSE) add('gate.document-empty', `${file} says almost nothing.`);
  for (const [index, line] of lines.entries()) {
    if (PLACEHOLDER.test(line))
      add('gate.document-unfinished', `${file}:${index + 1} still has a placeholder.`, index + 1);
    else if (kind === 'result' && OPEN_BOX.test(line))
      add('gate.document-unfinished', `${file}:${index + 1} has an open box.`, index + 1);
  }
  if (kind === 'result') for (const one of checkCited(file, lines, ledger, freshRuns)) found.push(one);
  return found;
}

function checkCited(file: string, lines: readonly string[], ledger: Ledger, freshRuns: ReadonlySet<string>): Issue[] {
  const known = new Set(ledger.entries.map(({ run }) => run));
  const cited = lines.flatMap((line, index) => (line.match(RUN) ?? []).map((run) => ({ run, index, line })));
  if (cited.length === 0) {
    const message = `${file} names no evidence. A result names the runs under reports/evidence/ that it rests on.`;
    return [{ code: 'gate.result-without-evidence', severity: 'error', message, file, range: FILE_START }];
  }
  const bad = cited.filter(({ run }, at) => !freshRuns.has(run) && cited.findIndex((one) => one.run === run) === at);
  return bad.map(({ run, index, line }) => {
    const message = known.has(run)
      ? `${file}:${index + 1} rests on ${run}, which is not of this work tree any more.`
      : `${file}:${index + 1} rests on ${run}, which is no evidence here.`;
    return { code: 'gate.result-stale', severity: 'error', message, file, range: lineRange(index + 1, line) };
  });
}
