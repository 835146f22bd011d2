import type { Issue, Severity } from '../model/issue.ts';
import { KPIS } from '../model/kpi.ts';
import { lineRange } from '../model/source.ts';
import type { Task } from '../model/task.ts';
import { mentions, mentionsTask } from '../parse/mentions.ts';
import { PART_TITLES, type Part, type Runbook } from './entries.ts';
import type { Feature, FeatureKind } from './features.ts';
import type { TextLine } from './sections.ts';

const NOUNS: Readonly<Record<FeatureKind, string>> = { config: 'configuration key', metric: 'metric', event: 'event' };
const PLACES: Readonly<Record<FeatureKind, Part>> = { config: 'overview', metric: 'signals', event: 'signals' };
/** A name that opens a row of a table or an item of a list. */
const NAMED = /^\s*(?:\|\s*|[-*+]\s+|\d+[.)]\s+)`([A-Za-z][\w.-]*)`/;
/** Plain words such as `error` are values, not names that the source must declare. */
const NAME_SHAPE = /_|[a-z][A-Z]|^[A-Z][a-z]+[A-Z]/;

export interface Texts {
  readonly runbookFile: string;
  readonly runbook: string;
  readonly changelogFile: string | undefined;
  readonly changelog: string | undefined;
}

/** Each feature in its part of the runbook, each done task in runbook and change log, and no name that nothing declares. */
export function checkParity(features: readonly Feature[], done: readonly Task[], book: Runbook, texts: Texts): Issue[] {
  return [
    ...features.flatMap((feature) => checkFeature(feature, book, texts)),
    ...done.flatMap((task) => checkTask(task, texts)),
    ...checkNames(features, book, texts),
  ];
}

function checkFeature({ kind, name, file, range }: Feature, book: Runbook, texts: Texts): Issue[] {
  const part = PLACES[kind];
  const right = book.entries.flatMap((entry) => entry.parts.get(part)?.body ?? []);
  if (right.some((line) => mentions(line.text, name))) return [];
  const elsewhere = texts.runbook.split(/\r?\n/).findIndex((line) => mentions(line, name));
  const place = `"${PART_TITLES[part]}" of its feature in ${texts.runbookFile}`;
  if (elsewhere < 0) {
    const message = `The ${NOUNS[kind]} "${name}" is not documented. Describe it under ${place}.`;
    return [{ code: 'docs.undocumented', severity: 'error', message, file, range }];
  }
  const message = `The ${NOUNS[kind]} "${name}" is only named at ${texts.runbookFile}:${elsewhere + 1}. Describe it under ${place}.`;
  return [{ code: 'docs.wrong-section', severity: 'error', message, file, range }];
}

function checkTask(task: Task, { runbookFile, runbook, changelogFile, changelog }: Texts): Issue[] {
  const missing = [
    ...(mentionsTask(runbook, task) ? [] : [runbookFile]),
    ...(changelog !== undefined && mentionsTask(changelog, task) ? [] : [changelogFile ?? 'the change log']),
  ];
  return missing.map((file) => {
    const message = `The task ${task.slug} is done, but ${file} does not name it. Name it by slug or title.`;
    return { code: 'docs.task-undocumented', severity: 'error', message, file: task.file, range: lineRange(1, '') };
  });
}

/** Names that open rows and items of the parts that describe keys, metrics and events. */
function checkNames(features: readonly Feature[], book: Runbook, texts: Texts): Issue[] {
  const known = new Set([...features.map(({ name }) => name), ...Object.keys(KPIS)]);
  const kinds = new Set(features.map(({ kind }) => kind));
  const parts: readonly (readonly [Part, string, boolean])[] = [
    ['overview', NOUNS.config, kinds.has('config')],
    ['signals', 'metric or event', kinds.has('metric') || kinds.has('event')],
  ];
  return parts.flatMap(([part, noun, isKnown]) => {
    const lines = isKnown ? book.entries.flatMap((entry) => entry.parts.get(part)?.body ?? []) : [];
    return lines.flatMap((line) => {
      const name = line.isCode ? undefined : NAMED.exec(line.text)?.[1];
      if (name === undefined || known.has(name) || !NAME_SHAPE.test(name)) return [];
      const message = `The source has no ${noun} "${name}". Remove it here, or implement it.`;
      return [issueAt('docs.unknown-name', 'error', message, texts.runbookFile, line)];
    });
  });
}

export function issueAt(code: string, severity: Severity, message: string, file: string, line: TextLine): Issue {
  return { code, severity, message, file, range: lineRange(line.line, line.text) };
}
