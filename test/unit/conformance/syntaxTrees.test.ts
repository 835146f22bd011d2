import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../../../src/core/base/errors.ts';
import { PatternSet } from '../../../src/core/conformance/patterns.ts';
import { RESOURCES } from '../../../src/core/conformance/resources.ts';
import { SYNTAX_LANGUAGES } from '../../../src/core/model/conformance.ts';
import { QueryError } from '../../../src/core/ports.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { trees } from './support.ts';

describe('syntax trees', () => {
  it('have a grammar for every language, each with its own version', async () => {
    const versions = await Promise.all(SYNTAX_LANGUAGES.map(async (name) => (await trees.grammar(name)).version));
    assert.equal(new Set(versions).size, SYNTAX_LANGUAGES.length);
    assert.equal(await trees.grammar('go'), await trees.grammar('go'));
  });

  it('say which file is missing', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'grammars-'));
    try {
      await assert.rejects(
        createSyntaxTrees({ grammarDir: empty }).grammar('go'),
        (error) => error instanceof EnvironmentError && error.message.includes(join(empty, 'web-tree-sitter.wasm')),
      );
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it('place nodes by UTF-16 units and free the tree also when the reader throws', async () => {
    const go = await trees.grammar('go');
    const text = 'package p\n\nvar s = "ü😀"; var t int\n';
    const at = go.read(text, (root) => root.namedChildren[2]?.startPosition);
    assert.deepEqual([at?.row, at?.column], [2, text.split('\n')[2]?.indexOf('var t')]);
    assert.throws(() => go.read(text, () => assert.fail('reader')), /reader/);
    assert.equal(
      go.read('package q\n', (root) => root.text),
      'package q\n',
    );
  });

  it('refuse a query with the place of the mistake, counted in UTF-16 units', async () => {
    const go = await trees.grammar('go');
    const query = '; größe 😀\n(nosuch) @x';
    assert.throws(
      () => go.compile(query),
      (error) => error instanceof QueryError && error.offset === query.indexOf('nosuch'),
    );
  });

  describe('know by its words where a pattern cannot match', () => {
    const cases: [query: string, text: string, may: boolean][] = [
      ['((identifier) @a (#eq? @a "panic"))', 'x', false],
      ['((identifier) @a (#eq? @a "panic"))', 'xpanicx', true],
      ['((identifier) @a (#any-of? @a "one" "two"))', 'a two b', true],
      ['((identifier) @a (#any-of? @a "one" "two"))', 'a three b', false],
      ['((identifier) @a (#match? @a "^Max.*Memory$"))', 'x := MaxAnyMemoryY', true],
      ['((identifier) @a (#match? @a "^Max"))', 'x := y', false],
      ['((identifier) @a (#match? @a "[^$]x"))', '$x', false],
      ['((identifier) @a (#not-eq? @a "panic"))', 'x', true],
      ['((identifier) @a)', '', true],
      ['; (#eq? @a "panic")\n((identifier) @a)', 'x', true],
      ['(call_expression (identifier)? @a (#eq? @a "panic"))', 'x()', true],
      ['([(identifier) @a (field_identifier) @b] (#eq? @a "panic"))', 'x', true],
      ['((identifier) @a (#match? @a "(?:panic)"))', 'x', true],
    ];
    for (const [query, text, may] of cases) {
      it(`${query} in ${JSON.stringify(text)}: ${may ? 'may' : 'cannot'}`, async () => {
        const go = await trees.grammar('go');
        const compiled = go.compile(query);
        assert.equal(compiled.mayMatch(0, text), may);
        compiled.dispose();
      });
    }
  });

  it('find the same hits with and without that knowledge', async () => {
    const go = await trees.grammar('go');
    const patterns = Object.entries(RESOURCES).map(([id, { query, not }]) => ({
      id,
      language: 'go' as const,
      query,
      not,
    }));
    const set = new PatternSet(go, patterns);
    const bodies = [
      'func f() { f, _ := os.Open("a"); g() }',
      'func f() { http.Get("a"); debug.SetMemoryLimit(1) }',
      'func f() { t := time.NewTimer(1); use(c.CPUBudget) }',
      'func f() {}',
    ];
    let found = 0;
    for (let mask = 0; mask < 2 ** bodies.length; mask++) {
      const text = `package p\n\n${bodies.filter((_, bit) => (mask >> bit) % 2 === 1).join('\n')}\n`;
      const [all, some] = go.read(text, (root) => [set.hits(root), set.hits(root, set.candidates(text))]);
      const sorted = (hits: typeof all) => hits.map((hit) => JSON.stringify(hit)).sort();
      assert.deepEqual(sorted(some ?? []), sorted(all ?? []));
      found += all?.length ?? 0;
    }
    assert.ok(found > 20);
    set.dispose();
  });
});
