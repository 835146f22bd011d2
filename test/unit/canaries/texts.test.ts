import assert from 'node:assert/strict';
import { isReadByGo } from '../../../src/core/canaries/builtin/checks.ts';
import { failingTest, skipAll, unformatted, untested } from '../../../src/core/canaries/builtin/goTests.ts';
import { retype } from '../../../src/core/canaries/builtin/schema.ts';
import { shorten } from '../../../src/core/canaries/shorten.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';

describe('a breaking change of a .proto', () => {
  const proto = (field: string) => `syntax = "proto3";\nmessage A {\n  // string old = 9;\n  ${field}\n}\n`;

  for (const [from, to] of [
    ['string name = 1;', 'double name = 1;'],
    ['repeated bytes parts = 2;', 'repeated double parts = 2;'],
    ['optional uint64 count=3;', 'optional string count=3;'],
    ['sfixed32 at = 4;', 'string at = 4;'],
  ] as const) {
    it(`${from} becomes ${to}`, () => assert.equal(retype(proto(from))?.text, proto(to)));
  }

  it('leaves comments, options and types of their own alone', () => {
    for (const field of ['/* \n string a = 1;\n */', 'string a = 1 [deprecated = true];', 'Kind kind = 1;', ''])
      assert.equal(retype(proto(field)), undefined, field);
  });
});

describe('defects in Go tests', () => {
  it('skip every test and fuzz test, and run no example', () => {
    const text = `package a

func TestA(t *testing.T) {
	x := 1
}

func TestB(_ *testing.T) {
}

func FuzzC(fuzz *testing.F) {
}

func ExampleD() {
	// Output: 1
}

func BenchmarkE(b *testing.B) {
}
`;
    assert.equal(
      skipAll(text),
      text
        .replace('TestA(t *testing.T) {', 'TestA(t *testing.T) {\n\tt.Skip("planted by the self-test")')
        .replace('TestB(_ *testing.T) {', 'TestB(t *testing.T) {\n\tt.Skip("planted by the self-test")')
        .replace('FuzzC(fuzz *testing.F) {', 'FuzzC(fuzz *testing.F) {\n\tfuzz.Skip("planted by the self-test")')
        .replace('// Output: 1', '// Said: 1'),
    );
    assert.equal(skipAll('package a\n\nfunc help(t *testing.T) {\n}\n'), undefined);
  });

  it('belong to the package that they are planted in', () => {
    for (const text of [failingTest('a_test'), untested('a_test', 3), unformatted('a_test')])
      assert.match(text, /^package a_test\n\n/);
    assert.equal(untested('a', 3).match(/\tn\+\+\n/g)?.length, 3);
  });

  it('are planted where the check looks', () => {
    const cases = [
      ['a/b.go', ['go', 'test', './...'], true],
      ['b.go', ['go', 'test', '-run=^$', '.'], true],
      ['a/b.go', ['go', 'test', './a/...'], true],
      ['a/c/b.go', ['go', 'test', './a/...'], true],
      ['a/c/b.go', ['go', 'test', './a'], false],
      ['ab/b.go', ['go', 'test', './a/...'], false],
      ['a/b.go', ['make', 'test'], true],
      ['vendor/a/b.go', ['go', 'test', './...'], false],
      ['a/testdata/b.go', ['go', 'test', './...'], false],
      ['_a/b.go', ['go', 'test', './...'], false],
      ['a/b.txt', ['go', 'test', './...'], false],
    ] as const;
    for (const [path, argv, isRead] of cases) assert.equal(isReadByGo(path, argv), isRead, `${path} ${argv.join(' ')}`);
  });
});

describe('a shortened scenario', () => {
  const short = (text: string, seconds: number) => {
    const { value } = parseScenario(text, 's.yml');
    assert.ok(value);
    return shorten(text, value, seconds);
  };

  it('has the asked length, and keeps the rest with its comments', () => {
    const text = (duration: string) =>
      `name: s # mine\nworkload:\n  type: standard\n  params:\n    pids: 500\n    ${duration}\n`;
    assert.equal(short(text('duration_minutes: 10'), 15), text('duration_seconds: 15'));
    assert.equal(short('name: s\nworkload: {type: standard}\n', 15).includes('duration_seconds: 15'), true);
  });

  it('injects the first fault only, and soon', () => {
    const text = `name: s
workload: {type: standard, params: {duration_seconds: 90}}
failures:
  - type: network_partition
    target: otelcol
    at_seconds: 20
    duration_seconds: 10
  - type: service_restart
    at_seconds: 60
`;
    const { value } = parseScenario(short(text, 15), 's.yml');
    assert.deepEqual(
      value?.failures.map(({ type, at_seconds, duration_seconds }) => [type, at_seconds, duration_seconds]),
      [['network_partition', 5, 10]],
    );
    assert.equal(value?.workload?.params?.duration_seconds, 15);
  });

  it('waits no longer in a step', () => {
    const wait = (seconds: number) => `      - {action: wait, params: {duration_seconds: ${seconds}}}\n`;
    const text = (seconds: number) => `name: s\nscenarios:\n  - name: a\n    steps:\n${wait(seconds)}${wait(3)}`;
    assert.equal(short(text(60), 5), text(5));
  });
});
