import type { ClaimKind, Figure, Statement } from '../claim.ts';
import type { DocumentKind } from '../kinds.ts';
import { type DocumentLine, readDocument } from './document.ts';
import { figuresIn } from './figures.ts';
import { claimsSuccess } from './status.ts';

const RUN = /\b\d{8}T\d{9}Z-[A-Za-z0-9_-]+?-[0-9a-f]{8}\b/g;
const LONGEST_TEXT = 200;
/** Where ticked boxes are offered to be chosen from, they claim nothing. */
const CHOICE = /^(?:type of change|checklist before|how to)/i;

/**
 * What a Markdown document claims: every ticked box; in results every line that says all is well and every figure; in other
 * prose only what can be meant in one way; in norms nothing but ticked boxes.
 */
export function readStatements(file: string, text: string, kind: DocumentKind): Statement[] {
  const found: Statement[] = [];
  const raw = text.split(/\r?\n/);
  for (const line of readDocument(text, { outputs: kind === 'result' })) {
    const add = (claim: ClaimKind, figure?: Figure) =>
      found.push(statement(file, line, raw[line.line - 1] ?? '', claim, figure));
    const isTicked = line.box === 'ticked' && !line.headings.some((heading) => CHOICE.test(heading));
    if (isTicked) add('box');
    else if (line.box !== 'open' && kind !== 'norm' && claimsSuccess(line, kind !== 'result')) add('status');
    if (kind !== 'result' || line.box === 'open') continue;
    for (const figure of figuresIn(line)) add('figure', figure);
  }
  return found;
}

function statement(
  file: string,
  line: DocumentLine,
  raw: string,
  kind: ClaimKind,
  figure: Figure | undefined,
): Statement {
  return {
    kind,
    file,
    line: line.line,
    text: clip(line.text),
    context: [...line.headings, ...line.header].join(' · '),
    runs: [...new Set(raw.match(RUN) ?? [])],
    ...(figure === undefined ? {} : { figure }),
  };
}

function clip(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)} …`;
}
