import assert from 'node:assert/strict';
import { parse, recorded, shown } from './support.ts';

describe('parser gotest', () => {
  const failing = { exitCode: 1 };

  describe('go test -json', () => {
    it('counts tests and subtests, and takes the lowest package when there is no profile', () => {
      const result = parse('gotest', { stdout: recorded('gotest-pass.jsonl.txt') });
      assert.equal(result.verdict, 'pass');
      assert.equal(result.reason, '4 passed, 1 skipped in 3 packages.');
      assert.deepEqual(result.tests, { passed: 4, failed: 0, skipped: 1 });
      assert.deepEqual(
        result.values.map(({ name, value }) => `${name} ${value}`),
        [
          'coverage 0',
          'coverage example.com/cases/passing 100',
          'coverage example.com/cases/lowcover 60',
          'coverage example.com/cases/notests 0',
        ],
      );
      assert.deepEqual(result.issues, []);
    });

    it('puts failed tests at the line that they print', () => {
      const result = parse('gotest', { stdout: recorded('gotest-fail.jsonl.txt'), ...failing });
      assert.equal(result.verdict, 'fail');
      assert.equal(result.reason, '2 tests failed, 1 passed.');
      assert.deepEqual(shown(result.issues), [
        'agent/failing/failing_test.go:11:1: info gotest.failed: TestBreaks: a log line',
        'agent/failing/failing_test.go:9:1: error gotest.failed: TestBreaks/sub_case: got 1, want 2\nsecond line of the message',
      ]);
    });

    it('puts build failures at file, line and column', () => {
      const result = parse('gotest', { stdout: recorded('gotest-build.jsonl.txt'), ...failing });
      assert.equal(result.verdict, 'fail');
      assert.equal(result.reason, '2 packages could not be built.');
      assert.deepEqual(shown(result.issues), [
        'agent/builderror/builderror.go:4:9: error gotest.build: undefined: undefinedName',
        'agent/testbuilderror/testbuilderror_test.go:6:6: error gotest.build: declared and not used: unused',
        'agent/testbuilderror/testbuilderror_test.go:7:15: error gotest.build: invalid operation: Fine() != "one" (mismatched types int and untyped string)',
      ]);
    });

    it('puts a panic at the first frame that is ours', () => {
      const result = parse('gotest', { stdout: recorded('gotest-panic.jsonl.txt'), ...failing });
      assert.deepEqual(shown(result.issues), [
        'agent/panicking/panicking_test.go:9:1: error gotest.panic: TestPanics: panic: assignment to entry in nil map',
      ]);
    });

    it("puts go's time-out at the test that hung, and counts it as failed", () => {
      const result = parse('gotest', { stdout: recorded('gotest-timeout.jsonl.txt'), ...failing });
      assert.deepEqual(result.tests, { passed: 0, failed: 1, skipped: 0 });
      assert.deepEqual(shown(result.issues), [
        'agent/slow/slow_test.go:9:1: error gotest.timeout: TestSlow: test timed out after 1s',
      ]);
    });

    it('names both sides of a data race', () => {
      const [issue, ...others] = parse('gotest', { stdout: recorded('gotest-race.jsonl.txt'), ...failing }).issues;
      assert.deepEqual(others, []);
      assert.deepEqual(shown(issue ? [issue] : []), [
        'agent/racy/racy_test.go:9:1: error gotest.race: TestRace: data race. Read by goroutine 8',
      ]);
      assert.deepEqual(
        issue?.related?.map((place) => `${place.file}:${place.range.start.line}`),
        ['agent/racy/racy_test.go:12', 'agent/racy/racy_test.go:8'],
      );
    });

    it('finds a frame that -trimpath wrote as an import path', () => {
      const stdout = recorded('gotest-panic.jsonl.txt').replaceAll('/ws/agent/', 'example.com/cases/');
      assert.equal(parse('gotest', { stdout, ...failing }).issues[0]?.file, 'agent/panicking/panicking_test.go');
    });

    it('fails when a test failed although the exit code is 0, as behind "|| true"', () => {
      assert.equal(parse('gotest', { stdout: recorded('gotest-fail.jsonl.txt'), exitCode: 0 }).verdict, 'fail');
    });

    it('fails when the exit code is not 0 although all tests passed, and quotes what was said last', () => {
      const result = parse('gotest', {
        stdout: recorded('gotest-pass.jsonl.txt'),
        stderr: 'cannot upload',
        ...failing,
      });
      assert.equal(result.verdict, 'fail');
      assert.deepEqual(shown(result.issues), [
        'infrabuilder.yaml:1:1: error gotest.failed: go test failed. cannot upload',
      ]);
    });

    it('reads compiler output that an older go writes beside the events', () => {
      const stdout = [
        '{"Action":"output","Package":"example.com/cases/x","Output":"FAIL\\texample.com/cases/x [build failed]\\n"}',
        '{"Action":"fail","Package":"example.com/cases/x","Elapsed":0}',
      ].join('\n');
      const stderr = '# example.com/cases/x\nx/x.go:3:5: cannot use 1 as string\n\thave (int)\n\twant (string)\n';
      assert.deepEqual(shown(parse('gotest', { stdout, stderr, ...failing }).issues), [
        'agent/x/x.go:3:5: error gotest.build: cannot use 1 as string\nhave (int)\nwant (string)',
      ]);
    });

    it('keeps the worst outcome of a test that runs several times', () => {
      const event = (Action: string): string => JSON.stringify({ Action, Package: 'p', Test: 'TestFlaky' });
      const result = parse('gotest', { stdout: [event('pass'), event('fail'), event('pass')].join('\n'), ...failing });
      assert.deepEqual(result.tests, { passed: 0, failed: 1, skipped: 0 });
    });
  });

  describe('a pass that proves nothing is not-run', () => {
    for (const [file, reason] of [
      ['gotest-no-match', 'No test ran: no test matches (example.com/cases/passing).'],
      ['gotest-skipped', 'No test ran: all tests were skipped (example.com/cases/skipped).'],
      ['gotest-no-files', 'No test ran: no test files (example.com/cases/notests, example.com/cases/tagged).'],
      [
        'gotest-testmain',
        'No test ran: the test binary exited with 0 before a test ran, as a TestMain does (example.com/cases/testmain).',
      ],
    ] as const) {
      it(file, () => {
        const result = parse('gotest', { stdout: recorded(`${file}.jsonl.txt`) });
        assert.equal(result.verdict, 'not-run');
        assert.equal(result.reason, reason);
      });
    }

    it('a parent whose subtests are all skipped', () => {
      const event = (Action: string, Test: string): string => JSON.stringify({ Action, Package: 'p', Test });
      const result = parse('gotest', { stdout: [event('skip', 'TestA/x'), event('pass', 'TestA')].join('\n') });
      assert.equal(result.reason, 'No test ran: all tests were skipped (p).');
    });

    it('packages that do not exist', () => {
      const stderr = 'go: warning: "./..." matched no packages\nno packages to test\n';
      assert.equal(parse('gotest', { stderr }).reason, 'No package matched: nothing was tested.');
    });

    it('no output at all', () => {
      const result = parse('gotest', {});
      assert.equal(result.verdict, 'not-run');
      assert.equal(result.reason, 'The output names no Go package: nothing shows that a test ran.');
    });

    it('plain "ok" without test names', () => {
      const result = parse('gotest', { stdout: 'ok  \texample.com/cases/passing\t0.005s\n' });
      assert.equal(result.verdict, 'not-run');
      assert.match(result.reason, /no test names, so none is known to have run; use go test -json or -v/);
      assert.equal(result.tests, undefined);
    });

    it('beside tests that passed, a TestMain that exits is a warning', () => {
      const stdout = recorded('gotest-pass.jsonl.txt') + recorded('gotest-testmain.jsonl.txt');
      const result = parse('gotest', { stdout });
      assert.equal(result.verdict, 'pass');
      assert.deepEqual(shown(result.issues), [
        'infrabuilder.yaml:1:1: warning gotest.no-tests: example.com/cases/testmain ended with exit code 0 before a test ran, as a TestMain does that exits.',
      ]);
    });
  });

  describe('the plain format', () => {
    it('names failures but cannot count', () => {
      const result = parse('gotest', { stdout: recorded('gotest-plain.txt'), ...failing });
      assert.equal(result.verdict, 'fail');
      assert.equal(result.tests, undefined);
      assert.equal(result.reason, '3 tests failed; 1 package could not be built.');
      assert.deepEqual(shown(result.issues).slice(0, 2), [
        'agent/builderror/builderror.go:4:9: error gotest.build: undefined: undefinedName',
        'agent/failing/failing_test.go:9:1: error gotest.failed: TestBreaks/sub_case: got 1, want 2\nsecond line of the message',
      ]);
      assert.ok(
        shown(result.issues).some((line) =>
          line.startsWith('agent/panicking/panicking_test.go:9:1: error gotest.panic'),
        ),
      );
    });

    it('with -v names and counts all', () => {
      const result = parse('gotest', { stdout: recorded('gotest-verbose.txt'), ...failing });
      assert.deepEqual(result.tests, { passed: 4, failed: 2, skipped: 1 });
      assert.ok(
        shown(result.issues).some((line) =>
          line.startsWith('agent/failing/failing_test.go:9:1: error gotest.failed: TestBreaks/sub_case'),
        ),
      );
    });

    it('survives the echo and the last word of make', () => {
      const stdout = `cd agent && go test -v ./...\n${recorded('gotest-verbose.txt')}`;
      const result = parse('gotest', { stdout, stderr: 'make: *** [Makefile:5: test] Error 1\n', exitCode: 2 });
      assert.equal(result.reason, '2 tests failed, 4 passed.');
    });

    it('does not take events that a test prints for tests', () => {
      const fake = '{"Action":"pass","Package":"p","Test":"TestFake"}';
      const stdout = `=== RUN   TestOne\n${fake}\n--- SKIP: TestOne (0.00s)\nPASS\nok  \texample.com/cases/x\t0.1s\n`;
      const result = parse('gotest', { stdout });
      assert.deepEqual(result.tests, { passed: 0, failed: 0, skipped: 1 });
      assert.equal(result.verdict, 'not-run');
    });

    it('knows a test that never finished', () => {
      const result = parse('gotest', {
        stdout: '=== RUN   TestHangs\n    a_test.go:3: waiting\n',
        exitCode: undefined,
      });
      assert.deepEqual(result.tests, { passed: 0, failed: 1, skipped: 0 });
    });
  });

  describe('go that did not get to the tests', () => {
    it('is an error with its last words', () => {
      const stderr = 'go: go.mod requires go >= 1.99 (running go 1.26; GOTOOLCHAIN=local)\n';
      const result = parse('gotest', { stderr, ...failing });
      assert.equal(result.verdict, 'error');
      assert.equal(result.reason, `go test did not get to the tests: ${stderr.trim()}`);
    });

    it('is an error of make when make has no such target', () => {
      const stderr = "make: *** No rule to make target 'test'.  Stop.\n";
      assert.equal(parse('gotest', { stderr, exitCode: 2 }).verdict, 'error');
    });
  });

  describe('coverage', () => {
    const check = { coverage: { min: 80 } };
    const stdout = recorded('gotest-pass.jsonl.txt');

    it('is the share of all statements where there is a profile', () => {
      const coverProfile = [
        'mode: set',
        'example.com/cases/passing/sum.go:3.28,5.31 8 1',
        'example.com/cases/lowcover/lowcover.go:4.15,6.3 1 0',
        'example.com/cases/lowcover/lowcover.go:7.2,7.17 1 1',
      ].join('\n');
      const result = parse('gotest', { stdout, coverProfile, check });
      assert.equal(result.verdict, 'pass');
      assert.equal(result.coverage, 90);
      assert.equal(result.reason, '4 passed, 1 skipped in 3 packages. Coverage 90.0 %.');
      assert.partialDeepStrictEqual(result.values[0], { name: 'coverage', value: 90, n: 10, min: 80, verdict: 'pass' });
    });

    it('counts a block once that several test binaries report (-coverpkg)', () => {
      const block = 'example.com/cases/passing/sum.go:3.28,5.31 4';
      const coverProfile = `mode: set\n${block} 0\n${block} 1\nexample.com/cases/passing/sum.go:6.1,7.2 1 0\n`;
      assert.equal(parse('gotest', { stdout, coverProfile }).coverage, 80);
    });

    it('below the minimum is a failure at the definition of the check', () => {
      const coverProfile = 'mode: set\nexample.com/cases/a/a.go:1.1,2.2 3 1\nexample.com/cases/b/b.go:1.1,2.2 1 0\n';
      const result = parse('gotest', { stdout, coverProfile, check });
      assert.equal(result.verdict, 'fail');
      assert.deepEqual(shown(result.issues), [
        'infrabuilder.yaml:1:1: error gotest.coverage: Coverage is 75.0 % of all statements, needed ≥ 80 percent. The lowest package is example.com/cases/b.',
      ]);
    });

    it('compares unrounded', () => {
      const coverProfile = 'mode: set\na/a.go:1.1,2.2 79999 1\na/a.go:3.1,4.2 20001 0\n';
      const result = parse('gotest', { stdout, coverProfile, check });
      assert.equal(result.verdict, 'fail');
      assert.match(result.reason, /Coverage is 79\.999 % of all statements, needed ≥ 80 percent/);
    });

    it('without a profile is what the lowest package guarantees', () => {
      const result = parse('gotest', { stdout, check });
      assert.equal(result.verdict, 'fail');
      assert.match(result.reason, /certain to be 0\.0 % only \(example\.com\/cases\/notests\)/);
      assert.equal(parse('gotest', { stdout, check: { coverage: { min: 0 } } }).verdict, 'pass');
    });

    it('that was asked for but not measured is not-run', () => {
      const plain = stdout.replaceAll(/\\tcoverage: [^\\]*|coverage: [^\\]*\\n/g, '');
      const result = parse('gotest', { stdout: plain, check });
      assert.equal(result.verdict, 'not-run');
      assert.match(result.reason, /No coverage was measured: add -cover/);
    });
  });
});
