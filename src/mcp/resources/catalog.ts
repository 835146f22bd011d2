import { RUN_PATTERN } from '../../core/model/evidence.ts';
import { TASK_STATUSES } from '../../core/model/task.ts';
import type { Files } from '../../core/ports.ts';
import { REPORT_KINDS } from '../../core/project/documents.ts';
import { folderOf, inFolder, type Layout, nameOf, ROOT, roleOf } from '../../core/project/layout.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { ResourceName } from './uri.ts';

/** One line of the list that a client shows. */
export interface CatalogEntry extends ResourceName {
  readonly title: string;
  /** Relative to the workspace root. */
  readonly file: string;
}

const MARKDOWN = /\.md$/i;
const TITLES = { plan: 'Plan', arch: 'Architecture review', result: 'Result' } as const;

/** Documents first, then tasks in the order of their folders, then evidence, newest first. */
export async function listCatalog(files: Pick<Files, 'list'>, snapshot: Snapshot): Promise<readonly CatalogEntry[]> {
  const runs = await listRuns(files, snapshot.layout);
  return [
    ...documentsOf(snapshot),
    ...tasksOf(snapshot),
    ...runs.map(
      (run): CatalogEntry => ({ kind: 'evidence', name: run, title: run, file: runFile(snapshot.layout, run) }),
    ),
  ];
}

function documentsOf({ documents }: Snapshot): CatalogEntry[] {
  const entry = (title: string, file: string | undefined): CatalogEntry[] =>
    file === undefined ? [] : [{ kind: 'document', name: file, title, file }];
  return [
    ...entry('Blueprint', documents.blueprint),
    ...entry('Runbook', documents.runbook),
    ...entry('Change log', documents.changelog),
    ...documents.adrs.flatMap((file) => entry(`Decision ${nameOf(file).replace(MARKDOWN, '')}`, file)),
    ...[...documents.reports].flatMap(([slug, reports]) =>
      REPORT_KINDS.flatMap((kind) => entry(`${TITLES[kind]} of ${slug}`, reports[kind])),
    ),
  ];
}

function tasksOf({ tasks }: Snapshot): CatalogEntry[] {
  const seen = new Set<string>();
  const sorted = TASK_STATUSES.flatMap((status) => tasks.filter((task) => task.status === status));
  return sorted.flatMap(({ slug, status, title, file }) => {
    // A slug in two folders is an error that `validate` tells; one URI names one file.
    if (seen.has(slug)) return [];
    seen.add(slug);
    return [{ kind: 'task', name: slug, title: `Task ${slug}${title ? `: ${title}` : ''} (${status})`, file }];
  });
}

/** Names of all evidence, newest first. */
export async function listRuns(files: Pick<Files, 'list'>, layout: Layout): Promise<string[]> {
  const names = (await files.list(layout.evidence)).map(({ name }) => name.replace(/\.json$/, ''));
  return [...new Set(names.filter((name) => RUN_PATTERN.test(name)))].sort().reverse();
}

export function runFile(layout: Layout, run: string): string {
  return inFolder(layout.evidence, `${run}.json`);
}

/** Markdown of the workspace itself: the blueprint, and what lies in the folders for documents and reports. */
export function isDocument({ layout, documents }: Snapshot, path: string): boolean {
  if (path === documents.blueprint) return true;
  const parts = path.split('/');
  if (!MARKDOWN.test(path) || parts.some((part) => part.startsWith('.'))) return false;
  if (folderOf(path) === layout.reports) return layout.reports !== ROOT || roleOf(layout, path)?.kind === 'report';
  if (layout.docs === ROOT) return roleOf(layout, path) !== undefined;
  return path.startsWith(`${layout.docs}/`);
}
