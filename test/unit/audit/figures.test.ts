import assert from 'node:assert/strict';
import { readDocument } from '../../../src/core/audit/read/document.ts';
import { figuresIn } from '../../../src/core/audit/read/figures.ts';
import { lines } from './support.ts';

function figures(text: string): string[] {
  return readDocument(text, { outputs: true })
    .flatMap(figuresIn)
    .map(
      ({ metric, value, unit, decimals }) =>
        `${metric} = ${value}${unit === undefined ? '' : ` ${unit}`} (${decimals})`,
    );
}

describe('figures of a report', () => {
  it('by identifier, by words before the number, by words after it', () => {
    assert.deepEqual(figures('`topn_capture_ratio` is 97.3%'), ['topn_capture_ratio = 97.3 percent (1)']);
    assert.deepEqual(figures('- CPU: 1.2 %, Memory: 68MB'), ['CPU = 1.2 percent (1)', 'Memory = 68 MB (0)']);
    assert.deepEqual(figures('We reached 91.4% coverage.'), ['coverage = 91.4 percent (1)']);
    assert.deepEqual(figures('heap_pushes: 1,250'), ['heap_pushes = 1250 (0)']);
  });

  it('counts of things', () => {
    assert.deepEqual(figures('42 tests passed, 0 failures'), ['tests passed = 42 count (0)', 'failures = 0 count (0)']);
  });

  it('in tables: by the row, leaving out limits and earlier values', () => {
    const text = lines(
      '| Metric | Limit | Measured | Baseline |',
      '|---|---|---|---|',
      '| cpu_usage | ≤ 2 % | 1.25 % | 1.4 % |',
      '| tests | 10 | 42 | 40 |',
    );
    assert.deepEqual(figures(text), ['cpu_usage = 1.25 percent (2)', 'tests = 42 (0)']);
  });

  it('in tables that call the name a value', () => {
    const text = lines(
      '| Run | Value | Measured | Samples |',
      '|-|-|-|-|',
      '| scenario:standard | cpu_usage | 1.25 percent | 60 |',
    );
    assert.deepEqual(figures(text), ['cpu_usage = 1.25 percent (2)']);
  });

  it('printed by a tool', () => {
    assert.deepEqual(figures('```\ncoverage: 91.4% of statements\nok x 0.003s\n```'), ['coverage = 91.4 percent (1)']);
  });

  it('beside an event that is quoted', () => {
    assert.deepEqual(figures('AgentDiagEvent module=a cpu_percent=0.2 and cpu_usage = 1.9 %'), [
      'cpu_usage = 1.9 percent (1)',
    ]);
  });

  for (const text of [
    'The limit is ≤ 2 % of a core.',
    'It stays below 2 %.',
    'At least 80 % coverage is asked for.',
    'Measured on 2026-11-20 at 10:15 with Go 1.26.8.',
    'See docs/runbook.md:42 and #17.',
    'Linux 5.10 and Windows 2022',
    'Goal G-4 and task 12',
    'Evidence: 20261122T081500123Z-check-lint-0a1b2c3d',
    'Between 5 % and 7 %',
    'https://example.org/50%25',
    'AgentDiagEvent ModuleOverLimit module=sampler tick=22 cpu_percent=0.236 limit_percent=0.100',
  ]) {
    it(`none in: ${text}`, () => assert.deepEqual(figures(text), []));
  }
});
