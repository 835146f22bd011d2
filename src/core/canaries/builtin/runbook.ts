import type { Builder } from './subject.ts';

/** G-10: an entry whose diagnostic procedure names a symptom and leaves the reader alone with it. */
export const runbookDefects: Builder<'runbook'> = async (goal, { snapshot, files }) => {
  const file = snapshot.documents.runbook;
  const text = file === undefined ? undefined : await files.read(file);
  const common = { goal: goal.id, title: 'a runbook entry without remediation', origin: 'built-in' as const };
  if (file === undefined || text === undefined) return [{ ...common, why: 'There is no runbook.' }];
  const content = `${text.trimEnd()}\n${entry(goal.id)}`;
  return [{ ...common, files: [{ file, content }], shows: 'fail', step: `goal:${goal.id}` }];
};

function entry(goal: string): string {
  return `
## Planted by the Self-Test

### Feature Overview

It does nothing.

### Metrics and Events

It has none.

### Diagnostic Procedures

- Symptom: it does not answer

### Operational Scenarios

1. Wait.

### Blueprint Goal Coverage

- ${goal}: this entry must turn it red.
`;
}
