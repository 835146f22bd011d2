import type { Reference } from '../model/evidence.ts';
import { compareIssues, type Issue } from '../model/issue.ts';
import { type Entry, type EvidenceFile, evidenceIssue } from './entry.ts';

export interface Chain {
  /** Trusted evidence, each after all that it refers to. */
  readonly entries: readonly Entry[];
  /** What the next evidence has to refer to: several after two runs at once, or a merge of branches. */
  readonly heads: readonly Reference[];
  readonly issues: readonly Issue[];
  /** Whether `later` was written with knowledge of `earlier`, directly or through others. */
  follows(later: Entry, earlier: Entry): boolean;
}

/**
 * Follows the references between evidence files. A file that another one remembers otherwise, or that is gone, is named:
 * `evidence.edited`, `evidence.missing`. Order comes from the references, never from clocks. `known`: problems that others
 * have seen; the files that they name are not trusted.
 */
export function linkChain(files: readonly EvidenceFile[], known: readonly Issue[] = []): Chain {
  const byRun = new Map(files.map((file) => [file.run, file]));
  const issues = [...known, ...files.flatMap((file) => file.issue ?? [])];
  const distrusted = new Set(known.map(({ file }) => file));
  for (const file of files) {
    for (const { run, sha256 } of file.statement?.predicate.previous ?? []) {
      const earlier = byRun.get(run);
      if (earlier === undefined) {
        const message = `This follows ${run}, which is gone. Restore ${run}.json beside it.`;
        issues.push(evidenceIssue('evidence.missing', 'error', message, file.path));
      } else if (earlier.sha256 !== sha256 && earlier.issue === undefined && !distrusted.has(earlier.path)) {
        distrusted.add(earlier.path);
        const message = `This was changed after ${file.run} was written upon it. It counts for nothing. Restore it.`;
        issues.push(evidenceIssue('evidence.edited', 'error', message, earlier.path));
      }
    }
  }
  const sound = files.filter((file): file is Entry => file.statement !== undefined && !distrusted.has(file.path));
  const entries = sortByReference(sound, byRun);
  issues.push(...entries.flatMap((entry) => clockIssue(entry, byRun)));
  return { entries, heads: headsOf(entries), issues: issues.sort(compareIssues), follows: follower(byRun) };
}

/** Broken files are no heads: when they are restored, what was written meanwhile must still fit. */
function headsOf(entries: readonly Entry[]): Reference[] {
  const named = new Set(entries.flatMap(({ statement }) => statement.predicate.previous.map(({ run }) => run)));
  return entries.filter(({ run }) => !named.has(run)).map(({ run, sha256 }) => ({ run, sha256 }));
}

/** Depth first without recursion: a chain can be thousands long. Files come sorted by name, which keeps the order stable. */
function sortByReference(sound: readonly Entry[], byRun: ReadonlyMap<string, EvidenceFile>): Entry[] {
  const trusted = new Set(sound.map(({ run }) => run));
  const sorted: Entry[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of sound) {
    const stack: EvidenceFile[] = [start];
    for (let file = stack.at(-1); file !== undefined; file = stack.at(-1)) {
      const seen = state.get(file.run);
      if (seen !== undefined) {
        stack.pop();
        if (seen === 'open' && file.statement !== undefined && trusted.has(file.run)) sorted.push(file as Entry);
        state.set(file.run, 'done');
        continue;
      }
      state.set(file.run, 'open');
      for (const { run } of file.statement?.predicate.previous ?? []) {
        const earlier = byRun.get(run);
        if (earlier !== undefined && !state.has(run)) stack.push(earlier);
      }
    }
  }
  return sorted;
}

function clockIssue(entry: Entry, byRun: ReadonlyMap<string, EvidenceFile>): Issue[] {
  const { written, previous } = entry.statement.predicate;
  const later = previous
    .map(({ run }) => byRun.get(run)?.statement?.predicate.written ?? '')
    .filter((before) => before > written)
    .sort()
    .at(-1);
  if (later === undefined) return [];
  const message = `The clock went back: this says ${written}, but it follows evidence of ${later}. Ages may be wrong; the order is that of the chain.`;
  return [evidenceIssue('evidence.clock', 'info', message, entry.path)];
}

function follower(byRun: ReadonlyMap<string, EvidenceFile>): Chain['follows'] {
  return (later, earlier) => {
    const seen = new Set<string>();
    const queue = [later.run];
    for (let run = queue.pop(); run !== undefined; run = queue.pop()) {
      for (const previous of byRun.get(run)?.statement?.predicate.previous ?? []) {
        if (previous.run === earlier.run) return true;
        if (seen.has(previous.run)) continue;
        seen.add(previous.run);
        queue.push(previous.run);
      }
    }
    return false;
  };
}
