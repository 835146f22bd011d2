import { posix } from 'node:path';

export interface Coverage {
  /** Percent of statements. */
  readonly percent: number;
  readonly statements: number;
}

const BLOCK = /^(.+):(\d+\.\d+,\d+\.\d+) (\d+) (\d+)$/;

/**
 * Adds up a Go cover profile: the total over all statements, and per package. Where several test binaries report the
 * same block (-coverpkg), it is covered when one of them reached it. Undefined for a profile without statements.
 */
export function coverageOf(profile: string): { total: Coverage; packages: Map<string, Coverage> } | undefined {
  const blocks = new Map<string, { folder: string; statements: number; covered: boolean }>();
  for (const line of profile.split('\n')) {
    const [, file = '', span = '', statements = '', count = ''] = BLOCK.exec(line.trim()) ?? [];
    if (file === '') continue;
    const key = `${file}:${span}`;
    const covered = Number(count) > 0 || (blocks.get(key)?.covered ?? false);
    blocks.set(key, { folder: posix.dirname(file), statements: Number(statements), covered });
  }
  const sums = new Map<string, { covered: number; all: number }>();
  const total = { covered: 0, all: 0 };
  for (const { folder, statements, covered } of blocks.values()) {
    const sum = sums.get(folder) ?? { covered: 0, all: 0 };
    for (const each of [sum, total]) {
      each.all += statements;
      if (covered) each.covered += statements;
    }
    sums.set(folder, sum);
  }
  if (total.all === 0) return undefined;
  return { total: percentOf(total), packages: new Map([...sums].map(([folder, sum]) => [folder, percentOf(sum)])) };
}

function percentOf({ covered, all }: { covered: number; all: number }): Coverage {
  return { percent: all === 0 ? 100 : (100 * covered) / all, statements: all };
}
