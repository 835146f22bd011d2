import { HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Clock, Files, LanguageModel, ModelTurn, ModelUsage } from '../ports.ts';
import type { Project } from '../project/project.ts';
import { type Answer, citationsOf, type NearHeading } from './answer.ts';
import { type CheckedText, Checker } from './checker.ts';
import { type Citation, formatCitation } from './citation.ts';
import { definitionsNamed } from './definitions.ts';
import type { GoalFacts } from './facts.ts';
import { CHUNKS_FOUND, gatherKnowledge, type Knowledge } from './knowledge.ts';
import { Library } from './library.ts';
import { nearestHeadings } from './nearest.ts';
import { type Excerpt, groundedPrompt, NOT_FOUND, type Turn } from './prompt.ts';
import { OFFLINE_NAME } from './provider.ts';
import { bestPassages, type Hit, type Retrieval, retrieve } from './retrieve.ts';
import { type CheckedCitation, checkCitation } from './verify.ts';

export interface AskRequest {
  readonly question: string;
  /** Earlier questions of the conversation, the latest last. */
  readonly history?: readonly Turn[];
  /** Who words the answer; without one the documents are quoted. */
  readonly model?: LanguageModel | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Checked Markdown as it comes; all pieces together are `Answer.text`. */
  readonly onText?: ((piece: string) => void) | undefined;
}

/** Answers from the documents of a workspace, with citations that were checked. */
export interface Grounding {
  /** Quotes or, with a model, words an answer, and checks each claim of it. Throws what the model throws, CancelledError. */
  ask(request: AskRequest): Promise<Answer>;
  /** The chunks that fit a query best, the best first. Throws CancelledError. */
  search(query: string, options?: { readonly limit?: number; readonly signal?: AbortSignal }): Promise<readonly Hit[]>;
  /** Checks a text that somebody wrote, such as a generated document: every sentence of it is a claim. */
  verify(text: string): Promise<CheckedText>;
  /** Checks citations that were kept: still there, moved, or stale. */
  checkCitations(citations: readonly Citation[]): Promise<readonly CheckedCitation[]>;
  /** The offline provider as a model: answers the last message of a person by quoting. It calls no tool. */
  readonly offline: LanguageModel;
}

export interface GroundingPorts {
  readonly files: Files;
  readonly clock: Clock;
  readonly project: Pick<Project, 'snapshot'>;
  /** What the latest evidence says; without it answers come from documents alone. */
  readonly facts?: GoalFacts | undefined;
}

const CHUNKS_SHOWN = 6;

export function createGrounding(ports: GroundingPorts): Grounding {
  const library = new Library(ports.files, () => ports.clock.now().getTime());
  const grounding: Grounding = {
    ask: (request) => ask(ports, library, request),
    async search(query, { limit = CHUNKS_FOUND, signal } = {}) {
      const snapshot = await ports.project.snapshot();
      await library.refresh(snapshot, signal);
      return (await retrieve(library, query, { limit, definitions: definitionsNamed(query, snapshot) })).hits;
    },
    async verify(text) {
      const checker = new Checker(library);
      checker.add(text);
      return await checker.finish();
    },
    async checkCitations(citations) {
      const sources = new Map();
      for (const { file } of citations) {
        const document = sources.has(file) ? undefined : await library.document(file);
        if (document !== undefined) sources.set(file, document);
      }
      return citations.map((citation) => checkCitation(citation, [], sources));
    },
    offline: {
      name: OFFLINE_NAME,
      async respond({ messages, signal, onText }): Promise<ModelTurn> {
        const people = messages.filter((message) => message.role === 'user');
        const question = people.at(-1)?.text ?? '';
        const { text } = await grounding.ask({ question, signal, onText });
        return { text, toolCalls: [], stop: 'end', usage: undefined };
      },
    },
  };
  return Object.freeze(grounding);
}

async function ask(ports: GroundingPorts, library: Library, request: AskRequest): Promise<Answer> {
  const { history = [], model, signal, onText } = request;
  const question = request.question.trim();
  if (question === '') throw new HumanError('ask.no-question', 'There is no question.', 'Ask something.');
  const snapshot = await ports.project.snapshot();
  await library.refresh(snapshot, signal);
  const known = await gatherKnowledge(library, ports.facts, snapshot, question, history, signal);
  const notes = [...known.notes];
  const checker = new Checker(library, onText);
  for (const { verdict, statements } of known.goals) {
    checker.addPlain(`${verdict}\n\n`);
    for (const claim of statements) checker.addClaim(`${claim.text} ${bracket(claim.citations)}\n\n`, claim);
  }
  let usage: ModelUsage | undefined;
  if (known.retrieval.relevant || known.goals.length > 0) {
    if (model === undefined) quote(checker, known.retrieval);
    else usage = await consult(model, checker, known, { ...request, question, history }, notes);
  }
  throwIfCancelled(signal);
  const checked = await checker.finish();
  const abstained = !checked.claims.some((claim) => claim.verdict === 'verified');
  const nearest = abstained ? await nearestHeadings(library, known.retrieval, snapshot.documents) : [];
  const refusal = abstained ? refuse(checked, nearest) : '';
  if (abstained) onText?.(refusal);
  return {
    question,
    text: abstained ? checked.text + refusal : checked.text.trimEnd(),
    abstained,
    claims: checked.claims,
    citations: citationsOf(checked.claims),
    nearest,
    notes,
    // Last, because a model that was left open to the endpoint has its name only now.
    provider: model?.name ?? OFFLINE_NAME,
    usage,
  };
}

/** Answers with the passages themselves. */
function quote(checker: Checker, retrieval: Retrieval): void {
  if (!retrieval.relevant) return;
  for (const { file, startLine, endLine, text } of bestPassages(retrieval)) {
    const citation = { file, startLine, endLine };
    const lines = [...text.split('\n'), '', bracket([citation])].map((line) => `> ${line}`.trimEnd());
    checker.addClaim(`${lines.join('\n')}\n\n`, { text, quotes: [text], citations: [citation] });
  }
}

/** Lets a model word the answer; what it says goes through the checker. */
async function consult(
  model: LanguageModel,
  checker: Checker,
  { retrieval, goals }: Knowledge,
  { question, history = [], signal }: AskRequest,
  notes: string[],
): Promise<ModelUsage | undefined> {
  const shown = retrieval.hits.slice(0, CHUNKS_SHOWN).map(({ document, chunk }): Excerpt => {
    const { startLine, endLine } = chunk;
    return { file: document.file, startLine, text: textOf(document.lines.slice(startLine, endLine)) };
  });
  const excerpts = [...goals.flatMap((goal) => goal.excerpts), ...shown];
  const before = checker.received;
  let streamed = '';
  const turn = await model.respond({
    messages: groundedPrompt(question, excerpts, history),
    temperature: 0,
    signal,
    onText: (piece) => {
      streamed += piece;
      // Held back while it may still turn out to be the refusal.
      if (!NOT_FOUND.startsWith(streamed.trim()) && streamed.trim() !== '') {
        checker.add(streamed.slice(checker.received.length - before.length));
      }
    },
  });
  if (turn.text.trim() === '') notes.push('The model said nothing.');
  if (turn.stop === 'length') notes.push('The model ran into its limit of tokens; the answer is cut off.');
  const isRefusal = /^\W*not found\W*$/i.test(turn.text);
  const sent = checker.received.slice(before.length);
  // Where thoughts were only known as such at their end, the text that counts is another than what came.
  if (!isRefusal) checker.add(turn.text.startsWith(sent.trimEnd()) ? turn.text.slice(sent.length) : `\n\n${turn.text}`);
  return turn.usage;
}

/** Characters of an excerpt that a model is shown; only a line that is longer than a chunk has more. */
const LONGEST_EXCERPT = 4000;

function textOf(text: string): string {
  return text.length <= LONGEST_EXCERPT ? text : text.slice(0, LONGEST_EXCERPT);
}

function refuse({ claims }: CheckedText, nearest: readonly NearHeading[]): string {
  const lines = [
    claims.length > 0
      ? 'No statement of this answer is borne out by the documents.'
      : 'The documents of this workspace do not answer that.',
  ];
  if (nearest.length > 0) lines.push('', 'Nearest headings:', '');
  for (const { file, line, heading } of nearest) {
    lines.push(`- ${heading} [${formatCitation({ file, startLine: line, endLine: line })}]`);
  }
  return (claims.length > 0 ? '\n\n' : '') + lines.join('\n');
}

function bracket(citations: readonly Citation[]): string {
  return `[${citations.map(formatCitation).join('; ')}]`;
}
