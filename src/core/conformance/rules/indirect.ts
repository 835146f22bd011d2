import type { Rule } from '../../model/conformance.ts';
import type { Context, Draft, Edge } from '../context.ts';
import { graphOf, shortestPath, unitOf } from '../graph.ts';

/**
 * Forbidden components that are reached through others, once for each unit and component, at the first import of the
 * shortest way. Direct imports are left to the caller.
 */
export function indirect(
  context: Context,
  rule: Rule,
  isFrom: (component: string | undefined) => boolean,
  isDenied: (component: string, origin: string) => boolean,
): Draft[] {
  const edges = context.edgesFor(rule);
  const isDirect = ({ from, to }: Edge) => from !== undefined && to !== undefined && isFrom(from) && isDenied(to, from);
  const graph = graphOf(
    edges.filter((edge) => !isDirect(edge)),
    unitOf,
  );
  const componentOf = (unit: string) =>
    context.components.ofTarget(unit.replace(/ \(external test\)$/, ''), context.sources);
  const drafts: Draft[] = [];
  const starts = new Map(edges.filter((edge) => isFrom(edge.from)).map((edge) => [unitOf(edge)[0], edge.from ?? '']));
  for (const [start, origin] of starts) {
    for (const denied of context.components.names.filter((name) => isDenied(name, origin))) {
      const way = shortestPath(graph, start, (unit) => componentOf(unit) === denied);
      const [first] = way ?? [];
      if (way === undefined || first === undefined) continue;
      const chain = [start, ...way.map((arc) => arc.to)].join(' -> ');
      const related = way.slice(1).map(({ edge, to }) => ({ ...context.location(edge), message: `Here to ${to}.` }));
      const draft = context.atImport(first.edge, `"${origin}" must not reach "${denied}", but does: ${chain}`, related);
      drafts.push({ ...draft, target: `${first.edge.fact.path} -> ${denied}` });
    }
  }
  return drafts;
}
