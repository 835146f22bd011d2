import type { RuleOf } from '../../model/conformance.ts';
import type { Context, Draft, Finding } from '../context.ts';
import { indirect } from './indirect.ts';
import { unknownTargets } from './targets.ts';

/** Components of which none imports another. */
export function independent(rule: RuleOf<'independent'>, context: Context, index: number): Finding {
  const issues = unknownTargets(context, rule.components, ['rules', index, 'components'], 'components');
  const members = new Set(rule.components);
  const drafts: Draft[] = [];
  for (const edge of context.edgesFor(rule)) {
    if (edge.from === edge.to || !members.has(edge.from ?? '') || !members.has(edge.to ?? '')) continue;
    drafts.push(context.atImport(edge, `"${edge.from}" and "${edge.to}" must be independent, but this imports it`));
  }
  if (rule.transitive) {
    const isMember = (name: string | undefined) => members.has(name ?? '');
    drafts.push(...indirect(context, rule, isMember, (to, origin) => to !== origin && members.has(to)));
  }
  return { looked: context.filesFor(rule, rule.components).length, drafts, issues };
}
