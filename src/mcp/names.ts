import { type CatalogEntry, listCatalog, listRuns } from './resources/catalog.ts';
import type { OpenWorkspace } from './session.ts';

/** What an argument of a prompt, or the variable of a resource template, names. */
export type NameKind = 'task' | 'open-task' | 'goal' | 'evidence' | 'document';

/** All names of a kind. */
export async function namesOf(kind: NameKind, { engine, snapshot }: OpenWorkspace): Promise<readonly string[]> {
  const now = await snapshot();
  switch (kind) {
    case 'task':
      return [...new Set(now.tasks.map(({ slug }) => slug))];
    case 'open-task':
      return now.tasks.filter(({ status }) => status !== 'done').map(({ slug }) => slug);
    case 'goal':
      return now.goals.map(({ id }) => id);
    case 'evidence':
      return listRuns(engine.files, now.layout);
    case 'document':
      return (await listCatalog(engine.files, now)).filter(isDocumentEntry).map(({ name }) => name);
  }
}

function isDocumentEntry({ kind }: CatalogEntry): boolean {
  return kind === 'document';
}

/** The most that the protocol lets one answer hold. */
const MOST = 100;

/** Names that begin with what was typed, then those that hold it; upper and lower case are alike. */
export function complete(names: readonly string[], typed: string) {
  const wanted = typed.toLowerCase();
  const places = names.map((name) => ({ name, at: name.toLowerCase().indexOf(wanted) })).filter(({ at }) => at >= 0);
  const found = [...places.filter(({ at }) => at === 0), ...places.filter(({ at }) => at > 0)];
  return {
    completion: {
      values: found.slice(0, MOST).map(({ name }) => name),
      total: found.length,
      hasMore: found.length > MOST,
    },
  };
}
