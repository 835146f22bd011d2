import type { RuleOf } from '../../model/conformance.ts';
import type { Issue } from '../../model/issue.ts';
import type { Context, Draft, Finding } from '../context.ts';
import { placeRange } from '../facts.ts';
import { expandBraces, matchesGlob } from '../glob.ts';
import { type GoType, GoTypes, sameSignature } from '../go/methodSets.ts';

/**
 * Types that must have the methods of an interface. Judged by syntax over all platforms, not by the compiler: so the
 * messages say "likely".
 */
export function interfaceRule(rule: RuleOf<'interface'>, context: Context, index: number): Finding {
  const all = new GoTypes(context.sources, context.filesFor({ ...rule, generated: 'include' }, undefined));
  const issues: Issue[] = [];
  const wanted = wantedMethods(rule, context, index, all, issues);
  const { matched, drafts } = matchingTypes(rule, context, index, all);
  const counts: Record<string, number> = Object.fromEntries([...wanted.keys()].map((name) => [name, 0]));
  for (const type of wanted.size === 0 ? [] : matched) {
    const { methods, unseen } = all.methodSet(type);
    const lacks: string[] = [];
    for (const [name, signature] of wanted) {
      const own = methods.get(name);
      const differs = own !== undefined && signature !== undefined && !sameSignature(own, signature);
      if (methods.has(name) && !differs) counts[name] = (counts[name] ?? 0) + 1;
      else lacks.push(differs ? `${name}${signature} (it has ${name}${own})` : `${name}${signature ?? '()'}`);
    }
    if (lacks.length === 0) continue;
    const hidden = unseen.length === 0 ? '' : ` Methods of the embedded ${unseen.join(', ')} cannot be seen from here.`;
    const goal = rule.implements === undefined ? 'the methods asked for' : rule.implements;
    drafts.push({
      file: context.path(type.file),
      range: placeRange(type.fact.place),
      message: `${type.fact.name} likely does not implement ${goal}: it lacks ${lacks.join(', ')}.${hidden}`,
      target: `${type.folder}#${type.fact.name}`,
      text: `${type.fact.name} lacks ${lacks.join(', ')}`,
    });
  }
  return { looked: matched.length, drafts, issues, counts };
}

function wantedMethods(
  rule: RuleOf<'interface'>,
  context: Context,
  index: number,
  types: GoTypes,
  issues: Issue[],
): Map<string, string | undefined> {
  const wanted = new Map<string, string | undefined>();
  const at = (key: string) => context.document.locate(['rules', index, key]);
  if (rule.implements !== undefined) {
    const [folder = '', name = ''] = rule.implements.split('#');
    const found = types.find(folder === '.' ? '' : folder, name);
    if (found?.fact.kind === 'interface') {
      const { methods, unseen } = types.methodSet(found);
      for (const [method, signature] of methods) wanted.set(method, signature);
      if (unseen.length > 0) {
        const message = `Methods of ${unseen.join(', ')}, embedded in ${rule.implements}, cannot be seen and are not asked for.`;
        issues.push(context.issue('conformance.unseen-methods', message, at('implements'), 'info'));
      }
    } else {
      const message = `There is no interface "${name}" in the folder "${folder}".`;
      issues.push(context.issue('conformance.unknown-interface', message, at('implements')));
    }
  }
  for (const method of rule.methods) {
    const [, name = method, signature] = /^(\w+)(\(.*)?$/s.exec(method) ?? [];
    if (signature !== undefined || !wanted.has(name)) wanted.set(name, signature);
  }
  if (wanted.size === 0 && issues.length === 0) {
    issues.push(context.issue('conformance.incomplete-rule', `Rule "${rule.id}" asks for no method.`, at('kind')));
  }
  return wanted;
}

/** Each alternative of the path's braces must hold a type: a module without one is a violation, not a smaller count. */
function matchingTypes(
  rule: RuleOf<'interface'>,
  context: Context,
  index: number,
  types: GoTypes,
): { matched: GoType[]; drafts: Draft[] } {
  const [paths = '', names = ''] = rule.types.split('#');
  const candidates = [...types.all].filter(
    ({ fact, file }) =>
      fact.kind !== 'interface' &&
      fact.kind !== 'alias' &&
      matchesGlob(names, fact.name) &&
      context.sources.hasFile(file),
  );
  const matched = new Set<GoType>();
  const empty: string[] = [];
  for (const path of expandBraces(paths)) {
    const held = candidates.filter(({ file }) => matchesGlob(path, file));
    for (const type of held) matched.add(type);
    if (held.length === 0) empty.push(path);
  }
  const drafts =
    matched.size === 0
      ? []
      : empty.map((path) =>
          context.atRule(['rules', index, 'types'], `No type like "${names}" is in ${path}.`, `${path}#${names}`),
        );
  return { matched: [...matched], drafts };
}
