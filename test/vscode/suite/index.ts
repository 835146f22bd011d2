import { runSuite } from './run.ts';

/** In this order: the first ones want a workspace in which nothing has run yet. */
export const run = (): Promise<void> =>
  runSuite([
    () => import('./activation.test.ts'),
    () => import('./diagnostics.test.ts'),
    () => import('./quickFixes.test.ts'),
    () => import('./language.test.ts'),
    () => import('./lenses.test.ts'),
    () => import('./runs.test.ts'),
    () => import('./goals.test.ts'),
    () => import('./steps.test.ts'),
    () => import('./audit.test.ts'),
    () => import('./badInput.test.ts'),
    () => import('./chat.test.ts'),
    () => import('./implement.test.ts'),
  ]);
