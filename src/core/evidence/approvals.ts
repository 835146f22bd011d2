import { sha256 } from '../base/digest.ts';
import type { Deviation, RegisteredDeviation } from '../model/deviation.ts';
import { isKind, type Resource } from '../model/evidence.ts';
import type { Entry } from './entry.ts';

/**
 * Deviations with what evidence says of their approval. It holds for the words that were approved, and for the person who
 * approved them: whoever edits either needs another approval.
 */
export function withApprovals(
  deviations: readonly Pick<RegisteredDeviation, 'file' | 'value'>[],
  entries: readonly Entry[],
): Promise<RegisteredDeviation[]> {
  const approvals = entries.flatMap(({ statement }) => (isKind('waiver', statement) ? [statement] : []));
  return Promise.all(
    deviations.map(async ({ file, value }) => {
      const { digest } = await approvedContent(file, value);
      const recorded = approvals.some(
        ({ predicate, subject }) =>
          predicate.finding === approvalOf(value.id) &&
          predicate.by === value.approved_by &&
          subject.some((one) => one.digest.sha256 === digest.sha256),
      );
      return { file, value, recorded };
    }),
  );
}

/** What a person approves: everything but the approval itself. */
export async function approvedContent(file: string, deviation: Deviation): Promise<Resource> {
  const { status: _status, approved_by: _by, ...content } = deviation;
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { name: file, digest: { sha256: await sha256(JSON.stringify(sorted)) } };
}

/** What evidence calls the approval of a deviation. */
export function approvalOf(id: string): string {
  return `deviation:${id}`;
}
