import { allSections, readSections, type Section } from './sections.ts';

/** The five parts of plan section 6.1. */
export const PARTS = ['overview', 'signals', 'diagnostics', 'scenarios', 'goals'] as const;
export type Part = (typeof PARTS)[number];

export const PART_TITLES: Readonly<Record<Part, string>> = {
  overview: 'Feature Overview',
  signals: 'Metrics and Events',
  diagnostics: 'Diagnostic Procedures',
  scenarios: 'Operational Scenarios',
  goals: 'Blueprint Goal Coverage',
};

const PATTERNS: Readonly<Record<Part, RegExp>> = {
  overview: /^feature overview\b/i,
  signals: /^metrics (?:and|&) events\b/i,
  diagnostics: /^diagnostic procedures?\b/i,
  scenarios: /^operational scenarios?\b/i,
  goals: /^blueprint goal coverage\b/i,
};

/** The description of one feature: a heading with parts below it. */
export interface Entry {
  readonly section: Section;
  readonly parts: ReadonlyMap<Part, Section>;
}

export interface Runbook {
  readonly sections: readonly Section[];
  readonly entries: readonly Entry[];
}

/** Every heading that holds at least one of the five parts is an entry, so that an entry with four of them is found. */
export function readRunbook(text: string): Runbook {
  const sections = readSections(text);
  const entries = allSections(sections).flatMap((section) => {
    const parts = new Map<Part, Section>();
    for (const child of section.children) {
      const part = partOf(child.title);
      if (part !== undefined && !parts.has(part)) parts.set(part, child);
    }
    return parts.size === 0 ? [] : [{ section, parts }];
  });
  return { sections, entries };
}

/** Numbers before a title do not count: `2. Metrics and Events`. */
function partOf(title: string): Part | undefined {
  const bare = title.replace(/^[\d.]+\)?\s+/, '');
  return PARTS.find((part) => PATTERNS[part].test(bare));
}
