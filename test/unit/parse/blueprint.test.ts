import assert from 'node:assert/strict';
import { parseBlueprint } from '../../../src/core/parse/blueprint.ts';

const TEXT = `# The **agent** blueprint

Epic A1-E1 holds the stories A1-S3 and \`A1-S4\`; see M2.

Part two
--------

\`\`\`markdown
# Not a heading, and no A9-E9
| # | Goal | Concrete Check |
|---|------|----------------|
| G-9 | no | goal |
\`\`\`

    A8-E8 in indented code

<!-- A7-E7 in a comment -->

| ID | Goal | Check |
|----|------|-------|
| **G-1** | *Safe* \`host\` | CPU \\| RSS |
| G1 | No dash | x |
| G-1 | Again | y |
|  | No id | z |

| Goal | Status |
|------|--------|
| G-2  | pass   |

### Deep dive
UTF-16, ADR-001, xG-3y and G-3x are no ids.
`;

describe('blueprint', () => {
  const { value, issues, locate } = parseBlueprint(TEXT, 'docs/blueprint.md');
  const lines = TEXT.split('\n');

  it('has a title and headings with their lines', () => {
    assert.equal(value?.title, 'The agent blueprint');
    assert.deepEqual(
      value?.headings.map(({ level, text, range }) => [level, text, range.start.line]),
      [
        [1, 'The agent blueprint', 1],
        [2, 'Part two', 5],
        [3, 'Deep dive', 30],
      ],
    );
  });

  it('has the goals of tables with the right columns', () => {
    assert.deepEqual(value?.goals, [
      {
        value: { id: 'G-1', title: 'Safe host', check: 'CPU | RSS', verification: '' },
        range: { start: { line: 21, column: 1 }, end: { line: 21, column: 1 + (lines[20] ?? '').length } },
      },
    ]);
    assert.deepEqual(locate(['goals', 0]), value?.goals[0]?.range);
  });

  it('finds ids in prose and tables, not in code and comments', () => {
    assert.deepEqual(
      value?.ids.map((id) => `${id.range.start.line}:${id.range.start.column} ${id.value}`),
      ['3:6 A1-E1', '3:30 A1-S3', '3:41 A1-S4', '3:53 M2', '21:5 G-1', '23:3 G-1', '28:3 G-2'],
    );
  });

  it('reports rows that cannot be goals', () => {
    assert.deepEqual(
      issues.map(({ code, message, range }) => [range.start.line, code, message]),
      [
        [22, 'blueprint.goal-id', '"G1" is not a goal id. A goal id looks like G-1.'],
        [23, 'blueprint.duplicate-goal', 'The goal G-1 is here twice. Give each goal an id of its own.'],
      ],
    );
    assert.equal(issues[1]?.related?.[0]?.range.start.line, 21);
  });

  it('reads the same with CRLF and a byte order mark', () => {
    const other = parseBlueprint(`\uFEFF${TEXT.replaceAll('\n', '\r\n')}`, 'docs/blueprint.md');
    assert.deepEqual(other.value, value);
    assert.deepEqual(other.issues, issues);
  });

  it('of an empty text is empty', () => {
    const empty = parseBlueprint('', 'b.md');
    assert.deepEqual(empty.value, { title: undefined, headings: [], goals: [], ids: [] });
    assert.deepEqual(empty.issues, []);
  });
});
