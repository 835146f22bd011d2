import { HumanError } from '../base/errors.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { definitionsNamed, goalsNamed } from './definitions.ts';
import { definedIn, type FactStatement, type GoalFact, type GoalFacts, tellFact, tellVerdict } from './facts.ts';
import type { Library } from './library.ts';
import type { Excerpt, Turn } from './prompt.ts';
import { type Retrieval, retrieve } from './retrieve.ts';

/** What is known about a question before anybody words an answer. */
export interface Knowledge {
  readonly retrieval: Retrieval;
  /** What evidence says of the goals that the question is about. */
  readonly goals: readonly KnownGoal[];
  /** What a reader should know beside the answer. */
  readonly notes: readonly string[];
}

export interface KnownGoal {
  readonly verdict: string;
  readonly statements: readonly FactStatement[];
  /** The cited lines. */
  readonly excerpts: readonly Excerpt[];
}

export const CHUNKS_FOUND = 8;
/** Goals that a question without an id is answered for ("which goals fail?"). */
const MOST_GOALS = 3;
const MENTIONS_GOALS = /\b(?:goals?|red|verdicts?|evidence|gate|blocked)\b/i;

export async function gatherKnowledge(
  library: Library,
  facts: GoalFacts | undefined,
  snapshot: Snapshot,
  question: string,
  history: readonly Turn[],
  signal: AbortSignal | undefined,
): Promise<Knowledge> {
  const retrieval = await retrieve(library, question, {
    limit: CHUNKS_FOUND,
    before: history.at(-1)?.question,
    definitions: definitionsNamed(question, snapshot),
  });
  const notes = library.skipped.map(({ file, reason }) => `${file} is not searched: ${reason}`);
  if (library.index.size === 0) {
    notes.push(`There are no documents. Write ${snapshot.layout.docs}/runbook.md, or run "infrabuilder init".`);
  }
  const goals: KnownGoal[] = [];
  for (const fact of await factsFor(question, facts, snapshot, notes, signal)) {
    const known = await know(library, snapshot, fact, notes);
    if (known !== undefined) goals.push(known);
  }
  return { retrieval, goals, notes };
}

async function factsFor(
  question: string,
  facts: GoalFacts | undefined,
  snapshot: Snapshot,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<readonly GoalFact[]> {
  const named = goalsNamed(question, snapshot);
  const wanted = named.length > 0 ? named : MENTIONS_GOALS.test(question) ? snapshot.goals.map((goal) => goal.id) : [];
  if (facts === undefined || wanted.length === 0) return [];
  try {
    const told = await facts(wanted, signal);
    return named.length > 0 ? told : told.filter(({ verdict }) => verdict !== 'pass').slice(0, MOST_GOALS);
  } catch (error) {
    // The documents still answer where evidence cannot be read.
    if (!(error instanceof HumanError)) throw error;
    notes.push(`The evidence cannot be read: ${error.message}`);
    return [];
  }
}

async function know(
  library: Library,
  snapshot: Snapshot,
  fact: GoalFact,
  notes: string[],
): Promise<KnownGoal | undefined> {
  const evidence = (await Promise.all(fact.evidence.map((file) => library.document(file)))).filter(
    (document) => document !== undefined,
  );
  if (evidence.length === 0) {
    notes.push(`There is no evidence for ${fact.goal}. Run "infrabuilder verify --goal ${fact.goal}".`);
    return undefined;
  }
  if (!fact.fresh) notes.push(`The evidence for ${fact.goal} is stale: what it was measured on has changed since.`);
  const definitions = await definedIn(definitionsNamed(fact.goal, snapshot), (file) => library.document(file));
  const statements = tellFact(fact, evidence, definitions);
  const documents = [...evidence, ...definitions.map(({ document }) => document)];
  const excerpts = statements
    .flatMap(({ citations }) => citations)
    .flatMap(({ file, startLine, endLine }): Excerpt[] => {
      const document = documents.find((one) => one.file === file);
      return document === undefined ? [] : [{ file, startLine, text: document.lines.slice(startLine, endLine) }];
    });
  return { verdict: tellVerdict(fact), statements, excerpts };
}
