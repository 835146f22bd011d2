import type { Delivered } from '../oracle/liveExports.ts';
import { Accounts, lossOf } from '../services/account.ts';
import { batchesOf } from '../services/otlp.ts';
import { readReceived } from '../services/store.ts';

export interface Loss {
  /** The worst of the three, in percent. */
  readonly percent: number;
  /** Batches that came. */
  readonly received: number;
  readonly duplicates: number;
  readonly notes: readonly string[];
}

/** What a sketch would have told may come raw, so its ticks are looked at instead of its batches. */
const REPLACED_STREAM = 'sketches';
/** A tick at either end of the window, and what a busy machine may skip. */
const EDGE_TICKS = 2;
const SKIPPED_SHARE = 0.02;

/**
 * What of one agent's data never came: batches missing from its own numbering, ticks missing by our clock, and ticks whose
 * sketch came no more than their raw data. A sketch that is missing while the raw data of its ticks came is no loss.
 * Undefined where nothing came at all.
 */
export async function lossIn(
  files: readonly string[],
  nonce: string,
  delivered: Delivered,
  sketched: Delivered,
  window: { readonly from: number; readonly to: number; readonly intervalMs: number },
): Promise<Loss | undefined> {
  const notes: string[] = [];
  const shares: number[] = [];
  const covered = coverageLoss(delivered, sketched);
  let received = 0;
  let duplicates = 0;
  for (const file of files) {
    const accounts = new Accounts();
    for await (const { signal, request } of readReceived(file)) {
      for (const batch of batchesOf(signal, request)) if (batch.run === nonce) accounts.add(batch);
    }
    for (const account of accounts.report()) {
      // Batches are numbered from 1: those before the first that came were sent too.
      const { sent, lost, percent } = lossOf(account, undefined);
      received += account.distinct + account.unnumbered;
      duplicates += account.duplicates;
      if (sent === 0) continue;
      if (account.stream !== REPLACED_STREAM || covered === undefined) shares.push(percent);
      notes.push(`Stream ${account.stream}: ${account.distinct} of ${sent} batches came, ${lost} are missing.`);
    }
  }
  if (received === 0) return undefined;
  const ticks = tickLoss(delivered, window);
  shares.push(ticks.percent);
  notes.push(ticks.note);
  if (covered !== undefined) {
    shares.push(covered.percent);
    notes.push(covered.note);
  }
  return { percent: Math.max(...shares), received, duplicates, notes };
}

function tickLoss(
  { ticks }: Delivered,
  { from, to, intervalMs }: { readonly from: number; readonly to: number; readonly intervalMs: number },
): { percent: number; note: string } {
  const expected = Math.floor((to - from) / intervalMs);
  const came = ticks.filter(({ at }) => at >= from && at <= to).length;
  const missing = Math.max(0, expected - came);
  const note = `Ticks: ${came} of ${expected} that were due in the window came.`;
  return { percent: missing <= EDGE_TICKS + SKIPPED_SHARE * expected ? 0 : (missing / expected) * 100, note };
}

function coverageLoss(delivered: Delivered, sketched: Delivered): { percent: number; note: string } | undefined {
  const { windows } = sketched;
  if (windows.length === 0 && delivered.raw.size === 0) return undefined;
  const covered = new Set([...delivered.raw, ...sketched.raw]);
  for (const { from, to } of windows) for (let tick = from; tick < to; tick++) covered.add(tick);
  const missing = delivered.ticks.filter(({ tick }) => !covered.has(tick)).length;
  return {
    percent: (missing / Math.max(1, delivered.ticks.length)) * 100,
    note: `Of ${delivered.ticks.length} ticks, ${missing} came neither in a sketch nor raw.`,
  };
}
