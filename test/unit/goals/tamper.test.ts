import assert from 'node:assert/strict';
import { fewerTests, findTampering } from '../../../src/core/goals/tamper.ts';
import { readDiff } from '../../../src/node/diff.ts';

/** Findings in `git diff` text, as `code file:line`. */
function found(...lines: string[]): string[] {
  return findTampering(readDiff(lines.join('\n'))).map(
    ({ issue }) => `${issue.code} ${issue.file}:${issue.range.start.line}`,
  );
}
const diff = (file: string, ...lines: string[]) => [
  `diff --git a/${file} b/${file}`,
  `--- a/${file}`,
  `+++ b/${file}`,
  ...lines,
];

describe('tamper checks', () => {
  it('find a new skip, TestMain, exit and build tag in tests', () => {
    const lines = [
      '+//go:build never',
      '+func TestMain(m *testing.M) { os.Exit(0) }',
      '+\tt.Skip("later")',
      '+\tif testing.Short() {',
    ];
    assert.deepEqual(found(...diff('sampler/heap_test.go', '@@ -1,0 +10,4 @@', ...lines)), [
      'tamper.new-skip sampler/heap_test.go:12',
      'tamper.new-skip sampler/heap_test.go:13',
      'tamper.new-testmain sampler/heap_test.go:11',
      'tamper.exit-in-test sampler/heap_test.go:11',
      'tamper.build-tag sampler/heap_test.go:10',
    ]);
    assert.deepEqual(found(...diff('cmd/main.go', '@@ -1,0 +10,1 @@', '+\tos.Exit(1)')), []);
    assert.deepEqual(found(...diff('a/test_x.py', '@@ -1,0 +1,1 @@', '+@pytest.mark.skip')), [
      'tamper.new-skip a/test_x.py:1',
    ]);
    assert.deepEqual(found(...diff('a/x.spec.ts', '@@ -1,0 +1,1 @@', "+it.skip('x', () => {")), [
      'tamper.new-skip a/x.spec.ts:1',
    ]);
  });

  it('find silenced findings anywhere', () => {
    assert.deepEqual(found(...diff('sampler/heap.go', '@@ -4 +4 @@', '-\tx := f()', '+\tx := f() //nolint:errcheck')), [
      'tamper.suppression sampler/heap.go:4',
    ]);
  });

  it('find lost tests and assertions, but not moved ones', () => {
    const removed = [
      '@@ -3,3 +3,0 @@',
      '-func TestHeap(t *testing.T) {',
      '-\tt.Fatal("x")',
      '-\tassert.Equal(t, 1, 2)',
    ];
    assert.deepEqual(found(...diff('a_test.go', ...removed)), [
      'tamper.test-removed a_test.go:3',
      'tamper.fewer-assertions a_test.go:4',
    ]);
    const moved = ['@@ -9,0 +9,3 @@', '+func TestHeap(t *testing.T) {', '+\tt.Fatal("x")', '+\tassert.Equal(t, 1, 2)'];
    assert.deepEqual(found(...diff('a_test.go', ...removed, ...moved)), []);
  });

  it('find changed limits, rules and baselines; a new scenario is none', () => {
    assert.deepEqual(
      found(...diff('infrabuilder.yaml', '@@ -40 +40 @@', '-      cpu_usage: {max: 2}', '+      cpu_usage: {max: 20}')),
      ['tamper.rules-changed infrabuilder.yaml:40'],
    );
    assert.deepEqual(found(...diff('infrabuilder.yaml', '@@ -1 +1 @@', '-# a', '+# b')), []);
    assert.deepEqual(found(...diff('e2e/scenarios/standard.yml', '@@ -9 +9 @@', '-      max: 2', '+      max: 9')), [
      'tamper.rules-changed e2e/scenarios/standard.yml:9',
    ]);
    assert.deepEqual(found(...diff('e2e/scenarios/new.yml', '@@ -0,0 +1,2 @@', '+name: new', '+  max: 2')), []);
  });

  it('give a finding an id of its own, so that a waiver covers no other', () => {
    const ids = (text: string) =>
      findTampering(readDiff(diff('a_test.go', '@@ -1,0 +1 @@', `+\tt.Skip("${text}")`).join('\n'))).map(
        ({ id }) => id,
      );
    assert.match(ids('a')[0] ?? '', /^tamper\.new-skip:a_test\.go#[0-9a-f]{8}$/);
    assert.notDeepEqual(ids('a'), ids('b'));
  });

  it('find fewer executed tests', () => {
    assert.equal(fewerTests('check:test', 154, 154, 'f'), undefined);
    assert.equal(fewerTests('check:test', 154, 120, 'f')?.issue.code, 'tamper.fewer-tests');
  });

  it('read names with spaces, renames, binary and new files', () => {
    const text = [
      ...diff('a b_test.go', '@@ -0,0 +1 @@', '+++ t.Skip("plus")'),
      'diff --git a/x.png b/x.png',
      'Binary files differ',
    ];
    assert.deepEqual(found(...text), ['tamper.new-skip a b_test.go:1']);
    assert.deepEqual(
      readDiff('diff --git a/o b/o\n--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n').map(({ path }) => path),
      ['o'],
    );
  });
});
