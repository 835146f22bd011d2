import type { RuleOf } from '../../model/conformance.ts';
import type { Context, Draft, Edge, Finding } from '../context.ts';
import { targetName } from '../context.ts';
import { indirect } from './indirect.ts';
import { leadsTo, unknownTargets } from './targets.ts';

/** What components may import, or must not. */
export function boundary(rule: RuleOf<'boundary'>, context: Context, index: number): Finding {
  const issues = [
    ...unknownTargets(context, rule.from, ['rules', index, 'from'], 'sources'),
    ...unknownTargets(context, rule.allow ?? [], ['rules', index, 'allow'], 'imports'),
    ...unknownTargets(context, rule.deny ?? [], ['rules', index, 'deny'], 'imports'),
  ];
  if (rule.allow === undefined && rule.deny === undefined) {
    const message = `Rule "${rule.id}" needs "allow" or "deny".`;
    issues.push(context.issue('conformance.incomplete-rule', message, context.document.locate(['rules', index])));
  }
  const any = rule.from.includes('*');
  const isFrom = (component: string | undefined) => any || (component !== undefined && rule.from.includes(component));
  const looked = context.filesFor(rule, undefined).filter(([path]) => isFrom(context.components.of(path))).length;
  const drafts: Draft[] = [];
  for (const edge of context.edgesFor(rule)) {
    if (!isFrom(edge.from) || (edge.target.kind === 'own' && edge.to === edge.from)) continue;
    const denied = rule.deny?.find((target) => leadsTo(edge, target));
    const who = `"${edge.from ?? edge.file}"`;
    const what = targetText(edge);
    if (denied !== undefined) drafts.push(context.atImport(edge, `${who} must not import ${what}`));
    else if (rule.allow !== undefined && !isAllowed(edge, rule.allow))
      drafts.push(context.atImport(edge, `${who} may not import ${what}`, [], `it may import ${list(rule.allow)}`));
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
  const name = targetName(edge.target).replace(/^(std|import):/, '');
  return edge.to === undefined ? name : `"${edge.to}"${edge.to === name ? '' : ` (${name})`}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no other component' : names.join(', ');
}
