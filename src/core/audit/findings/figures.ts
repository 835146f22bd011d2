import type { Issue } from '../../model/issue.ts';
import { lineRange } from '../../model/source.ts';
import { mentions } from '../../parse/mentions.ts';
import type { Claim, Statement } from '../claim.ts';
import { documentKind } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { finding, lineText } from './finding.ts';

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)+$|^[a-z]+[A-Z]\w+$/;
/** Below this many documents, and with fewer digits, the same figure twice is no wonder. */
const LEAST_COPIES = 3;
const LEAST_DIGITS = 3;

/** Figures of a metric that no source, script or scenario names: no command can have produced them. */
export function unproducedFigures(
  repository: Repository,
  statements: readonly Statement[],
  measured: ReadonlySet<string>,
): Issue[] {
  const named = statements.filter(({ figure }) => figure !== undefined && IDENTIFIER.test(figure.metric));
  const metrics = new Set(named.flatMap(({ figure }) => figure?.metric ?? []));
  // A goal that joins several checks calls a value by its check: `test.coverage`.
  const isMeasured = (metric: string) => measured.has(metric) || measured.has(metric.slice(metric.indexOf('.') + 1));
  const unknown = new Set([...metrics].filter((metric) => !isMeasured(metric)));
  for (const path of repository.paths) {
    if (unknown.size === 0) break;
    if (documentKind(path) !== undefined || isRecord(path)) continue;
    const text = repository.read(path);
    if (text !== undefined) for (const metric of unknown) if (mentions(text, metric)) unknown.delete(metric);
  }
  const seen = new Set<string>();
  return named.flatMap(({ figure, file, line }) => {
    const metric = figure?.metric ?? '';
    if (!unknown.has(metric) || seen.has(`${file} ${metric}`)) return [];
    seen.add(`${file} ${metric}`);
    const message = `No command can produce ${metric}: no source file, script or scenario names it, only documents.`;
    return [
      finding('unproduced-figure', 'error', message, { file, line, text: lineText(repository.read(file), line) }),
    ];
  });
}

/** Task files and kept results only repeat what was written elsewhere. */
function isRecord(path: string): boolean {
  return (
    /(?:^|\/)(?:tasks|reports?|results?)\/.*\.(?:ya?ml|json|txt|csv|log)$/.test(path) ||
    /blueprint_tasks|final_validation/.test(path)
  );
}

/** The same figure to three digits or more, in result documents of different things, and measured in none. */
export function copiedFigures(
  repository: Repository,
  pairs: readonly { readonly statement: Statement; readonly claim: Claim }[],
): Issue[] {
  const groups = new Map<string, Statement[]>();
  for (const { statement, claim } of pairs) {
    const { figure } = statement;
    if (figure === undefined || claim.verdict === 'supported' || digits(figure.value, figure.decimals) < LEAST_DIGITS)
      continue;
    const key = `${figure.value} ${figure.unit ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [statement]);
    else if (!group.some(({ file }) => file === statement.file)) group.push(statement);
  }
  return [...groups].flatMap(([key, group]) => {
    const [first, ...others] = group;
    if (first === undefined || group.length < LEAST_COPIES) return [];
    const message = `${key.trim()} stands in ${group.length} result documents, and nothing has measured it: it looks copied.`;
    const related = others.map(({ file, line }) => ({
      file,
      range: lineRange(line, lineText(repository.read(file), line)),
      message: 'The same figure.',
    }));
    return [
      finding(
        'copied-figure',
        'warning',
        message,
        { file: first.file, line: first.line, text: lineText(repository.read(first.file), first.line) },
        related,
      ),
    ];
  });
}

function digits(value: number, decimals: number): number {
  return Math.abs(value).toFixed(decimals).replace(/\D/g, '').replace(/^0+/, '').length;
}
