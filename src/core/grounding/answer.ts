import type { ModelUsage } from '../ports.ts';
import { citationMarks, formatCitation } from './citation.ts';
import type { CheckedCitation, CheckedClaim } from './verify.ts';

/** A checked answer. Nothing in it is shown as true that is not borne out by lines that exist now. */
export interface Answer {
  readonly question: string;
  /** Markdown, with a mark at every claim that is not borne out. */
  readonly text: string;
  /** True where nothing is claimed: the documents do not tell, or no claim of a model was borne out. */
  readonly abstained: boolean;
  readonly claims: readonly CheckedClaim[];
  /** Each cited place once, in order; `verified` where a verified claim rests on it. */
  readonly citations: readonly CheckedCitation[];
  /** For an abstention: the headings that are nearest to the question. */
  readonly nearest: readonly NearHeading[];
  /** What a reader should know beside the answer: goals without evidence, documents that could not be read. */
  readonly notes: readonly string[];
  /** Who answered, for people. */
  readonly provider: string;
  readonly usage: ModelUsage | undefined;
}

export interface NearHeading {
  readonly file: string;
  readonly line: number;
  /** The heading with those above it: `Sketch Fallback > Diagnostic Procedures`. */
  readonly heading: string;
}

/** A checked part of an answer as text: its citations as they stand now, and a mark where it is not borne out. */
export function markClaim(raw: string, claim: CheckedClaim): string {
  const text = withCurrentCitations(raw, claim.citations);
  if (claim.verdict === 'verified') return text;
  const body = text.trimEnd();
  const mark = `**[unsupported: ${claim.reasons.join(' ')}]**`;
  // Behind a block of code or a quoted one, the mark must not become part of it.
  const gap = /(?:`{3}|~{3})$|(?:^|\n)\s*>[^\n]*$/.test(body) ? '\n\n' : ' ';
  return body + gap + mark + text.slice(body.length);
}

function withCurrentCitations(raw: string, citations: readonly CheckedCitation[]): string {
  const marks = citationMarks(raw);
  if (marks.flatMap((mark) => mark.citations).length !== citations.length) return raw;
  const current = citations.values();
  let text = '';
  let from = 0;
  for (const mark of marks) {
    const places = mark.citations.map((written) => formatCitation(current.next().value ?? written));
    text += `${raw.slice(from, mark.start)}[${places.join('; ')}]`;
    from = mark.end;
  }
  return text + raw.slice(from);
}

/** Each cited place once, in the order in which they first appear. */
export function citationsOf(claims: readonly CheckedClaim[]): CheckedCitation[] {
  const places = new Map<string, CheckedCitation>();
  for (const { verdict, citations } of claims) {
    for (const citation of citations) {
      const key = formatCitation(citation);
      const verified = citation.verified && verdict === 'verified';
      const known = places.get(key);
      if (known === undefined || (!known.verified && verified)) places.set(key, { ...citation, verified });
    }
  }
  return [...places.values()];
}
