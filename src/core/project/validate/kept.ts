import type { Issue } from '../../model/issue.ts';

/** Issues by the thing that was checked, so that only what was touched is checked again. */
export class Kept {
  readonly #found = new Map<string, readonly Issue[]>();

  clear(): void {
    this.#found.clear();
  }

  check(key: string, issues: readonly Issue[]): void {
    if (issues.length > 0) this.#found.set(key, issues);
    else this.#found.delete(key);
  }

  /** The things with an issue of this code. */
  withCode(code: string): string[] {
    const has = (issues: readonly Issue[]) => issues.some((issue) => issue.code === code);
    return [...this.#found].filter(([, issues]) => has(issues)).map(([key]) => key);
  }

  *issues(): Iterable<Issue> {
    for (const issues of this.#found.values()) yield* issues;
  }
}
