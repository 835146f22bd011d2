import assert from 'node:assert/strict';
import { paint, type Stream } from '../../../src/cli/io.ts';
import { checkText, figure } from '../../../src/cli/render/check.ts';
import { countIssues, renderIssues } from '../../../src/cli/render/issues.ts';
import { table } from '../../../src/cli/render/table.ts';
import type { CheckResult } from '../../../src/core/model/check.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import { range } from '../../../src/core/model/source.ts';

const PLAIN: Stream = { color: false, isTerminal: false, write: () => {} };
const COLORED: Stream = { color: true, isTerminal: true, write: () => {} };

const ISSUE: Issue = {
  code: 'task.unknown-goal',
  severity: 'error',
  message: 'The goal "G-33" is unknown.',
  file: 'tasks/pending/a.yaml',
  range: range(18, 5, 18, 9),
};

describe('tables', () => {
  it('align columns by what is seen: colours take no room, and the last column is not padded', () => {
    const red = paint(COLORED, 'red', 'fail');
    assert.equal(
      table(
        ['NAME', 'VERDICT', 'N'],
        [
          ['topn_capture_ratio', red, '240'],
          ['γ', 'pass', '5'],
        ],
      ),
      `NAME                VERDICT  N
topn_capture_ratio  ${red}     240
γ                   pass     5
`,
    );
  });

  it('take rows that are shorter than the header', () => {
    assert.equal(table(['A', 'B'], [['only']]), 'A     B\nonly\n');
  });
});

describe('issues as text', () => {
  it('begin with file:line:column, so that a terminal links them; related places and fixes stand below', () => {
    const related = [{ file: 'b.yaml', range: range(2, 1, 2, 3), message: 'It is first here.' }];
    const fixes = [{ title: 'Replace by "G-3"', edits: [] }];
    assert.equal(
      renderIssues(PLAIN, [{ ...ISSUE, related, fixes }]),
      `tasks/pending/a.yaml:18:5: error: The goal "G-33" is unknown. [task.unknown-goal]
    b.yaml:2:1: It is first here.
    fix: Replace by "G-3"
`,
    );
  });

  it('are counted by severity, in words', () => {
    const of = (severity: Issue['severity']) => ({ ...ISSUE, severity });
    assert.equal(countIssues([of('error'), of('error'), of('warning'), of('info')]), '2 errors, 1 warning, 1 note');
    assert.equal(countIssues([]), '');
  });
});

describe('the result of a check as text', () => {
  const RESULT: CheckResult = {
    check: 'harness',
    verdict: 'fail',
    reason: 'Beyond the threshold.',
    argv: ['./run_replay.sh'],
    cwd: 'testbed',
    exitCode: 0,
    tests: undefined,
    coverage: undefined,
    values: [],
    notes: [],
    issues: [],
    log: undefined,
    startedAt: '2026-11-22T09:00:00.000Z',
    durationMs: 1234,
  };

  it('is one line where nothing was measured', () => {
    assert.equal(checkText(PLAIN, RESULT), 'harness: fail in 1.2 s. Beyond the threshold.\n');
  });

  it('shows each value with unit, limit, samples and verdict, then notes, then where the log is', () => {
    const values = [
      { name: 'capture', value: 71.4555299, unit: 'percent', min: 95, n: 240, verdict: 'fail' as const },
      { name: 'between', value: 3, min: 1, max: 5 },
      { name: 'error', value: 0.75, unit: 'percent', max: 1, verdict: 'pass' as const },
    ];
    assert.equal(
      checkText(PLAIN, { ...RESULT, values, notes: ['How it is defined.'], log: '.infrabuilder/logs/x.log' }),
      `VALUE    MEASURED        LIMIT   N    VERDICT
capture  71.46 percent   >= 95   240  fail
between  3               1 to 5  -    -
error    0.7500 percent  <= 1    -    pass
  How it is defined.
harness: fail in 1.2 s. Beyond the threshold.
  log: .infrabuilder/logs/x.log
`,
    );
  });

  it('keeps enough digits to see a limit crossed', () => {
    assert.deepEqual([0, 240, 1.004, 0.00012345, 901555.49, -1234.56].map(figure), [
      '0',
      '240',
      '1.004',
      '0.0001234',
      '901555.5',
      '-1234.6',
    ]);
  });
});
