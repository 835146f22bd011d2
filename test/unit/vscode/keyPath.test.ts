import assert from 'node:assert/strict';
import { keyPathAt } from '../../../src/vscode/language/keyPath.ts';

/** The key path at `|`. */
function at(...text: readonly string[]): string {
  const [before = ''] = text.join('\n').split('|');
  const lines = before.split('\n');
  return keyPathAt(lines.slice(0, -1), lines.at(-1) ?? '').keys.join('/');
}

describe('the key path under the cursor', () => {
  const cases: readonly (readonly [string, string, ...string[]])[] = [
    ['a value', 'slug', 'slug: |'],
    ['a nested value', 'blueprint/epic', 'blueprint:', '  epic: |'],
    ['an item of a list', 'blueprint_goals/-', 'blueprint_goals:', '  - G-1', '  - |'],
    ['an item at the indent of its key', 'blueprint_goals/-', 'slug: x', 'blueprint_goals:', '- |'],
    ['a key of a list item', 'goals/-/scenario', 'goals:', '  - id: G-1', '    scenario: |'],
    ['the first key of a list item', 'goals/-/id', 'goals:', '  - id: |'],
    ['below comments and empty lines', 'depends_on/-', 'depends_on:', '', '  # none yet', '  - |'],
    [
      'a deep list',
      'epics/A1-E1/stories/A1-S1/tasks/-/slug',
      'epics:',
      '  A1-E1:',
      '    stories:',
      '      A1-S1:',
      '        tasks:',
      '          - slug: |',
    ],
    [
      'after a sibling that is nested',
      'milestones/-/tasks',
      'milestones:',
      '  - id: M1',
      '    verify: {check: test}',
      '    tasks: [|',
    ],
    ['a key that is being typed', 'validation/kpis', 'validation:', '  kpis:', '    to|'],
    ['the start of a file', '', '|'],
  ];
  for (const [what, path, ...text] of cases) {
    it(what, () => assert.equal(at(...text), path));
  }
});
