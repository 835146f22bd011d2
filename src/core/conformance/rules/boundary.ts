import type { RuleOf } from '../../model/conformance.ts';
import type { Context, Draft, Edge, Finding } from '../context.ts';
import { targetName } from '../context.ts';
import { indirect } from './indirect.ts';
import { leadsTo, unknownTargets } from './targets.ts';

/** What components may import, or must not. */
export function boundary(rule: RuleOf<'boundary'>, context: Context, index: number): Finding {
  const from = rule.from.filter((name) => name !== '*');
  const any = rule.from.includes('*');
  const issues = [
    ...unknownTargets(context, from, ['rules', index, 'from'], 'components'),
    ...unknownTargets(context, rule.allow ?? [], ['rules', index, 'allow'], 'imports'),
    ...unknownTargets(context, rule.deny ?? [], ['rules', index, 'deny'], 'imports'),
  ];
  if (rule.allow === undefined && rule.deny === undefined) {
    issues.push(
      context.issue(
        'conformance.incomplete-rule',
        `Rule "${rule.id}" needs "allow" or "deny".`,
        context.document.locate(['rules', index]),
      ),
    );
  }
  const isFrom = (component: string | undefined) => component !== undefined && (any || from.includes(component));
  const looked = context.filesFor(rule, undefined).filter(([path]) => isFrom(context.components.of(path))).length;
  const drafts: Draft[] = [];
  for (const edge of context.edgesFor(rule)) {
    if (!isFrom(edge.from) || (edge.target.kind === 'own' && edge.to === edge.from)) continue;
    const denied = rule.deny?.find((target) => leadsTo(edge, target));
    const what = edge.to === undefined ? targetText(edge) : `"${edge.to}" (${targetText(edge)})`;
    if (denied !== undefined) drafts.push(context.atImport(edge, `"${edge.from}" must not import ${what}`));
    else if (rule.allow !== undefined && !isAllowed(edge, rule.allow))
      drafts.push(context.atImport(edge, `"${edge.from}" may not import ${what}; it may import ${list(rule.allow)}`));
  }
  const denied = new Set(rule.deny ?? []);
  if (rule.transitive) drafts.push(...indirect(context, rule, isFrom, (to, origin) => denied.has(to) && to !== origin));
  return { looked, drafts, issues };
}

/** The standard library is free unless the list says which parts of it are; all else must be listed. */
function isAllowed(edge: Edge, allow: readonly string[]): boolean {
  if (edge.target.kind === 'std' && !allow.some((target) => target.startsWith('std:'))) return true;
  return allow.some((target) => leadsTo(edge, target));
}

function targetText(edge: Edge): string {
  return targetName(edge.target).replace(/^(std|import):/, '');
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no other component' : names.join(', ');
}
