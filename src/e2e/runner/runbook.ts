import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepRecord } from '../../core/model/scenarioRun.ts';

/** Whether the runbook has a heading with each word. One record per section. */
export async function runbookRecords(root: string, docs: string, sections: readonly string[]): Promise<StepRecord[]> {
  if (sections.length === 0) return [];
  const file = `${docs}/runbook.md`;
  const text = await readFile(join(root, file), 'utf8').catch(() => undefined);
  return sections.map((section, index): StepRecord => {
    const record = { scenario: 'runbook_coverage', step: index + 1, action: 'runbook' };
    if (text === undefined) return { ...record, verdict: 'not-run', note: `${file} is not there.` };
    const line = headings(text).find((heading) => heading.text.toLowerCase().includes(section.toLowerCase()));
    return line === undefined
      ? { ...record, verdict: 'fail', note: `${file} has no section about ${section}.` }
      : { ...record, verdict: 'pass', note: `${section}: ${file}:${line.number}.` };
  });
}

function headings(text: string): { readonly number: number; readonly text: string }[] {
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    return !fenced && /^#{1,6}\s/.test(line) ? [{ number: index + 1, text: line }] : [];
  });
}
