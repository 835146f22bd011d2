import { type TaskEvent, taskEventOf } from '../model/evidence.ts';
import type { Documents, EvidenceNames, TaskReports } from './documents.ts';
import { blueprintNames, inFolder, type Layout, ROOT, roleOf } from './layout.ts';
import type { Listing } from './listing.ts';

const RUNBOOK = /^runbook\.md$/i;
const CHANGELOG = /^changelog\.md$/i;

/** All files that can be the blueprint, the one to use first: the configured one, else by name in docs, else in the root. */
export function findBlueprints(layout: Layout, listing: Listing): readonly string[] {
  if (layout.blueprint !== undefined) return isFile(listing, layout.blueprint) ? [layout.blueprint] : [];
  for (const folder of [layout.docs, ROOT]) {
    const paths = blueprintNames(listing.names(folder).keys()).map((name) => inFolder(folder, name));
    const files = paths.filter((path) => isFile(listing, path));
    if (files.length > 0) return files;
  }
  return [];
}

export function findDocuments(layout: Layout, listing: Listing, blueprint: string | undefined): Documents {
  const inDocs = (pattern: RegExp) =>
    [...listing.names(layout.docs).keys()]
      .filter((name) => pattern.test(name))
      .map((name) => inFolder(layout.docs, name))
      .find((path) => isFile(listing, path));
  return {
    blueprint,
    runbook: inDocs(RUNBOOK),
    changelog: inDocs(CHANGELOG),
    adrs: layout.adrFolders.flatMap((folder) => filesOfKind(layout, listing, folder, 'adr')).sort(),
    reports: findReports(layout, listing),
  };
}

/** Names begin with the time, so that their order is the order in which things happened. */
export function findEvidence(layout: Layout, listing: Listing): EvidenceNames {
  const names = [...listing.names(layout.evidence).keys()].filter((name) => name.endsWith('.json')).sort();
  const lastEvent = new Map<string, TaskEvent>();
  for (const name of names) {
    const found = taskEventOf(name);
    if (found !== undefined) lastEvent.set(found.task, found.event);
  }
  return { exists: names.length > 0, lastEvent };
}

/** Task files that lie in `tasks/` itself. */
export function findStrayTasks(layout: Layout, listing: Listing): readonly string[] {
  return filesOfKind(layout, listing, layout.taskFolder, 'stray-task').sort();
}

/** Folders below `tasks/` that nobody looks into: a status that does not exist, or a folder in one that does. */
export function findStrayFolders({ taskFolder, tasks }: Layout, listing: Listing): readonly string[] {
  const statuses = Object.values(tasks);
  // Where the root is the task folder, the rest of the workspace lies in it.
  return [...(taskFolder === ROOT ? [] : [taskFolder]), ...statuses]
    .flatMap((folder) =>
      [...listing.names(folder)].map(([name, kind]) => ({ path: inFolder(folder, name), name, kind })),
    )
    .filter(({ path, name, kind }) => kind === 'folder' && !statuses.includes(path) && !/^\.|\.ya?ml$/i.test(name))
    .map(({ path }) => path)
    .sort();
}

function filesOfKind(layout: Layout, listing: Listing, folder: string, kind: 'adr' | 'stray-task'): string[] {
  return [...listing.names(folder).keys()]
    .map((name) => inFolder(folder, name))
    .filter((path) => roleOf(layout, path)?.kind === kind && isFile(listing, path));
}

function findReports(layout: Layout, listing: Listing): ReadonlyMap<string, TaskReports> {
  const found = new Map<string, TaskReports>();
  for (const name of listing.names(layout.reports).keys()) {
    const path = inFolder(layout.reports, name);
    const role = roleOf(layout, path);
    if (role?.kind !== 'report' || !isFile(listing, path)) continue;
    found.set(role.slug, { ...found.get(role.slug), [role.report]: path });
  }
  return found;
}

function isFile(listing: Listing, path: string): boolean {
  const kind = listing.kind(path);
  return kind !== undefined && kind !== 'folder';
}
