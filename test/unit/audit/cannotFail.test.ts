import assert from 'node:assert/strict';
import { codes, lines } from './support.ts';

describe('a check that cannot fail, in shell', () => {
  for (const line of [
    'go test ./... || true',
    'make test || :',
    'pytest || exit 0',
    './validate_goal.sh G-2 || echo "never mind"',
    'go test ./... ; exit 0',
    'go test ./... | tee log.txt',
    'echo "result: $(go test ./...)"',
    'local out=$(golangci-lint run)',
    'make -i test',
  ]) {
    it(line, () => assert.deepEqual(codes('x.sh', lines('set -e', line)), ['2 cannot-fail']));
  }

  it('the next line says PASS whatever came before', () => {
    assert.deepEqual(codes('x.sh', lines('go test ./...', 'echo "PASS"', 'exit $?')), ['1 cannot-fail']);
    assert.deepEqual(codes('x.sh', lines('set -e', 'go test ./...', 'echo "PASS"')), []);
  });

  it('both branches say PASS', () => {
    const script = (other: string) =>
      lines('set -e', 'if grep -q x out; then', '  echo "PASS"', 'else', `  ${other}`, 'fi');
    assert.deepEqual(codes('x.sh', script('echo "PASS (within tolerance)"')), ['2 cannot-fail']);
    assert.deepEqual(codes('x.sh', script('echo "FAIL"')), []);
    assert.deepEqual(codes('x.sh', script('echo "PASS"; exit 1')), []);
    assert.deepEqual(codes('x.sh', lines('set -e', 'if grep -q x y; then echo PASS; else echo PASS; fi')), [
      '2 cannot-fail',
    ]);
  });

  it('no statement ends it with anything but 0', () => {
    assert.deepEqual(codes('check.sh', lines('set +e', 'go test ./...', 'echo finished')), ['3 cannot-fail']);
    assert.deepEqual(codes('check.sh', lines('go test ./...')), []);
    assert.deepEqual(codes('check.sh', lines('go test ./... || failed=1', 'echo done', 'exit $failed')), []);
  });

  it('a run that matches no test', () => {
    assert.deepEqual(codes('x.sh', lines('set -e', "go test -run '^$' ./...")), ['2 runs-no-test']);
    assert.deepEqual(codes('x.sh', lines('set -e', 'go test -run=XXX ./...')), ['2 runs-no-test']);
    assert.deepEqual(codes('x.sh', lines('set -e', "go test -run '^$' -bench . ./...")), []);
  });
});

describe('a check that can fail', () => {
  for (const line of [
    'go test ./...',
    'go test ./... || exit 1',
    'go test ./... || { echo "tests failed"; exit 1; }',
    'go test ./... || failed=1',
    'if go test ./... | grep -q FAIL; then exit 1; fi',
    'out=$(go test ./...)',
    'rm -rf out || true',
    'grep -c x out.txt || true',
    'go test ./... && echo PASS',
    'set -o pipefail; go test ./... | tee log.txt',
  ]) {
    it(line, () => assert.deepEqual(codes('x.sh', lines('set -e', line)), []));
  }
});

describe('a check that cannot fail, elsewhere', () => {
  it('in a Makefile', () => {
    const text = 'test:\n\t-go test ./...\n\t@-make lint\nclean:\n\t-rm x\n.IGNORE: test\nok:\n\t@go test ./...\n';
    assert.deepEqual(codes('Makefile', text), ['6 cannot-fail', '2 cannot-fail', '3 cannot-fail']);
  });

  it('in CI: a step that runs a check, not one that uploads', () => {
    const text = lines(
      'jobs:',
      '  a:',
      '    steps:',
      '      - run: go test ./...',
      '        continue-on-error: true',
      '      - uses: upload',
      '        continue-on-error: true',
      '      - run: |',
      '          go vet ./... || true',
    );
    assert.deepEqual(codes('.github/workflows/ci.yml', text), ['5 cannot-fail', '9 cannot-fail']);
    assert.deepEqual(codes('.gitlab-ci.yml', lines('lint:', '  script:', '    - make lint', '  allow_failure: true')), [
      '4 cannot-fail',
    ]);
  });

  it('in npm scripts', () => {
    const text =
      '{\n"scripts": {\n"test": "echo \\"no tests yet\\"",\n"lint": "eslint . || true",\n"check": "jest --passWithNoTests",\n"build": "tsc"\n}\n}';
    assert.deepEqual(codes('package.json', text), ['3 runs-no-test', '4 cannot-fail', '5 runs-no-test']);
  });
});

describe('tests that cannot fail', () => {
  it('in Go', () => {
    const text = lines(
      'package a',
      'func TestEmpty(t *testing.T) {',
      '\t// later',
      '}',
      'func TestLog(t *testing.T) {',
      '\tt.Log("{")',
      '}',
      'func TestReal(t *testing.T) {',
      '\tif f() != 1 { t.Fatal("x") }',
      '}',
      'func TestHelper(t *testing.T) {',
      '\tcheck(t, 1)',
      '}',
      'func TestConstant(t *testing.T) {',
      '\tassert.True(t, true)',
      '}',
    );
    assert.deepEqual(codes('a_test.go', text), ['2 empty-test', '5 hollow-test', '15 constant-assertion']);
  });

  it('in Go, but not where the compiler or a helper checks, and not in a string', () => {
    const text = lines(
      'package a',
      'func TestInterface(t *testing.T) {',
      '\tvar _ I = (*T)(nil)',
      '}',
      'func TestField(t *testing.T) {',
      '\trun(Case{tb: t, want: 1})',
      '}',
      'const source = `',
      'func TestInside(t *testing.T) {}',
      '\tassert.True(t, true)',
      '`',
      'func TestBrace(t *testing.T) { // }',
      '\tif f(\'}\', "}") { t.Error() }',
      '}',
    );
    assert.deepEqual(codes('a_test.go', text), []);
  });

  it('in TypeScript', () => {
    const text = lines(
      "it('a', () => {});",
      "test('b', async () => {",
      '  // later',
      '});',
      "it('c', () => {",
      '  expect(true).toBe(true);',
      '  expect(f()).toBe(true);',
      '});',
    );
    assert.deepEqual(codes('a.test.ts', text), ['1 empty-test', '2 empty-test', '6 constant-assertion']);
  });

  it('in Python', () => {
    const text = lines(
      'def test_a():',
      '    pass',
      '',
      'def test_b():',
      '    """Doc."""',
      '    assert f() == 1',
      '',
      'def test_c():',
      '    assert True',
    );
    assert.deepEqual(codes('test_a.py', text), ['1 empty-test', '9 constant-assertion']);
  });

  it('in files that are made to take long', () => {
    assert.deepEqual(codes('test_a.py', `def test_a():\n${'   \n'.repeat(30_000)}    x()\n`), []);
    assert.deepEqual(codes('a_test.go', `func TestA(t *testing.T) {${'{'.repeat(100_000)}`), ['1 hollow-test']);
  });
});
