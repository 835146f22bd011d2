import assert from 'node:assert/strict';
import type { ParserRun } from '../../../src/core/checks/parsers/parser.ts';
import { parse, recorded, shown } from './support.ts';

describe('parser golangci', () => {
  const found = [
    'agent/sub/sub.go:6:11: error golangci.errcheck: Error return value of `os.Remove` is not checked (errcheck)',
    'agent/sub/sub.go:9:6: error golangci.unused: func helper is unused (unused)',
  ];
  const typecheck = ['agent/sub/sub.go:4:9: error golangci.typecheck: undefined: undefinedName (typecheck)'];

  for (const [title, file, issues] of [
    ['plain text', 'golangci-v2.txt', found],
    ['JSON with text after it', 'golangci-v2.json.txt', found],
    ['compile errors in plain text', 'golangci-v2-typecheck.txt', typecheck],
    ['compile errors in JSON', 'golangci-v2-typecheck.json.txt', typecheck],
  ] as const) {
    it(`reads ${title}`, () => {
      const result = parse('golangci', { stdout: recorded(file), exitCode: 1 });
      assert.equal(result.verdict, 'fail');
      assert.deepEqual(shown(result.issues), issues);
    });
  }

  it('says that a compile error blinds the other linters', () => {
    const { reason } = parse('golangci', { stdout: recorded('golangci-v2-typecheck.txt'), exitCode: 1 });
    assert.equal(reason, 'golangci-lint found 1 issue. The code does not compile, so other linters saw little of it.');
  });

  it('reads the JSON of version 1, whose issues may be warnings', () => {
    const stdout =
      '{"Issues":[{"FromLinter":"revive","Text":"exported: comment missing","Severity":"warning","SourceLines":["x"],' +
      '"Replacement":null,"LineRange":{"From":3,"To":4},"Pos":{"Filename":"main.go","Offset":9,"Line":3,"Column":0},' +
      '"ExpectNoLint":false,"ExpectedNoLintLinter":""}],"Report":{"Linters":[{"Name":"revive","Enabled":true}]}}\n';
    const result = parse('golangci', { stdout, exitCode: 1 });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), [
      'agent/main.go:3:1: warning golangci.revive: exported: comment missing (revive)',
    ]);
  });

  it('fails on findings also when told to exit with 0', () => {
    assert.equal(parse('golangci', { stdout: recorded('golangci-v2.txt'), exitCode: 0 }).verdict, 'fail');
  });

  it('passes when it says that there is nothing, and when version 1 says nothing', () => {
    assert.equal(parse('golangci', { stdout: recorded('golangci-v2-clean.json.txt') }).verdict, 'pass');
    assert.equal(parse('golangci', { stdout: '0 issues.\n' }).verdict, 'pass');
    assert.equal(parse('golangci', { stdout: '{"Issues":null,"Report":{}}\n' }).verdict, 'pass');
    assert.equal(parse('golangci', {}).verdict, 'pass');
  });

  it('has not run where there is no Go file', () => {
    const stderr =
      'level=error msg="Running error: context loading failed: no go files to analyze: running `go mod tidy` may solve the problem"\n';
    assert.equal(parse('golangci', { stderr, exitCode: 5 }).verdict, 'not-run');
  });

  it('is an error when its configuration is wrong, also behind make', () => {
    const stderr =
      "Error: unknown linters: 'nosuchlinter', run 'golangci-lint help linters' to see the list of supported linters\n" +
      'The command is terminated due to an error: unknown linters\n';
    for (const run of [
      { stderr, exitCode: 3 },
      { stderr: `${stderr}make: *** [Makefile:2: lint] Error 3\n`, exitCode: 2 },
    ]) {
      const result = parse('golangci', run);
      assert.equal(result.verdict, 'error');
      assert.match(result.reason, /^golangci-lint could not run: unknown linters: 'nosuchlinter'/);
      assert.match(shown(result.issues)[0] ?? '', /^infrabuilder\.yaml:1:1: error golangci\.broken: /);
    }
  });

  it('is an error, not a pass, when it ran out of time or speaks an unknown format', () => {
    assert.match(parse('golangci', { exitCode: 4 }).reason, /ran out of time/);
    assert.match(parse('golangci', { stdout: '<checkstyle/>', exitCode: 1 }).reason, /format that is not known/);
  });
});

describe('parser gofmt', () => {
  it('fails for each file that it lists, although it exits with 0', () => {
    const result = parse('gofmt', { stdout: 'a.go\nsub/b.go\n' });
    assert.equal(result.verdict, 'fail');
    assert.equal(result.reason, 'gofmt found 2 files not formatted.');
    assert.deepEqual(shown(result.issues), [
      'agent/a.go:1:1: warning gofmt.unformatted: Not formatted. Run: gofmt -w a.go',
      'agent/sub/b.go:1:1: warning gofmt.unformatted: Not formatted. Run: gofmt -w sub/b.go',
    ]);
  });

  it('does not take a command that make echoes for a file', () => {
    assert.equal(parse('gofmt', { stdout: 'cd agent && gofmt -l main.go\ngofmt -l main.go\n' }).verdict, 'pass');
  });

  it('puts a syntax error at its place', () => {
    const result = parse('gofmt', { stderr: "bad.go:3:1: expected '}', found 'EOF'\n", exitCode: 2 });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), ["agent/bad.go:3:1: error gofmt.syntax: expected '}', found 'EOF'"]);
  });

  it('has not run where there is no Go file, and is an error where it could not look', () => {
    assert.equal(parse('gofmt', { hasSubject: false }).verdict, 'not-run');
    assert.equal(parse('gofmt', { stderr: 'lstat nosuch: no such file or directory', exitCode: 2 }).verdict, 'error');
  });
});

describe('parser buf', () => {
  it('reads file:line:column:message', () => {
    const stdout = 'proto/a.proto:3:9:Message name "bad_name" should be PascalCase, such as "BadName".\n';
    const result = parse('buf', { stdout, exitCode: 100 });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), [
      'agent/proto/a.proto:3:9: error buf.finding: Message name "bad_name" should be PascalCase, such as "BadName".',
    ]);
  });

  it('reads JSON with its range and rule', () => {
    const stdout =
      '{"path":"proto/a.proto","start_line":4,"start_column":10,"end_line":4,"end_column":15,"type":"FIELD_LOWER_SNAKE_CASE","message":"Field name"}\n';
    const [issue] = parse('buf', { stdout, exitCode: 100 }).issues;
    assert.equal(issue?.code, 'buf.field-lower-snake-case');
    assert.deepEqual(issue?.range, { start: { line: 4, column: 10 }, end: { line: 4, column: 15 } });
  });

  it('has not run without a .proto file', () => {
    const result = parse('buf', { stderr: 'Failure: Module "path: "proto"" had no .proto files\n', exitCode: 1 });
    assert.equal(result.verdict, 'not-run');
  });

  it('is an error when there is nothing to compare with', () => {
    const stderr = "Failure: could not clone file:///ws/.git: exit status 128\nfatal: '/ws/.git' is not a repository\n";
    const result = parse('buf', { stderr, exitCode: 1 });
    assert.equal(result.verdict, 'error');
    assert.equal(result.reason, 'buf could not run: could not clone file:///ws/.git: exit status 128');
  });
});

describe('parser generic', () => {
  it('takes places from both streams, with the weight that the message names', () => {
    const stdout = 'a/b.c:3:7: error: no\n/ws/agent/d.py:9: W1\nC:\\other\\e.ts:1:2: x\nat 10:20:30: tick\n';
    const result = parse('generic', { stdout, stderr: 'b.c:4: note: here\nvet: ./v.go:1:2: bad', exitCode: 1 });
    assert.deepEqual(shown(result.issues), [
      'agent/a/b.c:3:7: error check.generic: error: no',
      'agent/d.py:9:1: error check.generic: W1',
      'infrabuilder.yaml:1:1: error check.generic: C:\\other\\e.ts:1: x',
      'agent/b.c:4:1: info check.generic: note: here',
      'agent/v.go:1:2: error check.generic: bad',
    ]);
  });

  it('knows the root on Windows by drive, whatever the separators and letter case', () => {
    const [issue] = parse('generic', {
      root: 'C:\\Work\\ws',
      stdout: 'c:/work/ws/src\\a.ts:3:4: x',
      exitCode: 1,
    }).issues;
    assert.equal(issue?.file, 'src/a.ts');
  });

  it('passes in silence and says what that proves', () => {
    const result = parse('generic', {});
    assert.equal(result.verdict, 'pass');
    assert.match(result.reason, /no output: it found nothing to complain about, which does not show how much/);
  });

  it('passes with warnings', () => {
    const result = parse('generic', { stdout: 'a.js:3:1: unused' });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual(shown(result.issues), ['agent/a.js:3:1: warning check.generic: unused']);
  });

  it('fails at the definition when no place was printed, or at the Makefile', () => {
    assert.deepEqual(shown(parse('generic', { stderr: 'boom\n', exitCode: 7 }).issues), [
      'infrabuilder.yaml:1:1: error check.generic: tool failed with exit code 7: boom',
    ]);
    const stderr = 'boom\nmake: *** [Makefile:5: e2e] Error 7\n';
    assert.deepEqual(shown(parse('generic', { stderr, exitCode: 2 }).issues), [
      'agent/Makefile:5:1: error check.generic: tool failed with exit code 2: boom',
    ]);
  });
});

describe('parser replay', () => {
  const check = { replay: { corpus: 'corpus.jsonl', out: 'out' } };
  const values = [
    { name: 'topn_capture_ratio', value: 78.2, unit: 'percent', n: 240 },
    { name: 'tail_error', value: 0, unit: 'percent' },
  ];
  const replay = (part: Omit<Partial<ParserRun>, 'check'>): ReturnType<typeof parse> =>
    parse('replay', { check, hasSubject: true, oracle: { values, issues: [] }, ...part });

  it('takes the values of the oracle, not those that the script prints', () => {
    const result = replay({ stdout: 'topn_capture_ratio: 99.9\n' });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual(result.values, values);
  });

  it('fails when a value breaks its threshold', () => {
    const thresholds = { topn_capture_ratio: { min: 95, unit: 'percent' }, tail_error: { max: 5 } };
    const result = replay({ thresholds });
    assert.equal(result.verdict, 'fail');
    assert.equal(result.reason, 'Beyond the threshold: topn_capture_ratio 78.2 (≥ 95).');
    assert.deepEqual(
      result.values.map(({ min, max, verdict }) => [min, max, verdict]),
      [
        [95, undefined, 'fail'],
        [undefined, 5, 'pass'],
      ],
    );
  });

  it('is no pass when a KPI of the oracle was not measured, or has a limit in another unit', () => {
    const missing = replay({ oracle: { values, issues: [], verdicts: { p95p99_error: 'not-run' } } });
    assert.deepEqual([missing.verdict, missing.reason], ['not-run', 'Not measured: p95p99_error.']);
    assert.equal(replay({ thresholds: { tail_error: { max: 5, unit: 'count' } } }).verdict, 'error');
  });

  it('leaves the limits of KPIs alone that only a live run can measure', () => {
    assert.equal(replay({ thresholds: { cpu_usage: { max: 2 } } }).verdict, 'pass');
  });

  it('keeps a value that is too noisy or not to be trusted as it is, on either side of the limit', () => {
    for (const verdict of ['inconclusive', 'error'] as const) {
      const noisy = { name: 'tail_error', value: 9, unit: 'percent', verdict };
      const result = replay({ oracle: { values: [noisy], issues: [] }, thresholds: { tail_error: { max: 5 } } });
      assert.equal(result.verdict, verdict);
    }
  });

  it('fails when the script fails, whatever the oracle would say', () => {
    assert.equal(replay({ exitCode: 1, stderr: 'docker is down' }).verdict, 'fail');
  });

  it('fails when the oracle finds an error', () => {
    const range = { start: { line: 3, column: 1 }, end: { line: 3, column: 1 } };
    const issue = {
      code: 'oracle.counts',
      severity: 'error',
      message: 'counts are lost',
      file: 'out/sketches.jsonl',
      range,
    } as const;
    const result = replay({ oracle: { values, issues: [issue] } });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), ['out/sketches.jsonl:3:1: error oracle.counts: counts are lost']);
  });

  it('has not run when the output is old, when nobody judges, and when nothing was measured', () => {
    assert.match(replay({ hasSubject: false }).reason, /wrote no new raw output to out/);
    assert.equal(replay({ oracle: undefined }).verdict, 'not-run');
    assert.equal(replay({ oracle: { values: [], issues: [] } }).verdict, 'not-run');
    assert.equal(parse('replay', {}).verdict, 'not-run');
  });
});
