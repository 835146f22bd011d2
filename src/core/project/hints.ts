import { HumanError } from '../base/errors.ts';
import type { TextEdit } from '../model/issue.ts';
import { type YamlEdit, yamlEditsToTextEdits } from '../parse/edit.ts';
import { editDistance } from '../parse/suggest.ts';

/** More names than this at the same distance say nothing about what was meant. */
const MOST_SUGGESTIONS = 3;
/** Names that one pass compares at most: about half a second when everything in a large workspace is misspelt. */
const COMPARISONS_PER_PASS = 2_000_000;
/** Characters of YAML that one pass reads again at most to plan fixes: about half a second. */
const CHARACTERS_PER_PASS = 5_000_000;

/** "Did you mean" and fixes for one validation pass. When nearly everything is wrong, help ends before patience does. */
export class Hints {
  readonly #answers = new Map<string, readonly string[]>();
  #comparisons = COMPARISONS_PER_PASS;
  #characters = CHARACTERS_PER_PASS;

  /** The nearest of `names`, at most three, all at the same distance. `subject` keeps the answers of several sets apart. */
  nearest(subject: string, word: string, names: () => Iterable<string>): readonly string[] {
    const key = `${subject}\0${word}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const found = this.#comparisons > 0 ? this.#search(word, names()) : [];
    this.#answers.set(key, found);
    return found;
  }

  /** The edits of `file`, or undefined where the text does not take them or this pass has planned enough. */
  edits(file: string, text: string, edits: readonly YamlEdit[]): readonly TextEdit[] | undefined {
    if (this.#characters < text.length) return undefined;
    this.#characters -= text.length;
    try {
      return yamlEditsToTextEdits(text, file, edits);
    } catch (error) {
      if (error instanceof HumanError) return undefined;
      throw error;
    }
  }

  #search(word: string, names: Iterable<string>): readonly string[] {
    const folded = fold(word);
    let limit = folded.length < 6 ? 1 : 2;
    let found: string[] = [];
    for (const name of names) {
      this.#comparisons--;
      const distance = boundedDistance(folded, fold(name), limit);
      if (distance > limit || distance >= name.length) continue;
      if (distance < limit) found = [];
      limit = distance;
      found.push(name);
    }
    return found.length > MOST_SUGGESTIONS ? [] : found.sort();
  }
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** The edit distance where it is at most `limit`, else a number above it. Equal ends are cut off first. */
function boundedDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let start = 0;
  while (start < a.length && start < b.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  if (start === endA || start === endB) return Math.max(endA, endB) - start;
  const middle = b.slice(start, endB);
  // Each letter of `a` that `b` lacks costs one step: a cheap proof for most names.
  let missing = 0;
  for (let at = start; at < endA; at++) if (!middle.includes(a.charAt(at)) && ++missing > limit) return missing;
  return editDistance(a.slice(start, endA), middle);
}
