import type { Issue } from '../model/issue.ts';
import type { Scenario } from '../model/scenario.ts';
import { lineRange } from '../model/source.ts';
import { mentions } from '../parse/mentions.ts';
import { type Entry, PART_TITLES, PARTS, type Part, type Runbook } from './entries.ts';
import { allSections, type Section } from './sections.ts';

const GOAL = /(?<![\w-])[A-Z][A-Z0-9]*-\d+(?![\w-])/g;
const SYMPTOM = /\bsymptoms?\b/i;
const REMEDY = /\bremed(?:y|ies|iat)|\bhow to fix\b|\bwhat to do\b/i;
const REMEDY_TITLE = /\bremed|\bfix|\bactions?\b|\bresol|\bmitigat|\bwhat to do\b/i;
const HEADING = /^ {0,3}#{1,6}\s/;
const STEP = /^\s*(?:\d+[.)]|[-*+])\s+\S/;

/** Whether every entry has its five parts with content, and what scenarios play is described. Codes `runbook.*`. */
export function checkStructure(
  book: Runbook,
  file: string,
  scenario: Scenario | undefined,
  goals: ReadonlySet<string>,
  scenarios: readonly string[],
): Issue[] {
  return [
    ...book.entries.flatMap((entry) => checkEntry(entry, file, goals)),
    ...(scenario === undefined ? [] : checkScenario(book, file, scenario, scenarios)),
  ];
}

function checkEntry(entry: Entry, file: string, goals: ReadonlySet<string>): Issue[] {
  const { section, parts } = entry;
  const missing = PARTS.filter((part) => !parts.has(part)).map((part) => {
    const message = `The entry "${section.title}" has no part "${PART_TITLES[part]}".`;
    return problem('runbook.part-missing', message, file, section);
  });
  const empty = [...parts].flatMap(([part, { body, title, line }]) => {
    if (body.some(({ text }) => text.trim() !== '' && !HEADING.test(text))) return [];
    return [
      problem('runbook.part-empty', `"${PART_TITLES[part]}" of "${section.title}" is empty.`, file, { title, line }),
    ];
  });
  return [
    ...missing,
    ...empty,
    ...checkDiagnostics(entry, file),
    ...checkGoals(entry, file, goals),
    ...checkSteps(entry, file),
  ];
}

/** Each symptom is followed by what to do about it, in whatever words; a part of its own for remediation will do as well. */
function checkDiagnostics({ section, parts }: Entry, file: string): Issue[] {
  const part = parts.get('diagnostics');
  const text = textOf(part);
  if (part === undefined || text.trim() === '') return [];
  const symptoms = itemsOf(part).filter((item) => SYMPTOM.test(item.text));
  if (symptoms.length === 0 && !SYMPTOM.test(text)) {
    return [
      problem('runbook.no-symptoms', `The diagnostic procedures of "${section.title}" name no symptom.`, file, part),
    ];
  }
  const remedy = part.children.find(({ title }) => REMEDY_TITLE.test(title));
  const hasRemedy = remedy === undefined ? REMEDY.test(text) : textOf(remedy).trim() !== '';
  if (hasRemedy) return [];
  const bare = symptoms.length === 0 ? [part] : symptoms.filter(({ text }) => !hasFollowUp(text));
  return bare.map(({ line }) => {
    const message = `The diagnostic procedures of "${section.title}" name a symptom here, but no remediation. Say what to do.`;
    return problem('runbook.no-remediation', message, file, { title: '', line });
  });
}

/** Items of lists and rows of tables, each with the lines that continue it. */
function itemsOf({ body }: Section): { line: number; text: string }[] {
  const items: { line: number; text: string }[] = [];
  for (const { line, text } of body) {
    const last = items.at(-1);
    if (STEP.test(text) || /^\s*(?:\||#)/.test(text)) items.push({ line, text });
    else if (text.trim() === '') items.push({ line, text: '' });
    else if (last !== undefined && last.text !== '') last.text += ` ${text.trim()}`;
    else items.push({ line, text });
  }
  return items;
}

/** A second sentence, or a further cell of a row. */
function hasFollowUp(text: string): boolean {
  if (/^\s*\|/.test(text)) return text.split('|').filter((cell) => /\w/.test(cell)).length > 1;
  const [, ...more] = text.split(/[.;!?](?:\s+|$)/).filter((sentence) => /\w{2}/.test(sentence));
  return more.length > 0;
}

function checkGoals({ section, parts }: Entry, file: string, goals: ReadonlySet<string>): Issue[] {
  const part = parts.get('goals');
  const text = textOf(part);
  if (part === undefined || text.trim() === '') return [];
  const named = [...new Set(text.match(GOAL) ?? [])];
  if (named.length === 0)
    return [problem('runbook.no-goal', `"${section.title}" names no goal that it serves.`, file, part)];
  return named
    .filter((id) => id.startsWith('G-') && goals.size > 0 && !goals.has(id))
    .map((id) =>
      problem('runbook.unknown-goal', `"${section.title}" names the goal ${id}, which there is not.`, file, part),
    );
}

function checkSteps({ section, parts }: Entry, file: string): Issue[] {
  const part = parts.get('scenarios');
  if (part === undefined || textOf(part).trim() === '' || part.body.some(({ text }) => STEP.test(text))) return [];
  const message = `The operational scenarios of "${section.title}" have no steps. List them, one a line.`;
  return [problem('runbook.no-steps', message, file, part)];
}

/** What the scenario file plays and what the runbook says must speak of the same things. */
function checkScenario(book: Runbook, file: string, scenario: Scenario, scenarios: readonly string[]): Issue[] {
  const sections = allSections(book.sections);
  const titles = sections.map(({ title }) => title);
  const top = { title: '', line: 1 };
  const required = scenario.validation?.runbook_coverage?.required_sections ?? [];
  const absent = required
    .filter((name) => !titles.some((title) => mentions(title, name)))
    .map((name) =>
      problem(
        'runbook.required-section',
        `The runbook has no section "${name}", which ${scenario.name} requires.`,
        file,
        top,
      ),
    );
  const described = book.entries
    .map(({ parts }) => `${textOf(parts.get('diagnostics'))}\n${textOf(parts.get('scenarios'))}`)
    .join('\n');
  const silent = eventsOf(scenario)
    .filter((event) => !mentions(described, event))
    .map((event) => {
      const message = `${scenario.name} expects the event ${event}, but no diagnostic procedure or operational scenario speaks of it.`;
      return problem('runbook.event-undescribed', message, file, top);
    });
  return [...absent, ...silent, ...unplayed(book, file, scenario, scenarios)];
}

/** Entries that no scenario plays: they may be right, but nothing shows it. */
function unplayed(book: Runbook, file: string, scenario: Scenario, scenarios: readonly string[]): Issue[] {
  const events = eventsOf(scenario);
  return book.entries.flatMap(({ section, parts }) => {
    const part = parts.get('scenarios');
    const text = `${section.title}\n${textOf(section)}`;
    const isPlayed =
      events.some((name) => mentions(text, name)) || scenarios.some((name) => text.includes(`\`${name}\``));
    if (part === undefined || isPlayed) return [];
    const message = `No scenario plays what "${section.title}" says. Add one, and name it here.`;
    return [{ ...problem('runbook.entry-unplayed', message, file, part), severity: 'warning' }];
  });
}

/** Names of events in the patterns that steps expect: `AgentDiagEvent.*ModuleOverLimit.*sampler` names ModuleOverLimit. */
function eventsOf(scenario: Scenario): string[] {
  const patterns = scenario.scenarios.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const expected = (step as { params?: { expect_event?: unknown } }).params?.expect_event;
      return typeof expected === 'string' ? [expected] : [];
    }),
  );
  const names = patterns.flatMap((pattern) => pattern.match(/[A-Z][a-z]+(?:[A-Z]\w*)+/g) ?? []);
  return [...new Set(names)].filter((name) => name !== 'AgentDiagEvent');
}

function textOf(section: Section | undefined): string {
  return section?.body.map(({ text }) => text).join('\n') ?? '';
}

function problem(
  code: string,
  message: string,
  file: string,
  at: { readonly title: string; readonly line: number },
): Issue {
  return { code, severity: 'error', message, file, range: lineRange(at.line, at.title) };
}

export function partCounts(book: Runbook): Readonly<Record<Part, number>> {
  const count = (part: Part) => book.entries.filter(({ parts }) => parts.has(part)).length;
  return Object.fromEntries(PARTS.map((part) => [part, count(part)])) as Record<Part, number>;
}
