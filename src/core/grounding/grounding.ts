import { HumanError, throwIfCancelled } from '../base/errors.ts';
import { GOAL_ID_PATTERN } from '../model/ids.ts';
import type { Clock, Files, LanguageModel, ModelTurn, ModelUsage } from '../ports.ts';
import type { Project } from '../project/project.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { type Answer, citationsOf, type NearHeading } from './answer.ts';
import { Checker, type CheckedText } from './checker.ts';
import { type Citation, formatCitation } from './citation.ts';
import { type FactStatement, type GoalFacts, tellFact } from './facts.ts';
import { Library } from './library.ts';
import { type Excerpt, groundedPrompt, NOT_FOUND, type Turn } from './prompt.ts';
import { OFFLINE_NAME } from './provider.ts';
import { nearestHeadings } from './nearest.ts';
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

const CHUNKS_FOUND = 8;
const CHUNKS_SHOWN = 6;
/** Goals that a question without an id is answered for ("which goals fail?"). */
const MOST_GOALS = 3;
const MENTIONS_GOALS = /\b(?:goals?|red|fail(?:s|ed|ing)?|pass(?:es|ed|ing)?|verdicts?|evidence|blocked)\b/i;

export function createGrounding(ports: GroundingPorts): Grounding {
  const library = new Library(ports.files, () => ports.clock.now().getTime());
  const grounding: Grounding = {
    ask: (request) => ask(ports, library, request),
    async search(query, { limit = CHUNKS_FOUND, signal } = {}) {
      await library.refresh((await ports.project.snapshot()).layout, signal);
      return (await retrieve(library, query, limit)).hits;
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

interface Statement extends FactStatement {
  readonly excerpts: readonly Excerpt[];
}

interface Knowledge {
  readonly retrieval: Retrieval;
  readonly statements: readonly Statement[];
  readonly notes: readonly string[];
}

async function ask(ports: GroundingPorts, library: Library, request: AskRequest): Promise<Answer> {
  const { history = [], model, signal, onText } = request;
  const question = request.question.trim();
  if (question === '') throw new HumanError('ask.no-question', 'There is no question.', 'Ask something.');
  const snapshot = await ports.project.snapshot();
  await library.refresh(snapshot.layout, signal);
  const known = await gather(ports, library, snapshot, question, history, signal);
  const provider = model?.name ?? OFFLINE_NAME;
  const notes = [...known.notes];
  const checker = new Checker(library, onText);
  for (const { text, citations } of known.statements) {
    checker.addClaim(`${text} ${bracket(citations)}\n\n`, { text, quotes: [], citations });
  }
  let usage: ModelUsage | undefined;
  if (known.retrieval.relevant || known.statements.length > 0) {
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
    provider,
    usage,
  };
}

async function gather(
  { facts }: GroundingPorts,
  library: Library,
  snapshot: Snapshot,
  question: string,
  history: readonly Turn[],
  signal: AbortSignal | undefined,
): Promise<Knowledge> {
  const retrieval = await retrieve(library, question, CHUNKS_FOUND, history.at(-1)?.question);
  const notes = library.skipped.map(({ file, reason }) => `${file} is not searched: ${reason}`);
  if (library.index.size === 0) {
    notes.push(`There are no documents. Write ${snapshot.layout.docs}/runbook.md, or run "infrabuilder init".`);
  }
  const statements: Statement[] = [];
  const asked = goalsOf(question, snapshot);
  const wanted = asked.length > 0 ? asked : MENTIONS_GOALS.test(question) ? snapshot.goals.map(({ id }) => id) : [];
  if (facts === undefined || wanted.length === 0) return { retrieval, statements, notes };
  const told = await facts(wanted, signal);
  const chosen = asked.length > 0 ? told : told.filter(({ verdict }) => verdict !== 'pass').slice(0, MOST_GOALS);
  for (const fact of chosen) {
    const evidence = fact.evidence === undefined ? undefined : await library.document(fact.evidence);
    if (evidence === undefined) {
      notes.push(`There is no evidence for ${fact.goal}. Run "infrabuilder verify --goal ${fact.goal}".`);
      continue;
    }
    if (!fact.fresh) notes.push(`The evidence for ${fact.goal} is stale: what it was measured on has changed since.`);
    for (const statement of tellFact(fact, evidence.file, evidence.lines.text)) {
      const excerpts = statement.citations.map(({ file, startLine, endLine }) => {
        return { file, startLine, text: evidence.lines.slice(startLine, endLine) };
      });
      statements.push({ ...statement, excerpts });
    }
  }
  return { retrieval, statements, notes };
}

/** Ids of goals that a question names, in any case. */
function goalsOf(question: string, snapshot: Snapshot): string[] {
  const known = new Set([...snapshot.goals.map(({ id }) => id), ...snapshot.blueprintGoals.map(({ value }) => value.id)]);
  const words = question.toUpperCase().match(/[A-Z][A-Z0-9]*-\d+/g) ?? [];
  return [...new Set(words)].filter((word) => GOAL_ID_PATTERN.test(word) && known.has(word));
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
  { retrieval, statements }: Knowledge,
  { question, history = [], signal }: AskRequest,
  notes: string[],
): Promise<ModelUsage | undefined> {
  const shown = retrieval.hits.slice(0, CHUNKS_SHOWN).map(({ document, chunk }): Excerpt => {
    const { startLine, endLine } = chunk;
    return { file: document.file, startLine, text: textOf(document.lines.slice(startLine, endLine)) };
  });
  const excerpts = [...statements.flatMap((statement) => statement.excerpts), ...shown];
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
  if (!isRefusal) checker.add(turn.text.startsWith(sent) ? turn.text.slice(sent.length) : `\n\n${turn.text}`);
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
