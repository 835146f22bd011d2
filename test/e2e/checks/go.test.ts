import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../../../src/core/model/check.ts';
import { type Bench, shown, workbench } from './support.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/go');
/** A cold build cache on a slow machine. */
const COLD_BUILD_MS = 120_000;

describe('checks with the real go', function () {
  this.timeout(COLD_BUILD_MS);
  let bench: Bench;
  before(async () => {
    bench = await workbench();
    await cp(join(fixtures, 'cases'), join(bench.files.root, 'agent'), { recursive: true });
    await bench.files.write(
      'Makefile',
      [
        'test:\n\tcd agent && go test -count=1 -cover ./passing ./failing\n',
        'test-passing:\n\tcd agent && go test -count=1 -cover ./passing\n',
        'lint:\n\tcd agent && no-such-linter run\n',
        '',
      ].join('\n'),
    );
  });
  after(() => bench.dispose());

  function goTest(packages: string[], check: Partial<Check> = {}): ReturnType<Bench['run']> {
    return bench.run({ run: ['go', 'test', '-count=1', ...packages], cwd: 'agent', parser: 'gotest', ...check });
  }

  it('passes, counts and covers all statements', async () => {
    const result = await goTest(['-cover', './passing', './lowcover', './notests'], { coverage: { min: 60 } });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual(result.tests, { passed: 4, failed: 0, skipped: 1 });
    // 4 of 4 statements in passing, 3 of 5 in lowcover, 0 of 1 in notests.
    assert.equal(result.coverage, 70);
    assert.ok(result.argv.includes('-json'));
  });

  it('fails below the coverage that is asked for', async () => {
    const result = await goTest(['./passing', './lowcover'], { coverage: { min: 80 } });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(
      result.issues.map((issue) => issue.code),
      ['gotest.coverage'],
    );
    assert.match(result.reason, /Coverage is 77\.8 % of all statements, needed ≥ 80 percent/);
  });

  it('names failures, build errors and panics at their lines', async () => {
    const result = await goTest(['./failing', './builderror', './testbuilderror', './panicking']);
    assert.equal(result.verdict, 'fail');
    assert.equal(result.exitCode, 1);
    assert.deepEqual(shown(result.issues), [
      'agent/builderror/builderror.go:4:9-22: error gotest.build: undefined: undefinedName',
      'agent/failing/failing_test.go:9:3-64: error gotest.failed: TestBreaks/sub_case: got 1, want 2\nsecond line of the message',
      'agent/failing/failing_test.go:11:2-21: info gotest.failed: TestBreaks: a log line',
      'agent/panicking/panicking_test.go:9:2-19: error gotest.panic: TestPanics: panic: assignment to entry in nil map',
      'agent/testbuilderror/testbuilderror_test.go:6:6-12: error gotest.build: declared and not used: unused',
      'agent/testbuilderror/testbuilderror_test.go:7:15-16: error gotest.build: invalid operation: Fine() != "one" (mismatched types int and untyped string)',
    ]);
  });

  for (const [title, packages, reason] of [
    ['no test matches', ['-run', 'NoSuch', './passing'], /^No test ran: no test matches/],
    ['all are skipped', ['./skipped'], /^No test ran: all tests were skipped/],
    ['there is no test file', ['./notests'], /^No test ran: no test files \(example\.com\/cases\/notests\)\.$/],
    ['build tags leave them out', ['./tagged'], /Build tags leave out agent\/tagged\/tagged_test\.go\.$/],
    ['TestMain exits with 0', ['./testmain'], /exited with 0 before a test ran/],
  ] as const) {
    it(`has not run when ${title}, although go exits with 0`, async () => {
      const result = await goTest([...packages]);
      assert.deepEqual([result.exitCode, result.verdict], [0, 'not-run']);
      assert.match(result.reason, reason);
    });
  }

  it('finds a data race', async () => {
    const result = await goTest(['-race', './racy']);
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(
      result.issues.map(({ code, file }) => `${code} ${file}`),
      ['gotest.race agent/racy/racy_test.go'],
    );
  });

  it("finds the test that go's time-out ended, and ends what hangs at ours", async () => {
    const byGo = await goTest(['-timeout', '1s', './slow']);
    assert.deepEqual(shown(byGo.issues), [
      'agent/slow/slow_test.go:9:2-25: error gotest.timeout: TestSlow: test timed out after 1s',
    ]);
    const byUs = await goTest(['./slow'], { timeout_seconds: 2 });
    assert.equal(byUs.verdict, 'error');
    assert.match(byUs.reason, /^Ended after 2 seconds/);
  });

  it('fails for a package that does not exist', async () => {
    const result = await goTest(['./nosuch']);
    assert.equal(result.verdict, 'fail');
    assert.match(result.issues[0]?.message ?? '', /directory not found/);
  });

  it('runs benchmarks', async () => {
    const run = ['go', 'test', '-run=^$', '-bench=.', '-benchmem', '-benchtime=10x', '-count=4', './bench'];
    const result = await bench.run({ run, cwd: 'agent', parser: 'gobench' });
    assert.equal(result.verdict, 'pass');
    assert.equal(result.reason, '2 benchmarks ran.');
    assert.ok(
      result.values.some(({ name, value, n }) => name === 'bench.BenchmarkAllocate items/op' && value === 7 && n === 4),
    );
    const none = await bench.run({ run: [...run.slice(0, -1), './passing'], cwd: 'agent', parser: 'gobench' });
    assert.equal(none.verdict, 'not-run');
  });

  it('reads gofmt', async () => {
    const check: Partial<Check> = { run: ['gofmt', '-l', '.'], cwd: 'agent/passing', parser: 'gofmt' };
    assert.equal((await bench.run(check)).verdict, 'pass');
    await bench.files.write('unformatted/a.go', 'package a\nfunc  A() {}\n');
    const result = await bench.run({ ...check, cwd: 'unformatted' });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), [
      'unformatted/a.go:1:1-10: warning gofmt.unformatted: Not formatted. Run: gofmt -w a.go',
    ]);
    await bench.files.makeFolder('empty');
    assert.equal((await bench.run({ ...check, cwd: 'empty' })).verdict, 'not-run');
  });

  describe('behind make', () => {
    it('counts tests and finds their files', async () => {
      const result = await bench.run({ run: ['make', 'test'], parser: 'gotest' });
      assert.equal(result.verdict, 'fail');
      assert.deepEqual(result.tests, { passed: 4, failed: 2, skipped: 1 });
      assert.ok(
        shown(result.issues).some((line) =>
          line.startsWith('agent/failing/failing_test.go:9:3-64: error gotest.failed'),
        ),
      );
    });

    it('passes with a count, and covers what is certain', async () => {
      const result = await bench.run({ run: ['make', 'test-passing'], parser: 'gotest', coverage: { min: 80 } });
      assert.equal(result.verdict, 'pass');
      assert.deepEqual([result.tests, result.coverage], [{ passed: 3, failed: 0, skipped: 1 }, 100]);
    });

    it('sees that a tool is missing', async () => {
      const result = await bench.run({ run: ['make', 'lint'], parser: 'golangci' });
      assert.equal(result.verdict, 'not-run');
      assert.match(result.issues[0]?.message ?? '', /^make could not find no-such-linter\. Run "infrabuilder doctor"/);
    });
  });
});
