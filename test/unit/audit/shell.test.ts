import assert from 'node:assert/strict';
import { isCheck, printsPass } from '../../../src/core/audit/shell/checks.ts';
import { candidates, fileUse } from '../../../src/core/audit/shell/reads.ts';
import { readUnits } from '../../../src/core/audit/shell/script.ts';
import { splitCommands, words } from '../../../src/core/audit/shell/split.ts';
import { lines } from './support.ts';

function split(line: string): string {
  return splitCommands(line)
    .map(({ text, operator }) => `[${text}]${operator}`)
    .join('');
}

describe('shell lines', () => {
  it('are split at operators, not inside quotes, substitutions and groups', () => {
    assert.equal(split('a && b || c; d | e & f # g && h'), '[a]&&[b]||[c];[d]|[e]&[f]');
    assert.equal(split(`echo "a || b" 'c | d' $(e && f) { g; h; }`), `[echo "a || b" 'c | d' $(e && f) { g; h; }]`);
    assert.equal(split('a >x 2>&1 || b &>y'), '[a >x 2>&1]||[b &>y]');
    assert.equal(split('"unclosed || a'), '["unclosed || a]');
    assert.equal(split(''), '');
  });

  it('have words without quotes', () => {
    assert.deepEqual(words(`grep -q "^## A b" 'docs/x y.md' >out 2>>err <in`), [
      'grep',
      '-q',
      '^## A b',
      'docs/x y.md',
      '>out',
      '>>err',
      '<in',
    ]);
  });

  it('are checks where their exit code is a verdict', () => {
    for (const yes of [
      'go test ./...',
      'if go vet ./...',
      'CGO_ENABLED=0 go build',
      'make -C x lint',
      './run_tests.sh',
      'npm run test:unit',
      'timeout 60 pytest',
      'bash scripts/verify.sh',
    ]) {
      assert.equal(isCheck(yes), true, yes);
    }
    for (const no of [
      'rm -f test',
      'echo go test',
      'go mod tidy',
      'npm install',
      'grep -c x y',
      'make clean',
      'test=1',
      './build',
    ]) {
      assert.equal(isCheck(no), false, no);
    }
    assert.equal(printsPass('echo "✅ G-4 PASS"'), true);
    assert.equal(printsPass('echo "PASS or FAIL"'), false);
  });
});

describe('units of shell commands', () => {
  const units = (file: string, text: string) =>
    readUnits(file, text).map(
      ({ name, lines: all, stopsOnError }) =>
        `${name}${stopsOnError ? '!' : ''}: ${all.map(({ line, text: shown, signs }) => `${line}${signs} ${shown}`).join(' / ')}`,
    );

  it('a script: continuations joined, comments and here-documents left out', () => {
    const text = lines('#!/bin/sh', '# go test', 'a \\', '  b', 'cat <<EOF', 'go test || true', 'EOF', 'set -eu', 'c');
    assert.deepEqual(units('x.sh', text), ['x.sh!: 1 #!/bin/sh / 3 a  b / 5 cat <<EOF / 8 set -eu / 9 c']);
  });

  it('a Makefile: one unit a target', () => {
    const text = 'VAR := x\ntest: build\n\t@-go test $$X\nlint:\n\tone \\\n\t  two\n# end\n';
    assert.deepEqual(units('Makefile', text), ['test!: 3@- go test $X', 'lint!: 5 one  two']);
  });

  it('CI: lines, blocks and lists', () => {
    const text = lines(
      'jobs:',
      '  a:',
      '    steps:',
      '      - name: One',
      '        run: go test',
      '      - name: Two',
      '        run: |',
      '          a',
      '          b',
      '      - uses: x',
      'other:',
      '  script:',
      '    - make test',
      '    - make lint',
    );
    assert.deepEqual(units('.github/workflows/ci.yml', text), [
      'One!: 5 go test',
      'Two!: 8 a / 9 b',
      'Two!: 13 make test / 14 make lint',
    ]);
  });

  it('npm scripts', () => {
    assert.deepEqual(units('package.json', '{\n "scripts": {\n  "test": "mocha"\n }\n}'), ['test!: 3 mocha']);
    for (const bad of ['{', '[]', 'null', '{"scripts": 1}', '{"scripts": {"a": 1}}'])
      assert.deepEqual(units('package.json', bad), []);
  });
});

describe('files that shell commands read', () => {
  const use = (...text: readonly string[]) => {
    const [unit] = readUnits('scripts/x.sh', lines(...text));
    assert.ok(unit);
    return fileUse(unit);
  };
  const reads = (...text: readonly string[]) =>
    use(...text).reads.map(
      ({ path, pattern, isPartial }) => `${path}${isPartial ? '?' : ''}${pattern === undefined ? '' : ` /${pattern}/`}`,
    );

  it('by name, with variables that are known', () => {
    assert.deepEqual(reads('LOG=logs/a.log', 'r=$(grep -m 1 ratio "$LOG" | awk \'{print $2}\')'), [
      'logs/a.log /ratio/',
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's placeholder
    assert.deepEqual(reads('OUT="${1:-results}"', 'cat "$OUT/a.txt"'), ['results/a.txt']);
    assert.deepEqual(reads('here=$(cd "$(dirname "$0")" && pwd)', 'if grep -qF "a.b" "$here/x.md"; then', 'fi'), [
      'x.md /a\\.b/',
    ]);
    assert.deepEqual(reads("awk '/^## A/{p=1}' docs/r.md", 'while read x; do :; done < in.txt'), [
      'docs/r.md /^## A/',
      'in.txt',
    ]);
  });

  it('marks what only a run can know', () => {
    assert.deepEqual(reads('grep x "$DIR/metrics.txt"'), ['/metrics.txt?  /x/'.replace('  ', ' ')]);
    assert.deepEqual(reads('grep "$WORD" a.md', 'grep -r x docs/a', 'cat /dev/null *.log'), ['a.md']);
  });

  it('what they write, and where they go', () => {
    const { writes, folders } = use('cd ../e2e', 'go test > out.txt', 'a | tee -a log.txt', 'b -o c.json --out=d.json');
    assert.deepEqual(
      writes.map(({ path }) => path),
      ['out.txt', 'log.txt', 'c.json', 'd.json'],
    );
    assert.deepEqual(folders, ['../e2e']);
  });

  it('are looked for from the script, from above it and from where it goes', () => {
    assert.deepEqual(candidates('docs/a.md', 'e2e/x/s.sh', ['..']), ['e2e/docs/a.md', 'docs/a.md', 'e2e/x/docs/a.md']);
  });
});
