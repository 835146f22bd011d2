import type { DocumentLine } from './document.ts';

const MARK = /✅|✔|☑|🟢|💚|🎉/u;
const OPEN =
  /❌|✗|✘|🔴|🟡|🟠|⏳|🔄|🚧|⚠|\b(?:fails?|failing|failed|failure|not[- ]run|not[- ]met|not[- ]yet|pending|in[- ]progress|stale|open|inconclusive|wip|blocked|unknown|n\/a|todo|incomplete|partial(?:ly)?)\b/iu;
/** `0 failed` and `no failures` say that all is well. */
const NO_FAILURE = /\b(?:0|no|zero)\s+(?:tests?\s+)?(?:fail(?:s|ed|ures?|ing)?|errors?|skipped)\b/giu;
/** What a sentence asks for, supposes or denies is no claim. */
const MODAL =
  /\b(?:must|should|shall|needs?|has to|have to|if|when(?:ever)?|once|until|till|unless|only|whether|will|would|can(?:not|'t)?|could|may|might|never|not|isn't|aren't|doesn't|nobody|nothing|none|cannot|ensure|make sure|requires?|required|expects?|before|so that|in order to|for example|e\.g\.|how to|to be|claims?|run |see )/iu;

const WORD =
  /\b(?:PASS|pass(?:ed|es|ing)|green|completed?|verified|validated|succee?d(?:s|ed)?|successful(?:ly)?|achieved|exceeded|production[- ]ready)\b/u;
const CELL =
  /^(?:✅|✔|☑|🟢|\s)*(?:pass(?:ed|es)?|ok|done|completed?|green|verified|validated|holds?|met|success(?:ful)?|yes|100\s?%)\b.{0,24}$|^(?:✅|✔|☑|🟢)/iu;

const ALL =
  '(?:all|every|each)(?: of)?(?: the| our)?(?: [\\w-]+){0,3}? (?:tests?|checks?|goals?|scenarios?|suites?|validations?|benchmarks?|acceptance (?:criteria|lines)|kpis?|requirements?)';
const GOOD = '(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed)?|holds?|met|verified|completed?|hold)';
/** Strong enough to be a claim in any prose. */
const STRONG: readonly RegExp[] = [
  new RegExp(`\\b${ALL}\\b[^.;|]{0,40}?\\b${GOOD}\\b`, 'iu'),
  /\b(?:the )?(?:build|tests?|test suite|ci|pipeline|lint|suite) (?:is|are|was|were|stays?|remains?|runs?)(?: all| fully| completely)? (?:green|passing|clean|successful)\b/iu,
  /\b(?:build|tests?|lint|compilation|compiles?) (?:passe[sd]|pass|succeed(?:s|ed))\b/iu,
  /\b100\s?%\s(?:of\s)?(?:the\s)?(?:tests?|complete|passing|pass(?:ed)?|green|success)/iu,
  /\b(\d+)\s?(?:\/|of|out of)\s?\1\b[^.;|]{0,24}\b(?:pass(?:ed|ing)?|green|tests?|checks?|goals?)\b/iu,
  /\bcompiles (?:cleanly|without (?:errors?|warnings?))\b/iu,
];

/** Whether a line says that something is well. `strongOnly`: in prose that is no report, only what can be meant in one way. */
export function claimsSuccess(line: DocumentLine, strongOnly: boolean): boolean {
  const text = line.text.replace(/`[^`]*`/g, ' ');
  if (line.kind === 'output')
    return (
      /^(?:PASS|ok\s+\S+\s+[\d.(]|--- PASS|\s*✅)|(?:\bPASS(?:ED)?$)|\b\d+ pass(?:ed|ing)\b/u.test(line.text.trim()) &&
      !isOpen(text)
    );
  if (line.kind === 'row') return !strongOnly ? rowClaims(line) : MARK.test(text) && saysGood(text);
  if (isOpen(text)) return false;
  if (sentences(text).some((one) => !MODAL.test(one) && STRONG.some((pattern) => pattern.test(one)))) return true;
  if (strongOnly) return false;
  if (MARK.test(text)) return true;
  return sentences(text).some((one) => !MODAL.test(one) && WORD.test(one));
}

/** One cell says it, and none says the opposite. */
function rowClaims({ cells }: DocumentLine): boolean {
  const shown = cells.map((cell) => cell.replace(/`[^`]*`/g, ' ').trim());
  if (shown.slice(0, 4).some((cell) => cell.length < 60 && isOpen(cell))) return false;
  return shown.some((cell, at) => CELL.test(cell) && (at > 0 || MARK.test(cell)));
}

function saysGood(text: string): boolean {
  return !isOpen(text) && WORD.test(text.replace(/\bpass\b/giu, 'PASS'));
}

function isOpen(text: string): boolean {
  return OPEN.test(text.replace(NO_FAILURE, ' ')) || isPart(text);
}

/** `3 of 10 goals`. */
function isPart(text: string): boolean {
  return [...text.matchAll(/\b(\d+)\s?(?:of|out of|\/)\s?(\d+)\b/g)].some(
    ([, part, whole]) => Number(part) < Number(whole),
  );
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?;])\s+|\s[–—]\s/u);
}
