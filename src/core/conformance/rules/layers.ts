import type { RuleOf } from '../../model/conformance.ts';
import type { Context, Draft, Finding } from '../context.ts';
import { unknownTargets } from './targets.ts';

const NEXT_LAYER = 'it may only import the next layer';

/** Layers from top to bottom: imports go down. Components of one layer may import each other. */
export function layers(rule: RuleOf<'layers'>, context: Context, index: number): Finding {
  const issues = rule.layers.flatMap((names, at) =>
    unknownTargets(context, names, ['rules', index, 'layers', at], 'components'),
  );
  const layerOf = new Map(rule.layers.flatMap((names, at) => names.map((name) => [name, at] as const)));
  const looked = context.filesFor(rule, [...layerOf.keys()]).length;
  const drafts: Draft[] = [];
  for (const edge of context.edgesFor(rule)) {
    const [from, to] = [layerOf.get(edge.from ?? ''), layerOf.get(edge.to ?? '')];
    if (from === undefined || to === undefined) continue;
    if (to < from) drafts.push(context.atImport(edge, `"${edge.from}" lies below "${edge.to}" and must not import it`));
    else if (rule.closed && to > from + 1)
      drafts.push(context.atImport(edge, `"${edge.from}" skips a layer to import "${edge.to}"`, [], NEXT_LAYER));
  }
  return { looked, drafts, issues };
}
