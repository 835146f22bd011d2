import type { Snapshot } from '../project/snapshot.ts';

/** A line that defines what a question names. */
export interface Definition {
  readonly file: string;
  readonly line: number;
}

/** Ids of goals that a question names, in any case. */
export function goalsNamed(question: string, snapshot: Snapshot): string[] {
  const known = [...snapshot.goals.map(({ id }) => id), ...snapshot.blueprintGoals.map(({ value }) => value.id)];
  return named(question, known);
}

/** Where the goals, milestones and tasks that a question names are defined. */
export function definitionsNamed(question: string, snapshot: Snapshot): Definition[] {
  const milestones = named(
    question,
    snapshot.milestones.map(({ id }) => id),
  );
  const symbols = [
    ...goalsNamed(question, snapshot).map((id) => ({ kind: 'goal', id }) as const),
    ...milestones.map((id) => ({ kind: 'milestone', id }) as const),
  ];
  const places = symbols.flatMap((symbol) => snapshot.definitions(symbol));
  const tasks = wordsOf(question).flatMap((word) => snapshot.task(word) ?? []);
  return [
    ...places.map(({ file, range }) => ({ file, line: range.start.line })),
    ...tasks.map(({ file }) => ({ file, line: 1 })),
  ];
}

function named(question: string, ids: readonly string[]): string[] {
  const words = new Set(wordsOf(question).map((word) => word.toUpperCase()));
  return [...new Set(ids)].filter((id) => words.has(id.toUpperCase()));
}

function wordsOf(question: string): string[] {
  return question.match(/[\p{L}\p{N}]+(?:[_-][\p{L}\p{N}]+)*/gu) ?? [];
}
