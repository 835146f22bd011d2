const OPEN = '<think>';
const CLOSE = '</think>';

/** Takes `<think>` blocks out of a text that comes in pieces; a tag may be cut anywhere. */
export class ThoughtFilter {
  #held = '';
  #inside = false;
  #text = '';

  /** All that counts so far. Shorter than what was given out where a model never opened the block that it closes. */
  get text(): string {
    return this.#text;
  }

  /** The part of `piece` that is surely no thought. */
  push(piece: string): string {
    this.#held += piece;
    let out = '';
    for (;;) {
      const at = this.#nextTag();
      if (at === undefined) break;
      if (!this.#inside) out += this.#held.slice(0, at.start);
      if (at.tag === CLOSE && !this.#inside) {
        // Some templates open the block for the model, so that only its end is seen: all before it was thought.
        this.#text = '';
        out = '';
      }
      this.#inside = at.tag === OPEN;
      this.#held = this.#held.slice(at.start + at.tag.length);
    }
    const sure = this.#held.length - tagBeginning(this.#held);
    if (!this.#inside) out += this.#held.slice(0, sure);
    this.#held = this.#held.slice(sure);
    return this.#give(out);
  }

  /** What was held back because a tag could have begun there. */
  end(): string {
    const rest = this.#inside ? '' : this.#held;
    this.#held = '';
    return this.#give(rest);
  }

  #give(out: string): string {
    // The gap behind a block is no part of the answer.
    const shown = this.#text === '' ? out.trimStart() : out;
    this.#text += shown;
    return shown;
  }

  #nextTag(): { start: number; tag: string } | undefined {
    const tags = this.#inside ? [CLOSE] : [OPEN, CLOSE];
    const found = tags.map((tag) => ({ start: this.#held.indexOf(tag), tag })).filter(({ start }) => start >= 0);
    return found.sort((a, b) => a.start - b.start)[0];
  }
}

/** How many characters at the end of `text` could be the beginning of a tag. */
function tagBeginning(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (OPEN.startsWith(end) || CLOSE.startsWith(end)) return length;
  }
  return 0;
}
