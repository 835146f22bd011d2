import assert from 'node:assert/strict';
import { documentKind, isRecording, scriptKind } from '../../../src/core/audit/kinds.ts';
import { isDoneFile, readFinalResults, readTaskList } from '../../../src/core/audit/read/records.ts';
import { readStatements } from '../../../src/core/audit/read/statements.ts';
import { lines } from './support.ts';

describe('what a document claims', () => {
  const text = lines('# R', '- [x] All tests pass', '- [ ] open', 'All checks pass.', 'CPU: 1.2 %', '- ✅ stable');
  const read = (kind: 'result' | 'prose' | 'norm') =>
    readStatements('x.md', text, kind).map(({ kind: claim, line }) => `${claim} ${line}`);

  it('a report: boxes, lines and figures', () => {
    assert.deepEqual(read('result'), ['box 2', 'status 4', 'figure 5', 'status 6']);
  });
  it('prose: boxes and what can be meant in one way', () => assert.deepEqual(read('prose'), ['box 2', 'status 4']));
  it('a norm: ticked boxes alone', () => assert.deepEqual(read('norm'), ['box 2']));

  it('keeps the runs that a line names, and the context that tells what it is about', () => {
    const [one] = readStatements(
      'x_result.md',
      '# Result\n- ✅ fine (20261122T081500123Z-check-lint-0a1b2c3d)\n',
      'result',
    );
    assert.deepEqual(one?.runs, ['20261122T081500123Z-check-lint-0a1b2c3d']);
    assert.equal(one?.context, 'Result');
  });
});

describe('what a file is', () => {
  for (const [path, kind] of [
    ['reports/topn_result.md', 'result'],
    ['RESULTS.md', 'result'],
    ['FINAL_REPORT.md', 'result'],
    ['docs/STATUS.md', 'result'],
    ['results/notes.md', 'result'],
    ['README.md', 'prose'],
    ['docs/CHANGELOG.md', 'prose'],
    ['docs/blueprint_vFinal.md', 'norm'],
    ['docs/ADR-001.md', 'norm'],
    ['reports/topn_plan.md', 'norm'],
    ['docs/runbook.md', 'norm'],
    ['CONTRIBUTING.md', 'norm'],
    ['.github/pull_request_template.md', 'norm'],
    ['templates/documents/result.md', 'norm'],
    ['main.go', undefined],
  ] as const) {
    it(`${path}: ${kind ?? 'no document'}`, () => assert.equal(documentKind(path), kind));
  }

  it('scripts', () => {
    const kinds = [
      'a.sh',
      'Makefile',
      'x.mk',
      '.github/workflows/ci.yml',
      'package.json',
      'tool.py',
      'tool.test.ts',
      'a.md',
    ];
    assert.deepEqual(kinds.map(scriptKind), [
      'shell',
      'make',
      'make',
      'ci',
      'package',
      'program',
      undefined,
      undefined,
    ]);
  });

  it('recordings, but not what others are compared with', () => {
    for (const path of [
      'logs/a.log',
      'results/metrics.json',
      'e2e/results/x.txt',
      'bench.txt',
      'reports/a_result.md',
    ]) {
      assert.equal(isRecording(path), true, path);
    }
    for (const path of ['bench_baseline.txt', 'test/golden.log', 'docs/runbook.md', 'config.json', 'package.json']) {
      assert.equal(isRecording(path), false, path);
    }
  });
});

describe('tasks that are said to be done', () => {
  it('in a mapping, with the name above or below the status', () => {
    const text = lines(
      'epics:',
      '  E1:',
      '    tasks:',
      '      - slug: heap',
      '        status: done',
      '      - status: completed',
      '        slug: tail',
      '      - slug: open',
      '        status: pending',
    );
    const found = readTaskList('blueprint_tasks.yaml', text).map(({ line, slug }) => `${line} ${slug}`);
    assert.deepEqual(found, ['5 heap', '6 tail']);
  });

  it('in the front matter of a Markdown task, and nowhere else in it', () => {
    const text = lines('---', 'id: task-1', 'status: Done', '---', 'status: done');
    assert.deepEqual(
      readTaskList('backlog/tasks/task-1.md', text).map(({ line, slug }) => [line, slug]),
      [[3, 'task-1']],
    );
    assert.deepEqual(readTaskList('backlog/tasks/x.md', 'status: done\n'), []);
  });

  it('by folder', () => {
    assert.equal(isDoneFile('tasks/done/a.yaml'), true);
    assert.equal(isDoneFile('docs/done/a.txt'), false);
  });

  it('goals in final_validation_results.json that passed', () => {
    const text = JSON.stringify(
      { results: { 'G-1': { passed: true, evidence: 'x' }, 'G-2': { passed: false } }, overall_passed: true },
      null,
      1,
    );
    assert.deepEqual(
      readFinalResults('f.json', text).map((one) => `${one.line} ${one.text}`),
      ['3 G-1: passed. x', '11 All goals passed.'],
    );
    for (const bad of ['', '[]', 'null', '{"results": 1}', '{"results": {"a": null}}', '{']) {
      assert.deepEqual(readFinalResults('f.json', bad), []);
    }
  });
});
