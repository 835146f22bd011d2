import { posix } from 'node:path';
import { compareText } from '../model/issue.ts';
import type { Edge } from './context.ts';
import { folderOf } from './sources.ts';

/** An edge of a graph with the first import that makes it. */
export interface Arc {
  readonly from: string;
  readonly to: string;
  readonly edge: Edge;
}

export type Graph = ReadonlyMap<string, ReadonlyMap<string, Arc>>;

/** One arc for each pair, by the first import in file order. Loops on one node are left out. */
export function graphOf(
  edges: readonly Edge[],
  nodes: (edge: Edge) => readonly [string | undefined, string | undefined],
): Graph {
  const graph = new Map<string, Map<string, Arc>>();
  for (const edge of edges) {
    const [from, to] = nodes(edge);
    if (from === undefined || to === undefined || from === to) continue;
    let out = graph.get(from);
    if (out === undefined) {
      out = new Map();
      graph.set(from, out);
    }
    if (!out.has(to)) out.set(to, { from, to, edge });
  }
  return graph;
}

/** What is compiled as one: a Go package (its external tests apart), else a file. */
export function unitOf(edge: Edge): readonly [string, string | undefined] {
  const { file, facts, target } = edge;
  const external = facts.test && facts.package?.endsWith('_test') === true;
  const from = facts.language === 'go' ? `${folderOf(file) || '.'}${external ? ' (external test)' : ''}` : file;
  return [from, target.kind === 'own' ? target.path || '.' : undefined];
}

/** Folders as nodes, for any language. */
export function foldersOf(edge: Edge): readonly [string, string | undefined] {
  const [unit, target] = unitOf(edge);
  if (edge.facts.language === 'go' || target === undefined) return [unit, target];
  return [folderOf(edge.file) || '.', (posix.extname(target) === '' ? target : folderOf(target)) || '.'];
}

/** The shortest way from `start` to a node that `isGoal` accepts, as arcs; undefined where there is none. */
export function shortestPath(graph: Graph, start: string, isGoal: (node: string) => boolean): Arc[] | undefined {
  const cameBy = new Map<string, Arc>();
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] ?? '';
    for (const arc of sortedArcs(graph, node)) {
      if (isGoal(arc.to)) return [...trace(cameBy, start, node), arc];
      if (arc.to === start || cameBy.has(arc.to)) continue;
      cameBy.set(arc.to, arc);
      queue.push(arc.to);
    }
  }
  return undefined;
}

function trace(cameBy: ReadonlyMap<string, Arc>, start: string, end: string): Arc[] {
  const arcs: Arc[] = [];
  for (let node = end; node !== start; ) {
    const arc = cameBy.get(node);
    if (arc === undefined) break;
    arcs.unshift(arc);
    node = arc.from;
  }
  return arcs;
}

function sortedArcs(graph: Graph, node: string): Arc[] {
  return [...(graph.get(node)?.values() ?? [])].sort((a, b) => compareText(a.to, b.to));
}

/** For each knot of nodes that reach one another, its shortest cycle through the first of its names. */
export function cycles(graph: Graph): Arc[][] {
  const found: Arc[][] = [];
  for (const knot of knots(graph)) {
    const [first] = [...knot].sort(compareText);
    if (first === undefined || knot.size < 2) continue;
    const inside: Graph = new Map(
      [...graph]
        .filter(([node]) => knot.has(node))
        .map(([node, out]) => [node, new Map([...out].filter(([to]) => knot.has(to)))]),
    );
    const cycle = shortestPath(inside, first, (node) => node === first);
    if (cycle !== undefined) found.push(cycle);
  }
  return found;
}

/** Strongly connected components by Tarjan's algorithm, without recursion. */
function knots(graph: Graph): Set<string>[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const result: Set<string>[] = [];
  const enter = (node: string) => {
    order.set(node, order.size);
    low.set(node, order.get(node) ?? 0);
    open.push(node);
    isOpen.add(node);
    return { node, next: sortedArcs(graph, node).map((arc) => arc.to) };
  };
  for (const root of [...graph.keys()].sort(compareText)) {
    if (order.has(root)) continue;
    const stack = [enter(root)];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const { node, next } = frame;
      const to = next.shift();
      if (to !== undefined) {
        if (!order.has(to)) stack.push(enter(to));
        else if (isOpen.has(to)) low.set(node, Math.min(low.get(node) ?? 0, order.get(to) ?? 0));
        continue;
      }
      stack.pop();
      const parent = stack.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== order.get(node)) continue;
      const knot = new Set(open.splice(open.indexOf(node)));
      for (const member of knot) isOpen.delete(member);
      result.push(knot);
    }
  }
  return result;
}
