import type { Issue } from '../../model/issue.ts';
import { FILE_START } from '../../model/source.ts';
import type { Context, Draft, Finding } from '../context.ts';
import { type HitFact, placeRange } from '../facts.ts';
import { grammarsOf } from '../languages/index.ts';
import { type PatternRule, patternOf } from '../plan.ts';
import { RESOURCES } from '../resources.ts';
import { unknownTargets } from './targets.ts';

/** Code that must not be there, or that must be in each component. Also what `kind: resource` does. */
export function pattern(rule: PatternRule, context: Context, index: number): Finding {
  const { expect, language } = patternOf(rule);
  const issues: Issue[] = unknownTargets(context, rule.in ?? [], ['rules', index, 'in'], 'globs');
  if (context.plan.unusable.has(rule.id)) return { looked: 0, drafts: [], issues };
  const grammars = grammarsOf(language);
  const files = context.filesFor(rule, rule.in).filter(([, facts]) => grammars.includes(facts.language));
  for (const [path, facts] of files) if (facts.cut === true) issues.push(tooLarge(context, path, rule.id));
  const hits = files.flatMap(([path, facts]) =>
    facts.hits.filter((hit) => hit.pattern === rule.id).map((hit) => [path, hit] as const),
  );
  const drafts =
    expect === 'absent'
      ? hits.map(([path, hit]) => atHit(context, rule, path, hit))
      : missing(
          rule,
          context,
          index,
          files.map(([path]) => path),
          hits.map(([path]) => path),
        );
  return { looked: files.length, drafts, issues, counts: { hits: hits.length } };
}

function atHit(context: Context, rule: PatternRule, path: string, hit: HitFact): Draft {
  return {
    file: context.path(path),
    range: placeRange(hit.place),
    message: messageOf(rule, hit),
    target: hit.text,
    text: hit.text,
  };
}

function messageOf(rule: PatternRule, hit: HitFact): string {
  if (rule.kind === 'pattern') return rule.message ?? `${rule.title ?? rule.id}: this must not be here: ${hit.text}`;
  const preset = RESOURCES[rule.check];
  return preset.expect === 'absent' ? `${hit.text} ${preset.message}.` : `${rule.title ?? preset.title}: ${hit.text}`;
}

function missing(
  rule: PatternRule,
  context: Context,
  index: number,
  files: readonly string[],
  hits: readonly string[],
): Draft[] {
  if (files.length === 0) return [];
  const what =
    rule.kind === 'resource'
      ? RESOURCES[rule.check].message
      : (rule.message ?? `${rule.title ?? rule.id} is not there.`);
  if (rule.in !== undefined && rule.per === 'component') {
    return rule.in.flatMap((scope, at) =>
      hits.some((path) => context.inScope(scope, path))
        ? []
        : [context.atRule(['rules', index, 'in', at], `In ${scope}: ${what}`, scope)],
    );
  }
  if (hits.length > 0) return [];
  const where = rule.in?.join(', ') ?? 'the source';
  return [context.atRule(['rules', index, rule.in === undefined ? 'id' : 'in'], `In ${where}: ${what}`, where)];
}

/** A file that could not be searched must not count as clean. */
function tooLarge(context: Context, path: string, rule: string): Issue {
  const message = `This file is too large to parse, so rule "${rule}" cannot judge it. Add it to "ignore", or split it.`;
  return { code: 'conformance.too-large', severity: 'error', message, file: context.path(path), range: FILE_START };
}
