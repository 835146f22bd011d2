import type { Goal, GoalKind } from '../../model/goal.ts';
import { checksDefects } from './checks.ts';
import { conformanceDefects } from './conformance.ts';
import { docsDefects } from './docs.ts';
import { runbookDefects } from './runbook.ts';
import { schemaDefects } from './schema.ts';
import type { Builder, Built, Subject } from './subject.ts';

/** What a run of the subject shows cannot be broken without knowing it: those kinds have declared canaries only. */
const BUILDERS: { readonly [K in GoalKind]?: Builder<K> } = {
  schema: schemaDefects,
  'docs-parity': docsDefects,
  checks: checksDefects,
  conformance: conformanceDefects,
  runbook: runbookDefects,
};

export async function builtInDefects(goal: Goal, subject: Subject): Promise<Built> {
  // The table has the builder of each kind, which the type of an index by a union cannot say.
  const build = BUILDERS[goal.kind] as Builder<GoalKind> | undefined;
  return (await build?.(goal, subject)) ?? [];
}
