/** Words that say nothing about what a question is after. */
const STOP_WORDS = new Set(
  `a about according after all also an and any are as at be because been before being between both but by can could did
  do does doing done during each every for from give given had has have having he her here him his how however i if in
  into is it its itself just let like made make makes many may me might more most much must my no nor not of off on once only
  or other our out over own per please same shall she should so some such tell than that the their them then there these
  they this those through to too under until up upon us use used uses using very was we were what when where whether
  which while who whom whose why will with within without would you your yours s t don get gets getting need needs want wants
  happen happens happened mean means know explain describe exist exists`.split(/\s+/),
);

const WORD = /[\p{L}\p{N}]+(?:[_\-./:][\p{L}\p{N}]+)*/gu;
const PARTS = /[_\-./:]+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff]/;

/** Words repeat; their terms are worked out once. Emptied before it grows beyond what a large corpus needs. */
const known = new Map<string, readonly string[]>();
const KNOWN_WORDS = 200_000;

/**
 * The terms of a text, in order, with repeats. A compound (`topn_capture_ratio`, `AgentDiagEvent`, `p95/p99`) gives itself
 * and its parts; words lose their endings; text without spaces between words (Japanese, Chinese) gives pairs of characters.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    let found = known.get(word);
    if (found === undefined) {
      found = termsOfWord(word);
      if (known.size >= KNOWN_WORDS) known.clear();
      if (word.length <= 64) known.set(word, found);
    }
    for (const term of found) terms.push(term);
  }
  return terms;
}

/** The distinct terms of a text that tell it from others: no stop words; all terms where there is nothing else. */
export function contentTerms(text: string): string[] {
  const terms = new Set(termsOf(text.normalize('NFKC')));
  const telling = [...terms].filter((term) => !STOP_TERMS.has(term));
  return telling.length > 0 ? telling : [...terms];
}

/** As `contentTerms`, but without a substitute for a text that is made of stop words. */
export function tellingTerms(text: string): string[] {
  return [...new Set(termsOf(text.normalize('NFKC')))].filter((term) => !STOP_TERMS.has(term));
}

const LONGEST = 80;

function termsOfWord(word: string): readonly string[] {
  if (UNSPACED.test(word)) return pairs(word);
  const whole = word.toLowerCase();
  const parts = /^[\d.]+$/.test(word) ? [] : word.split(PARTS).map((part) => part.toLowerCase());
  if (parts.length < 2) return isTelling(whole) ? [stem(whole.slice(0, LONGEST))] : [];
  const terms = new Set([whole.slice(0, LONGEST)]);
  for (const part of parts) if (isTelling(part) && !/^\d$/.test(part)) terms.add(stem(part.slice(0, LONGEST)));
  return [...terms];
}

/** A single Latin letter is noise; a single digit or Greek letter is not. */
function isTelling(part: string): boolean {
  return part.length > 1 || (part.length === 1 && !/[a-z]/.test(part));
}

function pairs(word: string): readonly string[] {
  const characters = [...word];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, at) => (characters[at] ?? '') + character);
}

/** Takes common English endings off. Both sides of a comparison lose the same, so the result need not be a word. */
export function stem(word: string): string {
  if (word.length < 4 || /[^a-z]/.test(word)) return word;
  let root = word;
  if (root.endsWith('ies') && root.length > 4) root = `${root.slice(0, -3)}y`;
  else if (root.endsWith('ied') && root.length > 4) return `${root.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh)es$/.test(root)) root = root.slice(0, -2);
  else if (/[^su]s$/.test(root)) root = root.slice(0, -1);
  const verb = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(root)?.[1];
  if (verb !== undefined && verb.length > 2) {
    root = verb.replace(/([^aeiouylsz])\1$/, '$1');
  }
  if (root.endsWith('e') && root.length > 3) root = root.slice(0, -1);
  return root;
}

const STOP_TERMS = new Set([...STOP_WORDS].flatMap((word) => termsOfWord(word)));
