import type { Issue } from '../../model/issue.ts';
import type { TaskEntry } from '../entry.ts';
import type { Index } from '../index.ts';
import { at, related } from './report.ts';

/** Each knot of tasks that wait for one another, once, at the first file of its shortest cycle. */
export function checkCycles(index: Index): Issue[] {
  return knots(index).map((knot) => {
    const cycle = shortestCycle(knot, index);
    const [first] = cycle;
    const names = [...cycle, first].map((entry) => entry?.slug).join(' -> ');
    const rest = knot.length - cycle.length;
    const more = rest > 0 ? ` ${rest} more tasks hang in the same knot.` : '';
    const message = `These tasks wait for one another, so none can start: ${names}.${more} Remove one of the dependencies.`;
    const edges = cycle.map((entry, position) => ({ entry, to: cycle[(position + 1) % cycle.length] ?? entry }));
    const [head, ...others] = edges.map(({ entry, to }) => ({ entry, to, path: pathTo(entry, to.slug) }));
    if (head === undefined) throw new Error('A cycle has at least one task.');
    const places = others.map(({ entry, to, path }) =>
      related(entry, path, `"${entry.slug}" depends on "${to.slug}".`),
    );
    return at(head.entry, head.path, { code: 'task.dependency-cycle', severity: 'error', message, related: places });
  });
}

function pathTo(entry: TaskEntry, slug: string): [string, number] {
  return ['depends_on', entry.task?.dependsOn.indexOf(slug) ?? 0];
}

/** What a task waits for, by slug; itself left out. Of a slug in two files the first one counts. */
function targets(entry: TaskEntry, index: Index): TaskEntry[] {
  const found: TaskEntry[] = [];
  for (const slug of entry.task?.dependsOn ?? []) {
    const target = slug === entry.slug ? undefined : index.tasksBySlug.get(slug)?.[0];
    if (target !== undefined) found.push(target);
  }
  return found;
}

/** A task on its way through Tarjan's search. `low` is the earliest open task that it leads back to. */
interface Visit {
  readonly entry: TaskEntry;
  readonly targets: readonly TaskEntry[];
  readonly order: number;
  low: number;
  isOpen: boolean;
  next: number;
}

/** Strongly connected components of more than one task (Tarjan, without recursion), each sorted by file. */
function knots(index: Index): TaskEntry[][] {
  const found: TaskEntry[][] = [];
  const visits = new Map<TaskEntry, Visit>();
  const open: Visit[] = [];
  const enter = (entry: TaskEntry): Visit => {
    const order = visits.size;
    const visit = { entry, targets: targets(entry, index), order, low: order, isOpen: true, next: 0 };
    visits.set(entry, visit);
    open.push(visit);
    return visit;
  };
  for (const root of index.tasks.values()) {
    if (root.task === undefined || root.task.dependsOn.length === 0 || visits.has(root)) continue;
    const way = [enter(root)];
    for (let visit = way.at(-1); visit !== undefined; visit = way.at(-1)) {
      const target = visit.targets[visit.next++];
      const seen = target && visits.get(target);
      if (target !== undefined && seen === undefined) way.push(enter(target));
      else if (seen !== undefined) visit.low = seen.isOpen ? Math.min(visit.low, seen.order) : visit.low;
      else {
        way.pop();
        const parent = way.at(-1);
        if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
        if (visit.low === visit.order) close(open, visit, found);
      }
    }
  }
  return found;
}

/** Takes the knot that `first` opened off the stack. */
function close(open: Visit[], first: Visit, found: TaskEntry[][]): void {
  const knot: TaskEntry[] = [];
  for (let visit = open.pop(); visit !== undefined; visit = visit === first ? undefined : open.pop()) {
    visit.isOpen = false;
    knot.push(visit.entry);
  }
  if (knot.length > 1) found.push(knot.sort(byFile));
}

/** The shortest way from the knot's first task back to itself. */
function shortestCycle(knot: readonly TaskEntry[], index: Index): TaskEntry[] {
  const inside = new Set(knot);
  const [start] = knot;
  if (start === undefined) return [];
  const cameFrom = new Map<TaskEntry, TaskEntry>();
  const queue = [start];
  for (const entry of queue) {
    for (const target of targets(entry, index)) {
      if (target === start) return trace(start, entry, cameFrom);
      if (!inside.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, entry);
      queue.push(target);
    }
  }
  return [start];
}

function trace(start: TaskEntry, last: TaskEntry, cameFrom: ReadonlyMap<TaskEntry, TaskEntry>): TaskEntry[] {
  const way: TaskEntry[] = [];
  for (let entry: TaskEntry | undefined = last; entry !== undefined && entry !== start; entry = cameFrom.get(entry)) {
    way.push(entry);
  }
  return [start, ...way.reverse()];
}

function byFile(a: TaskEntry, b: TaskEntry): number {
  return a.file < b.file ? -1 : 1;
}
