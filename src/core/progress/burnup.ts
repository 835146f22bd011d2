import type { BurnupPoint } from '../documents/progress.ts';
import { stemOf } from '../project/layout.ts';
import type { ProjectState } from './state.ts';

/**
 * Scope and done work by day. A task counts from the commit that first had its file in any of the three folders, and is done
 * from its evidence; without that, from the commit that put it into done/. What nothing dates is counted apart.
 */
export function burnup(state: ProjectState): { readonly burnup: readonly BurnupPoint[]; readonly undated: number } {
  const added = new Map<string, string>();
  for (const [path, time] of state.committed) {
    const slug = stemOf(path);
    const before = added.get(slug);
    if (before === undefined || time < before) added.set(slug, time);
  }
  const events: { readonly day: string; readonly scope: number; readonly done: number }[] = [];
  let undated = 0;
  for (const { slug, status, file } of state.tasks) {
    const done = status === 'done' ? (state.doneAt(slug) ?? state.committed.get(file)) : undefined;
    const start = added.get(stemOf(file)) ?? done;
    if (start === undefined || (status === 'done' && done === undefined)) undated++;
    if (start !== undefined) events.push({ day: dayOf(start), scope: 1, done: 0 });
    if (done !== undefined) events.push({ day: dayOf(done), scope: 0, done: 1 });
  }
  const days = [...new Set(events.map(({ day }) => day))].sort();
  const upTo = (day: string, key: 'scope' | 'done') =>
    events.reduce((sum, event) => (event.day <= day ? sum + event[key] : sum), 0);
  return { burnup: days.map((day) => ({ day, scope: upTo(day, 'scope'), done: upTo(day, 'done') })), undated };
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
