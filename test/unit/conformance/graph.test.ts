import assert from 'node:assert/strict';
import { found, goFile, issues, rulesFile, scan } from './support.ts';

const own = (...folders: string[]) => folders.map((folder) => `"example.com/agent/${folder}"`);

describe('layers', () => {
  const files = {
    'cli/c.go': goFile(own('engine', 'base')),
    'engine/e.go': goFile(own('base', 'checks')),
    'checks/k.go': goFile(own('base')),
    'base/b.go': goFile(['"fmt"']),
  };
  const rules = (options = '') =>
    rulesFile(
      ['cli', 'engine', 'checks', 'base'],
      `  - {id: r, kind: layers, layers: [cli, [engine, checks], base]${options}}\n`,
    );

  it('go down, and sideways within a layer', async () => {
    assert.deepEqual(found(await scan({ rules: rules(), files })), []);
  });

  it('never go up', async () => {
    const report = await scan({ rules: rules(), files: { ...files, 'base/b.go': goFile(own('engine', 'cli')) } });
    assert.deepEqual(found(report), ['base/b.go:4:2 r', 'base/b.go:5:2 r']);
  });

  it('when closed, go to the next only', async () => {
    const report = await scan({ rules: rules(', closed: true'), files });
    assert.deepEqual(found(report), ['cli/c.go:5:2 r']);
  });
});

describe('cycles', () => {
  const files = {
    'a/a.go': goFile(own('b')),
    'b/b.go': goFile(['"fmt"', ...own('c')]),
    'c/c.go': goFile(own('a', 'd')),
    'd/d.go': 'package d\n',
  };

  it('are found once, by the shortest way, with every import on it', async () => {
    const report = await scan({ rules: rulesFile(['a', 'b', 'c', 'd'], '  - {id: r, kind: acyclic}\n'), files });
    assert.deepEqual(found(report), ['a/a.go:4:2 r']);
    const [violation] = report.violations;
    assert.equal(violation?.target, 'a -> b -> c -> a');
    assert.deepEqual(
      violation?.related.map(({ file, range }) => `${file}:${range.start.line}`),
      ['b/b.go:5', 'c/c.go:4'],
    );
  });

  it('stay found when a second knot is there', async () => {
    const more = { ...files, 'd/d.go': goFile(own('e')), 'e/e.go': goFile(own('d')) };
    const report = await scan({
      rules: rulesFile(['a', 'b', 'c', 'd', 'e'], '  - {id: r, kind: acyclic}\n'),
      files: more,
    });
    assert.deepEqual(
      report.violations.map(({ target }) => target),
      ['a -> b -> c -> a', 'd -> e -> d'],
    );
  });

  it('among folders do not count external tests, which Go compiles apart', async () => {
    const rules = rulesFile(['a', 'b'], '  - {id: r, kind: acyclic, of: folders}\n');
    const clean = {
      'a/a.go': goFile(own('b')),
      'b/b.go': 'package b\n',
      'b/b_test.go': goFile(own('a'), '', 'b_test'),
    };
    assert.deepEqual(found(await scan({ rules, files: clean })), []);
    const broken = { ...clean, 'b/b.go': goFile(own('a'), '', 'b') };
    assert.deepEqual(found(await scan({ rules, files: broken })), ['a/a.go:4:2 r']);
  });
});

describe('independence', () => {
  const rules = (options = '') =>
    rulesFile(['a', 'b', 'c'], `  - {id: r, kind: independent, components: [a, b]${options}}\n`);
  const files = { 'a/a.go': goFile(own('c')), 'b/b.go': goFile(own('c')), 'c/c.go': 'package c\n' };

  it('allows a common third', async () => {
    assert.deepEqual(found(await scan({ rules: rules(', transitive: true'), files })), []);
  });

  it('is broken by an import either way, or through a third', async () => {
    assert.deepEqual(found(await scan({ rules: rules(), files: { ...files, 'b/b.go': goFile(own('a')) } })), [
      'b/b.go:4:2 r',
    ]);
    const through = { ...files, 'c/c.go': goFile(own('b'), '', 'c') };
    assert.deepEqual(found(await scan({ rules: rules(), files: through })), []);
    assert.deepEqual(found(await scan({ rules: rules(', transitive: true'), files: through })), ['a/a.go:4:2 r']);
  });
});

describe('structure', () => {
  const files = { 'a/a.go': 'package a\n', 'a/util.go': 'package a\n', 'b/b_test.go': 'package b\n' };

  it('asks for modules with code, not for folders or tests', async () => {
    const report = await scan({
      rules: rulesFile(['a', 'b', 'c'], '  - {id: r, kind: structure, required: [a, b, c, "a/util.go"]}\n'),
      files,
    });
    assert.deepEqual(found(report), ['conformance.yaml:7:44 r', 'conformance.yaml:7:47 r']);
    assert.deepEqual(report.rules[0]?.counts, { a: 2, b: 0, c: 0, 'a/util.go': 1 });
    assert.deepEqual(issues(report), []);
  });

  it('says which files may be there', async () => {
    const allow = rulesFile(['a', 'b'], '  - {id: r, kind: structure, in: a, allow: ["a/a.go"]}\n');
    assert.deepEqual(found(await scan({ rules: allow, files })), ['a/util.go:1:1 r']);
    const deny = rulesFile(['a', 'b'], '  - {id: r, kind: structure, deny: ["**/util*.go"]}\n');
    assert.deepEqual(found(await scan({ rules: deny, files })), ['a/util.go:1:1 r']);
  });
});
