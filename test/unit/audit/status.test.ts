import assert from 'node:assert/strict';
import { readDocument } from '../../../src/core/audit/read/document.ts';
import { claimsSuccess } from '../../../src/core/audit/read/status.ts';

function claims(text: string, strongOnly = false): boolean {
  return readDocument(text, { outputs: true }).some((line) => claimsSuccess(line, strongOnly));
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map(() => 'H').join(' | ')} |\n|${cells.map(() => '---').join('|')}|\n| ${cells.join(' | ')} |`;
}

describe('a line that says all is well', () => {
  for (const text of [
    'All tests pass.',
    'All of the unit tests are green.',
    'The build is green.',
    'Every acceptance criteria was met.',
    '42/42 tests pass on Linux.',
    '100 % of tests pass.',
    'Tests passed with 0 failed and no skipped.',
    'The code compiles cleanly.',
  ]) {
    it(`anywhere: ${text}`, () => assert.equal(claims(text, true), true));
  }

  for (const text of [
    '- ✅ Heap is stable',
    'The sampler was verified on Linux.',
    'Status: complete',
    '## Milestone M2: completed',
  ]) {
    it(`in a report only: ${text}`, () => {
      assert.equal(claims(text), true);
      assert.equal(claims(text, true), false);
    });
  }

  for (const cells of [
    ['G-2', '✅ PASS', 'CPU 1.2 %'],
    ['unit tests', 'passed'],
    ['lint', 'OK'],
    ['M2', 'Sampler', '✅ COMPLETE', '-'],
  ]) {
    it(`in a table of a report: ${cells.join(', ')}`, () => assert.equal(claims(row(...cells)), true));
  }

  it('printed by a tool', () => {
    assert.equal(claims('```\nok  \texample.org/a\t0.01s\n```'), true);
    assert.equal(claims('```\nFAIL\texample.org/a\t0.01s\n```'), false);
    assert.equal(claims('```\nconst PASS = 1\n```'), false);
  });
});

describe('a line that claims nothing', () => {
  for (const text of [
    'All tests must pass before you push.',
    'A task is done only when all goals hold.',
    'If all tests pass, the gate opens.',
    'Not all tests pass.',
    'CI is green only if every check passes.',
    'The verdict is `pass`.',
    'Only a fresh `pass` opens the gate.',
    'All tests fail.',
    '- ❌ export failed',
    '- ⏳ verified later',
    'Run the tests until all checks pass.',
    'We ensure that all tests pass.',
    'The sampler keeps the processes that matter.',
    '3 of 10 goals verified, 7 open',
  ]) {
    it(text, () => assert.equal(claims(text), false));
  }

  for (const cells of [
    ['G-6', '❌ FAIL', 'no event'],
    ['G-7', '➖ OFF', 'switched off'],
    ['G-8', '⏳ not run', 'passed before'],
    ['PASS', 'the word for a goal that holds'],
    ['stale pass', 'STALE'],
  ]) {
    it(`a row: ${cells.join(', ')}`, () => assert.equal(claims(row(...cells)), false));
  }

  it('a table of features in prose', () => assert.equal(claims(row('Sampler', '✅', '✅'), true), false));
});
