import type { Batch } from './otlp.ts';

/** What arrived of one stream of one run. */
export interface StreamAccount {
  readonly run: string;
  readonly stream: string;
  /** Batches with different numbers. */
  readonly distinct: number;
  /** Batches that came again, such as a retry after a reply that was lost. */
  readonly duplicates: number;
  /** Batches without a number; they cannot be accounted for. */
  readonly unnumbered: number;
  /** Data points or log records, duplicates left out. */
  readonly items: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Numbers between first and last that never came, as inclusive ranges. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  readonly missing: number;
}

/** Counts by (run, stream). One per receiver; rebuilt from the file after a restart. */
export class Accounts {
  readonly #streams = new Map<
    string,
    { run: string; stream: string; seen: Set<number>; duplicates: number; unnumbered: number; items: number }
  >();

  add(batch: Batch): void {
    const key = JSON.stringify([batch.run, batch.stream]);
    let account = this.#streams.get(key);
    if (account === undefined) {
      account = { run: batch.run, stream: batch.stream, seen: new Set(), duplicates: 0, unnumbered: 0, items: 0 };
      this.#streams.set(key, account);
    }
    if (batch.seq === undefined) account.unnumbered++;
    else if (account.seen.has(batch.seq)) {
      account.duplicates++;
      return;
    } else account.seen.add(batch.seq);
    account.items += batch.items;
  }

  report(): StreamAccount[] {
    return [...this.#streams.values()].map(({ run, stream, seen, duplicates, unnumbered, items }) => {
      const order = [...seen].sort((a, b) => a - b);
      const gaps: [number, number][] = [];
      for (const [i, seq] of order.entries()) {
        const before = order[i - 1];
        if (before !== undefined && seq > before + 1) gaps.push([before + 1, seq - 1]);
      }
      return {
        run,
        stream,
        distinct: seen.size,
        duplicates,
        unnumbered,
        items,
        first: order[0],
        last: order.at(-1),
        gaps,
        missing: gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0),
      };
    });
  }
}

/**
 * Sent against received for one stream. The sender numbers its batches from 1, so what it sent is the highest number that it
 * gave out: what it says itself at its end, or at least the highest that arrived.
 */
export function lossOf(
  account: StreamAccount,
  sent: number | undefined,
): { sent: number; received: number; lost: number; percent: number } {
  const total = Math.max(sent ?? 0, account.last ?? 0);
  const lost = total - account.distinct;
  return { sent: total, received: account.distinct, lost, percent: total === 0 ? 0 : (lost * 100) / total };
}
