import type { Grounding } from '../../core/grounding/grounding.ts';
import type { Session } from '../session.ts';
import type { Output } from './output.ts';
import { piecesOf } from './pieces.ts';

/** Shows checked text as it comes. Only a citation whose lines exist becomes a link. */
export class CitedText {
  readonly #output: Output;
  readonly #session: Session;
  readonly #grounding: Pick<Grounding, 'checkCitations'>;
  #queue: Promise<void> = Promise.resolve();

  constructor(output: Output, session: Session, grounding: Pick<Grounding, 'checkCitations'>) {
    this.#output = output;
    this.#session = session;
    this.#grounding = grounding;
  }

  /** Takes the next piece; pieces are shown in their order. */
  readonly write = (markdown: string): void => {
    this.#queue = this.#queue.then(() => this.#show(markdown));
    // Whoever waits for the end hears of it.
    this.#queue.catch(() => undefined);
  };

  /** Settles when all is shown. */
  async end(): Promise<void> {
    await this.#queue;
  }

  async #show(markdown: string): Promise<void> {
    for (const piece of piecesOf(markdown)) {
      if (piece.kind === 'text') {
        this.#output.markdown(piece.text);
        continue;
      }
      const [checked] = await this.#grounding.checkCitations([piece.citation]);
      const { file, startLine, endLine } = piece.citation;
      if (checked?.verified) this.#output.place(this.#session, checked);
      else this.#output.markdown(`\`${placeText(file, startLine, endLine)}\``);
    }
  }
}

/** A place that is not there, as plain text. */
function placeText(file: string, startLine: number, endLine: number): string {
  const lines = endLine > startLine ? `${startLine}-${endLine}` : `${startLine}`;
  return `${file.replace(/[`\s]+/g, ' ')}:${lines}`;
}
