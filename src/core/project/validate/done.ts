import type { Issue } from '../../model/issue.ts';
import type { Index } from '../index.ts';
import { at } from './report.ts';

/** Tasks that were moved into `done/` by hand. A repository without any evidence never used the gate and is left alone. */
export function checkDone({ evidence, tasks }: Index): Issue[] {
  if (!evidence.exists) return [];
  const found: Issue[] = [];
  for (const entry of tasks.values()) {
    const { slug, status } = entry;
    if (status !== 'done' || evidence.lastEvent.get(slug) === 'done') continue;
    const message = `The task "${slug}" is in done/, but no evidence says that it was completed. Run "infrabuilder task reopen ${slug}", then "infrabuilder task complete ${slug}".`;
    found.push(at(entry, ['slug'], { code: 'task.done-without-evidence', severity: 'error', message }));
  }
  return found;
}
