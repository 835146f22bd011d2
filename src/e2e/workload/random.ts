/**
 * A hash of (seed, index) with 32 bits. The native tool has the same function: what it starts by number can be foretold
 * here.
 */
export function mix(seed: number, index: number): number {
  let h = (seed ^ Math.imul(index, 0x9e3779b1)) >>> 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b) >>> 0;
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35) >>> 0;
  h ^= h >>> 16;
  return h >>> 0;
}

/** Draws whole numbers from 0 to below `limit`; the same seed draws the same numbers. */
export type Draw = (limit: number) => number;

export function seededDraw(seed: number): Draw {
  let index = 0;
  return (limit) => mix(seed, index++) % limit;
}

/** The numbers 0 to count - 1 in a seeded order. */
export function shuffled(count: number, draw: Draw): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = draw(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
