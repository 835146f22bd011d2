import type { Task } from '../model/task.ts';
import { readSections } from '../parse/sections.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { validatedBy } from './plan.ts';
import type { View } from './template.ts';
import { cell, listText } from './words.ts';

export interface DraftFeature {
  readonly kind: 'config' | 'metric' | 'event';
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface RunbookDraft {
  readonly snapshot: Snapshot;
  readonly task: Task;
  readonly title: string;
  /** What the source declares for this task and the runbook does not name yet. */
  readonly features: readonly DraftFeature[];
}

/** The fields of `templates/documents/runbook.md`: the five parts of plan section 6.1, filled with what the source tells. */
export function runbookView({ snapshot, task, title, features }: RunbookDraft): View {
  const rows = (kinds: readonly DraftFeature['kind'][]) =>
    features
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, name, file, line }) => ({ kind, name, place: `${file}:${line}` }));
  return {
    title,
    slug: task.slug,
    hasKeys: features.some(({ kind }) => kind === 'config'),
    keys: rows(['config']),
    signals: rows(['metric', 'event']),
    scenarios: listText(task.scenarios.map((name) => `\`${name}\``)),
    goals: task.goals.map((id) => {
      const goal = snapshot.goal(id);
      const kpis = goal?.kind === 'kpi' ? Object.keys(goal.kpis).map((name) => `\`${name}\``) : [];
      return {
        id,
        title: goal?.title ?? '',
        by: cell(goal === undefined ? '-' : validatedBy(goal)),
        metrics: kpis.length === 0 ? '' : kpis.join(', '),
      };
    }),
  };
}

export function draftTitle({ title, slug }: Task): string {
  const words = slug.replace(/[_-]+/g, ' ').trim();
  return title ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether the runbook has a section of this name. */
export function hasSection(runbook: string, title: string): boolean {
  return readSections(runbook).some(({ path }) => path.at(-1)?.toLowerCase() === title.toLowerCase());
}

/** At the end, one blank line apart. */
export function appendSection(runbook: string, section: string): string {
  const end = runbook.includes('\r\n') ? '\r\n' : '\n';
  const body = section
    .trim()
    .split(/\r\n|\n/)
    .join(end);
  const before = runbook.replace(/\s*$/, '');
  return before === '' ? `# Runbook${end}${end}${body}${end}` : `${before}${end}${end}${body}${end}`;
}
