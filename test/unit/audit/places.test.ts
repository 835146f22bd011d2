import assert from 'node:assert/strict';
import { impossibleDates } from '../../../src/core/audit/findings/dates.ts';
import { outdatedResults } from '../../../src/core/audit/findings/outdated.ts';
import { brokenImports, testlessModules } from '../../../src/core/audit/findings/source.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { codes, lines, repository, shown } from './support.ts';

describe('a verdict from a recording', () => {
  const log = { 'logs/run.log': 'PASS\n', 'results/m.json': '{}' };

  it('a script, a Makefile or a program reads a committed log', () => {
    assert.deepEqual(codes('x.sh', lines('set -e', 'grep -q PASS logs/run.log'), log), ['2 recording']);
    assert.deepEqual(codes('s/x.sh', lines('set -e', 'cd ..', 'grep -q PASS "$DIR/run.log"'), log), ['3 recording']);
    assert.deepEqual(codes('Makefile', 'verify:\n\t@grep -q PASS logs/run.log\n', log), ['2 recording']);
    assert.deepEqual(codes('tools/x.py', 'import json\njson.load(open("results/m.json"))\n', log), ['2 recording']);
  });

  it('not what it has just written, what is not committed, or what others are compared with', () => {
    assert.deepEqual(codes('x.sh', lines('set -e', './agent > logs/run.log', 'grep -q PASS logs/run.log'), log), []);
    assert.deepEqual(codes('x.sh', lines('set -e', 'grep -q PASS logs/other.log'), log), []);
    assert.deepEqual(codes('x.sh', lines('set -e', 'diff a bench_baseline.txt'), { 'bench_baseline.txt': '' }), []);
    assert.deepEqual(codes('tools/x.py', 'open("results/m.json", "w").write("")\n', log), []);
  });
});

describe('a check that looks in the wrong place', () => {
  const docs = { 'docs/runbook.md': '# Runbook\n\n## Sampler\n', 'docs/ops.md': '# Ops\n## Watchdog\nbreaker_open\n' };
  const found = (line: string) => codes('scripts/x.sh', lines('set -e', line), docs);

  it('a file that does not exist', () => {
    assert.deepEqual(found('grep -q "^## Sampler" RUNBOOK.md'), ['2 wrong-place']);
    assert.deepEqual(found('cat docs/nowhere.md'), ['2 wrong-place']);
  });
  it('a section or a word that stands in another document, or nowhere', () => {
    assert.deepEqual(found('grep -q "^## Watchdog" docs/runbook.md'), ['2 wrong-place']);
    assert.deepEqual(found('grep -q breaker_open docs/runbook.md'), ['2 wrong-place']);
    assert.deepEqual(found('grep -q "^## Nothing" docs/runbook.md'), ['2 wrong-place']);
    assert.deepEqual(found("sed -n '/^## Watchdog/,/^## /p' docs/runbook.md"), ['2 wrong-place']);
  });
  it('nothing to say where it is right, fails honestly, or cannot be known', () => {
    assert.deepEqual(found('grep -q "^##[[:space:]]Sampler" ../docs/runbook.md'), []);
    assert.deepEqual(found('grep -q not_written_yet docs/runbook.md'), []);
    assert.deepEqual(found('grep -q x "$DOCS/RUNBOOK.md"'), []);
    assert.deepEqual(found('grep -q "[" docs/runbook.md'), []);
    assert.deepEqual(codes('x.sh', lines('set -e', 'make_report > out.md', 'grep x out.md'), docs), []);
  });
});

describe('dates', () => {
  const firstCommit = '2026-10-01T12:00:00.000Z';
  const dates = (text: string) => shown(impossibleDates(repository({ 'reports/a_result.md': text }, { firstCommit })));

  it('in the future, and before the first commit', () => {
    assert.deepEqual(dates('Measured 2027-01-01'), [
      'reports/a_result.md:1 audit.date-in-future: 2027-01-01 has not come yet.',
    ]);
    assert.deepEqual(dates('\nWritten 2026-09-01'), [
      'reports/a_result.md:2 audit.date-before-start: 2026-09-01 is before the first commit (2026-10-01).',
    ]);
  });
  it('plans, versions and days in between are fine', () => {
    assert.deepEqual(dates('Due 2027-01-01\nexpires: 2027-02-02\n2026-11-01\nkernel 2019-01-01\n2026-99-99\n'), []);
    assert.deepEqual(impossibleDates(repository({ 'README.md': '2031-01-01' })), []);
  });
});

describe('source and results', () => {
  const go = {
    'go.mod': 'module example.org/a\n',
    'main.go':
      'package main\n\nimport (\n\t"fmt"\n\tx "example.org/a/x"\n\t"example.org/a/gone"\n\t"example.org/ab/other"\n)\n',
    'x/x.go': 'package x\n',
  };

  it('an import of an own package that does not exist', () => {
    assert.deepEqual(shown(brokenImports(repository(go))), [
      'main.go:6 audit.does-not-compile: This does not compile: the package example.org/a/gone does not exist; gone holds no Go file.',
    ]);
    assert.deepEqual(brokenImports(repository({ ...go, 'gone/g.go': 'package gone\n' })), []);
  });

  it('a module without tests', () => {
    assert.deepEqual(testlessModules(repository(go)), [{ file: 'go.mod', folder: '.' }]);
    assert.deepEqual(testlessModules(repository({ ...go, 'x/x_test.go': 'package x\n' })), []);
  });

  it('a result that is older than the source it names', async () => {
    const snapshot = await createProject(memoryFiles({ 'README.md': '' })).snapshot();
    const texts = { 'reports/a_result.md': 'See `x/x.go`.', 'x/x.go': '', 'y/y.go': '' };
    const at = (source: string) =>
      outdatedResults(
        repository(texts, {
          changed: new Map([
            ['reports/a_result.md', '2026-11-02T10:00:00Z'],
            ['x/x.go', source],
            ['y/y.go', '2026-11-09T10:00:00Z'],
          ]),
        }),
        snapshot,
      );
    assert.deepEqual(shown(at('2026-11-03T10:00:00Z')), [
      'reports/a_result.md:1 audit.outdated-result: This was last written on 2026-11-02 10:00; x/x.go changed after that (2026-11-03 10:00).',
    ]);
    assert.deepEqual(at('2026-11-01T10:00:00Z'), []);
  });
});
