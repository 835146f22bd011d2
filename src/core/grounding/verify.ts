import { type CitedRow, swapped, wrongColumn } from './bindings.ts';
import { type ChunkedDocument, headingsAt } from './chunk.ts';
import type { Citation } from './citation.ts';
import { bearsOut, countsIn, figuresOf, identifiersOf, turnsLimitRound, unitsIn } from './facets.ts';
import { stem, tellingTerms } from './tokens.ts';
import { findUnique, isVerbatim } from './verbatim.ts';

/** A statement that stands or falls as one, without the marks of its citations. */
export interface Claim {
  readonly text: string;
  /** Parts that are given as word for word. */
  readonly quotes: readonly string[];
  readonly citations: readonly Citation[];
}

/** A document as it is now, with its digest. */
export type Source = ChunkedDocument & { readonly digest: string };
/** The documents that exist, by path: whatever is not in it does not. */
export type Sources = ReadonlyMap<string, Source>;

/** `moved`: the cited text stands elsewhere in the file, once; the citation names the new lines. */
export type CitationStatus = 'valid' | 'moved' | 'no-file' | 'no-lines' | 'too-wide' | 'stale';

export interface CheckedCitation extends Citation {
  readonly status: CitationStatus;
  /** True where the lines exist and are what was cited. Whether they bear the claim out is the claim's verdict. */
  readonly verified: boolean;
  /** What is wrong, or where the text moved from. */
  readonly reason?: string;
}

export interface CheckedClaim {
  readonly text: string;
  readonly verdict: 'verified' | 'unsupported';
  /** Why it is unsupported, one sentence each. */
  readonly reasons: readonly string[];
  readonly citations: readonly CheckedCitation[];
}

/** A wider span would have any word somewhere. */
const MOST_CITED_LINES = 60;
/** Lines can be long, too. */
const MOST_CITED_CHARACTERS = 20_000;
/** The share of a claim's words that the cited lines must have: a paraphrase keeps more, a citation at random has less. */
const LEAST_SHARED_WORDS = 0.5;
/** Fewer words beside a quote only lead into it. */
const FEWEST_WORDS = 3;
/** From this share on, a claim says what one sentence of the source says: then both must agree in "not". */
const SAME_SENTENCE = 0.8;

/**
 * Checks one claim against the documents as they are now. Pure. The lines of each citation must exist and be what was
 * cited; quotes must stand in them word for word; every figure and name of the claim must stand in the cited lines (a
 * name also in the headings above, or the head of the table); most of its words must; and it may not say the opposite.
 */
export function verifyClaim(claim: Claim, sources: Sources): CheckedClaim {
  const citations = claim.citations.map((citation) => checkCitation(citation, claim.quotes, sources));
  const reasons = citations.flatMap(({ verified, reason }) => (verified || reason === undefined ? [] : [reason]));
  const cited = citations.filter((citation) => citation.verified);
  if (claim.citations.length === 0) reasons.push('It cites nothing.');
  if (cited.length > 0) reasons.push(...judge(claim, evidenceOf(cited, sources)));
  const verdict = reasons.length === 0 ? 'verified' : 'unsupported';
  return { text: claim.text, verdict, reasons, citations };
}

/** Checks that the cited lines exist and are what was cited; finds them again where they have moved. Pure. */
export function checkCitation(citation: Citation, quotes: readonly string[], sources: Sources): CheckedCitation {
  const { file, startLine, endLine, digest, quote } = citation;
  const source = sources.get(file);
  const fail = (status: CitationStatus, reason: string): CheckedCitation => ({
    ...citation,
    status,
    verified: false,
    reason,
  });
  if (source === undefined) return fail('no-file', `There is no document ${file}.`);
  const { lines } = source;
  const exists = startLine >= 1 && endLine >= startLine && endLine <= lines.count;
  if (exists && isTooWide(lines, startLine, endLine)) {
    const reason = `${file} lines ${startLine} to ${endLine} are too much to check; cite at most ${MOST_CITED_LINES} lines.`;
    return fail('too-wide', reason);
  }
  const kept = quote === undefined ? quotes : [quote];
  const inPlace = exists && kept.every((text) => isVerbatim(text, lines.slice(startLine, endLine)));
  const isCurrent = digest === undefined || digest === source.digest;
  if (inPlace && (isCurrent || kept.length > 0)) return { ...citation, status: 'valid', verified: true };
  const found = kept.length === 1 ? findUnique(kept[0] ?? '', lines) : undefined;
  if (found !== undefined && !isTooWide(lines, found.startLine, found.endLine)) {
    const reason = `The text has moved from line ${startLine} to line ${found.startLine}.`;
    return { ...citation, ...found, status: 'moved', verified: true, reason };
  }
  if (!exists)
    return fail('no-lines', `${file} has ${lines.count} lines; there is no line ${Math.max(startLine, endLine)}.`);
  if (quote !== undefined || !isCurrent) return fail('stale', `${file} has changed since line ${startLine} was cited.`);
  // The lines are there; that the claim's quotes are not in them is the claim's fault.
  return { ...citation, status: 'valid', verified: true };
}

function isTooWide(lines: Source['lines'], startLine: number, endLine: number): boolean {
  const characters = lines.start(endLine + 1) - lines.start(startLine);
  return endLine - startLine >= MOST_CITED_LINES || characters > MOST_CITED_CHARACTERS;
}

interface Evidence {
  /** The cited lines. */
  readonly text: string;
  /** With the headings above, the heads of tables and the files' names. */
  readonly context: string;
  /** The cited lines that are rows of tables. */
  readonly rows: readonly CitedRow[];
}

function evidenceOf(citations: readonly CheckedCitation[], sources: Sources): Evidence {
  const parts = citations.map(({ file, startLine, endLine }) => {
    const source = sources.get(file);
    if (source === undefined) return { text: '', above: '', rows: [] };
    const head = tableHead(source, startLine);
    const above = [...headingsAt(source.sections, startLine), head, file];
    const text = source.lines.slice(startLine, endLine);
    const rows = head === '' ? [] : text.split('\n').map((row) => ({ head, row }));
    return { text, above: above.join('\n'), rows };
  });
  const text = parts.map((part) => part.text).join('\n');
  const context = [text, ...parts.map((part) => part.above)].join('\n');
  return { text, context, rows: parts.flatMap((part) => part.rows) };
}

/** How far above a row the head of its table is looked for. */
const LONGEST_TABLE = 300;

function tableHead({ lines }: Source, startLine: number): string {
  const isRow = (at: number) => lines.line(at).trimStart().startsWith('|');
  if (!isRow(startLine)) return '';
  let at = startLine;
  while (at > 1 && startLine - at < LONGEST_TABLE && isRow(at - 1)) at--;
  return lines.line(at);
}

function judge({ text, quotes }: Claim, evidence: Evidence): string[] {
  const reasons: string[] = [];
  for (const quote of quotes) {
    if (!isVerbatim(quote, evidence.text)) reasons.push(`The cited lines do not say "${shorten(quote)}".`);
  }
  const own = quotes.reduce((rest, quote) => rest.replace(quote, ' '), text);
  const names = identifiersOf(own).filter((name) => !hasName(name, evidence.context));
  if (names.length > 0) reasons.push(`The cited lines do not name ${names.join(', ')}.`);
  reasons.push(...judgeFigures(own, evidence), ...judgeWords(own, quotes.length > 0, evidence));
  return reasons;
}

function judgeFigures(claim: string, { text, context, rows }: Evidence): string[] {
  const stated = figuresOf(text);
  const units = unitsIn(context);
  const reasons: string[] = [];
  for (const figure of figuresOf(claim)) {
    const told = figure.unit === undefined ? figure.text : `${figure.text} ${figure.unit}`;
    if (!bearsOut(figure, stated, units)) reasons.push(`The cited lines do not state ${told}.`);
    else if (turnsLimitRound(figure, stated)) reasons.push(`The cited lines limit ${told} the other way round.`);
  }
  const counts = countsIn(text);
  for (const [word, values] of countsIn(claim)) {
    const known = counts.get(word);
    const wrong = known === undefined ? undefined : [...values].find((value) => !known.has(value));
    if (wrong !== undefined) reasons.push(`The cited lines do not state ${wrong}-${word}.`);
  }
  if (reasons.length === 0) reasons.push(...wrongColumn(claim, rows), ...swapped(claim, text));
  return reasons;
}

/** `own` is the claim without its quotes. Beside a quote it may be no more than "the runbook says". */
function judgeWords(own: string, hasQuotes: boolean, { text, context }: Evidence): string[] {
  const words = tellingTerms(own).filter((term) => !/^\d+$/.test(term));
  const opposite = ['The cited lines say the opposite.'];
  if (hasQuotes && words.length < FEWEST_WORDS) return isNegative(own) ? opposite : [];
  if (words.length === 0) return /\d/.test(own) ? [] : ['It says nothing that could be checked.'];
  if (shareOf(words, context) < LEAST_SHARED_WORDS) return ['The cited lines speak of something else.'];
  const sentences = text.split(/(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*+|]|\d+\.)\s)/);
  const shares = sentences.map((sentence) => shareOf(words, sentence));
  const most = Math.max(...shares);
  const nearest = sentences[shares.indexOf(most)] ?? '';
  const denies = isNegative(own);
  const isRefused = isRefuted(words, sentences);
  const saysSo = most >= SAME_SENTENCE;
  const isOpposite = denies
    ? saysSo && !isRefused && !isNegative(nearest)
    : isRefused || (saysSo && deniesOneOf(words, nearest));
  return isOpposite || (denies && !isNegative(context)) ? opposite : [];
}

/** "Not built.", "It never signals.": what stands before it is the subject. */
const BACKWARD_DENIAL = /^\W*(?:(?:it|they|this|these) (?:\w+ )?)?(?:not(?! only)|never|cannot|no longer)\b(.*)/is;

/** Whether a sentence that speaks of the one before it denies a word of the claim. */
function isRefuted(words: readonly string[], sentences: readonly string[]): boolean {
  return sentences.some((sentence) => {
    const [denied] = tellingTerms(BACKWARD_DENIAL.exec(sentence)?.[1] ?? '');
    return denied !== undefined && words.includes(denied);
  });
}

/** Whether the sentence denies what the words are about: "no collapse" says nothing against its accuracy. */
function deniesOneOf(words: readonly string[], sentence: string): boolean {
  // A cell with nothing but "no" denies its own column, not what the row says.
  const said = sentence.replace(/\|\s*(?:no|none|never|not)\s*(?=\|)/gi, '|');
  // "no disks, networks or traces", "never, at any time, waits": the denial reaches over the commas.
  if (isNegative(said) && /\b(?:n?or)\b|\b(?:not|never|no)\s*,/i.test(said)) return true;
  const clauses = said.split(/[,;:|]\s/);
  return clauses.some((clause) => isNegative(clause) && tellingTerms(clause).some((term) => words.includes(term)));
}

function shareOf(words: readonly string[], text: string): number {
  const has = new Set(tellingTerms(text));
  return words.filter((word) => has.has(word)).length / words.length;
}

/** A limit, which is judged with its figure: "must not exceed 2 %". */
const DENIED_BOUND =
  /\b(?:not|never|cannot) (?:\w+ ){0,2}(?:exceed\w*|above|over|below|under|(?:more|less|greater|fewer) than)(?= [\d.]*\d)/gi;

/** "no more than" and "not only" negate nothing; "does not pass" is told as "fails" too. */
function isNegative(text: string): boolean {
  const plain = text.replace(/\bno (?:more|less|later|fewer) than\b|\bnot only\b/gi, '').replace(DENIED_BOUND, '');
  return /\b(?:not|never|no|none|nothing|nobody|neither|nor|cannot|without|fails?|failed|absent)\b|n't\b/i.test(plain);
}

/** Whole names only: `topn` is not in `topn_sampler`, and `G-1` is not in `G-10`. Case counts for nothing, nor does a plural s. */
function hasName(name: string, text: string): boolean {
  const bare = name.replace(/(?<=^\p{Lu}{2,})s$/u, '');
  if (/\s/.test(name)) return isVerbatim(name, text);
  const pattern = bare.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}s?(?![\\p{L}\\p{N}_])`, 'iu').test(text)) return true;
  // A plain word with a capital may be bent: Sampling, sampled.
  return /^\p{Lu}\p{Ll}+$/u.test(name) && tellingTerms(text).includes(stem(name.toLowerCase()));
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
