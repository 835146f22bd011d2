import type { RuleOf } from '../../model/conformance.ts';
import type { Context, Draft, Edge, Finding } from '../context.ts';
import { cycles, foldersOf, graphOf } from '../graph.ts';

/** No cycle among components, or among folders. Each knot is reported once, by its shortest cycle. */
export function acyclic(rule: RuleOf<'acyclic'>, context: Context): Finding {
  const nodes = rule.of === 'folders' ? foldersOf : (edge: Edge) => [edge.from, edge.to] as const;
  const graph = graphOf(context.edgesFor(rule), nodes);
  const drafts = cycles(graph).flatMap((cycle): Draft[] => {
    const [first, ...others] = cycle;
    if (first === undefined) return [];
    const chain = [first.from, ...cycle.map((arc) => arc.to)].join(' -> ');
    const related = others.map(({ edge, from, to }) => ({
      ...context.location(edge),
      message: `${from} imports ${to} here.`,
    }));
    const draft = context.atImport(first.edge, `Cycle: ${chain}`, related);
    return [{ ...draft, target: chain, text: chain }];
  });
  const looked = context
    .filesFor(rule, undefined)
    .filter(([path]) => rule.of === 'folders' || context.components.of(path) !== undefined);
  return { looked: looked.length, drafts, issues: [] };
}
