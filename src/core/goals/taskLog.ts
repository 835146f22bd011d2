import type { Entry } from '../evidence/entry.ts';
import type { Ledger } from '../evidence/store.ts';
import { isKind, type StatementOf } from '../model/evidence.ts';

export type TaskEntry = Entry & { readonly statement: StatementOf<'task'> };
export type SignOffEntry = Entry & { readonly statement: StatementOf<'sign-off'> };
export type WaiverEntry = Entry & { readonly statement: StatementOf<'waiver'> };

/** What happened to a task, oldest first. */
export function taskEvents(ledger: Ledger, slug: string): readonly TaskEntry[] {
  return ledger.entries.filter(
    (entry): entry is TaskEntry => isKind('task', entry.statement) && entry.statement.predicate.task === slug,
  );
}

/** Since when the task has been open: what it is compared with. Undefined where it was never opened by us. */
export function openingOf(ledger: Ledger, slug: string): TaskEntry | undefined {
  const last = taskEvents(ledger, slug).at(-1);
  return last?.statement.predicate.event === 'done' ? undefined : last;
}

export function signOffs(ledger: Ledger, slug: string): readonly SignOffEntry[] {
  return ledger.entries.filter(
    (entry): entry is SignOffEntry => isKind('sign-off', entry.statement) && entry.statement.predicate.task === slug,
  );
}

/** The newest waiver of each finding. */
export function waivers(ledger: Ledger): ReadonlyMap<string, WaiverEntry> {
  return new Map(
    ledger.entries
      .filter((entry): entry is WaiverEntry => isKind('waiver', entry.statement))
      .map((entry) => [entry.statement.predicate.finding, entry]),
  );
}
