import { markClaim } from './answer.ts';
import { type AnswerPart, splitAnswer } from './claims.ts';
import type { Library } from './library.ts';
import { type CheckedClaim, type Claim, type Source, verifyClaim } from './verify.ts';

/** A text whose claims were checked. */
export interface CheckedText {
  /** With a mark at every claim that is not borne out. */
  readonly text: string;
  readonly claims: readonly CheckedClaim[];
}

/** Files that one answer may cite; more are not an answer. */
const MOST_FILES = 40;

/** Checks an answer while it is written: block by block, each against the files as they are then. */
export class Checker {
  readonly #library: Library;
  readonly #show: ((text: string) => void) | undefined;
  readonly #sources = new Map<string, Source>();
  readonly #asked = new Set<string>();
  readonly #claims: CheckedClaim[] = [];
  #before: readonly AnswerPart[] = [];
  #open = '';
  #received = '';
  #shown = '';
  #work: Promise<void> = Promise.resolve();

  constructor(library: Library, show?: (text: string) => void) {
    this.#library = library;
    this.#show = show;
  }

  /** All that was added so far, unchecked. */
  get received(): string {
    return this.#received;
  }

  /** Takes the next piece of an answer; blocks that are complete are checked and shown. */
  add(piece: string): void {
    this.#received += piece;
    this.#open += piece;
    const end = completeBlocks(this.#open);
    if (end > 0) this.#take(end);
  }

  /** Checks what is left. */
  async finish(): Promise<CheckedText> {
    this.#take(this.#open.length);
    await this.#work;
    return { text: this.#shown, claims: this.#claims };
  }

  /** Adds Markdown that claims nothing by itself. */
  addPlain(raw: string): void {
    this.#received += raw;
    this.#queue([{ raw, claim: undefined }]);
  }

  /** Adds a claim that is put together already, with the Markdown that shows it. */
  addClaim(raw: string, claim: Claim): void {
    this.#received += raw;
    this.#queue([{ raw, claim }]);
  }

  #take(length: number): void {
    const parts = splitAnswer(this.#open.slice(0, length), this.#before);
    this.#open = this.#open.slice(length);
    this.#before = [...this.#before, ...parts].filter((part) => part.claim !== undefined).slice(-1);
    this.#queue(parts);
  }

  #queue(parts: readonly AnswerPart[]): void {
    this.#work = this.#work.then(async () => {
      for (const part of parts) await this.#check(part);
    });
    // Whoever waits for `finish` hears of it; nobody else must.
    this.#work.catch(() => undefined);
  }

  async #check({ raw, claim }: AnswerPart): Promise<void> {
    let text = raw;
    if (claim !== undefined) {
      for (const { file } of claim.citations) await this.#load(file);
      const checked = verifyClaim(claim, this.#sources);
      this.#claims.push(checked);
      text = markClaim(raw, checked);
    }
    this.#shown += text;
    this.#show?.(text);
  }

  async #load(file: string): Promise<void> {
    if (this.#asked.has(file) || this.#asked.size >= MOST_FILES) return;
    this.#asked.add(file);
    const document = await this.#library.document(file);
    if (document !== undefined) this.#sources.set(file, document);
  }
}

/**
 * Where the last complete block ends: at an empty line outside of code. The block behind it must have begun, with
 * something other than a citation, which would belong to the block before.
 */
function completeBlocks(text: string): number {
  let end = 0;
  let fence = '';
  let at = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const [mark] = /^(?:`{3,}|~{3,})/.exec(line.trim()) ?? [];
    if (mark !== undefined) fence = fence === '' ? mark : line.trim().startsWith(fence) ? '' : fence;
    if (fence === '' && line.trim() === '' && line.endsWith('\n')) {
      const next = text.slice(at + line.length).trimStart();
      if (next !== '' && !/^[[(]/.test(next)) end = at + line.length;
    }
    at += line.length;
  }
  return end;
}
