import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/base/errors.ts';
import { createConformance } from '../../../src/core/conformance/index.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { clock, found, goFile, issues, rulesFile, scan, trees, verdicts, world } from './support.ts';

const deny = (extra = '') =>
  rulesFile(['sampler', 'export'], '  - {id: r, kind: boundary, from: sampler, deny: [export]}\n', extra);
const panics = `  - id: panics
    kind: pattern
    language: go
    query: '((call_expression function: (identifier) @name) @hit (#eq? @name "panic"))'
    examples: {match: ['panic(1)']}
`;
const files = {
  'export/e.go': 'package export\n',
  'sampler/s.go': goFile(['"example.com/agent/export"'], '', 'sampler'),
};

describe('bad input', () => {
  it('without rules is not run, and says what to do', async () => {
    const report = await createConformance({ files: memoryFiles({}), trees, clock, source: '.' }).scan();
    assert.deepEqual([report.verdict, issues(report)], ['not-run', ['conformance.yaml:1:1 conformance.no-rules']]);
    assert.match(report.reason, /infrabuilder conformance init/);
  });

  it('in the rules file is an error at its line', async () => {
    const cases: [string, string][] = [
      ['version: 1\nrules: []\n', '2:8 conformance.invalid'],
      ['version: 2\nrules: [{id: a, kind: acyclic}]\n', '1:10 conformance.invalid'],
      ['version: 1\nrules:\n  - {id: a, kind: acylic}\n', '3:19 conformance.invalid'],
      ['version: 1\nrules:\n  - {id: a, kind: acyclic, off: components}\n', '3:28 conformance.unknown-key'],
      ['version: 1\nrules:\n  - {id: "a b", kind: acyclic}\n', '3:10 conformance.invalid'],
      ['', '1:1 yaml.empty'],
    ];
    for (const [rules, expected] of cases) {
      const report = await scan({ rules, files });
      assert.deepEqual([report.verdict, issues(report)], ['error', [`conformance.yaml:${expected}`]], rules);
    }
  });

  it('of rules that match nothing is an error, not a pass', async () => {
    const empty = await scan({
      rules: rulesFile(
        ['sampler', 'export', 'nowhere'],
        '  - {id: r, kind: boundary, from: nowhere, deny: [export]}\n',
      ),
      files,
    });
    assert.deepEqual([empty.verdict, verdicts(empty)], ['error', { r: 'not-evaluated' }]);
    assert.deepEqual(issues(empty), [
      'conformance.yaml:5:18 conformance.empty-component',
      'conformance.yaml:7:10 conformance.rule-matches-nothing',
    ]);
    const python = await scan({
      rules: rulesFile(
        ['sampler', 'export'],
        panics.replace('language: go', 'language: python').replace(/query.*/, "query: '(call) @hit'"),
      ),
      files,
    });
    assert.deepEqual(issues(python), ['conformance.yaml:6:9 conformance.rule-matches-nothing']);
  });

  it('of two rules with one id, two components for one file, or an ignore that ignores nothing', async () => {
    const twice = await scan({ rules: deny().replace(/(.*id: r.*\n)/, '$1$1'), files });
    assert.deepEqual(issues(twice), ['conformance.yaml:7:10 conformance.duplicate-rule']);
    const both = await scan({ rules: deny().replace('[export/**]', '[export/**, "sample?/**", sampler/**]'), files });
    assert.deepEqual(issues(both), ['conformance.yaml:4:42 conformance.ambiguous-component']);
    const useless = await scan({
      rules: deny('ignore: [sampler/old/**, sampler/s.go]\n'),
      files: { ...files, 'sampler/t.go': 'package sampler\n' },
    });
    assert.deepEqual([issues(useless), found(useless)], [['conformance.yaml:5:10 conformance.useless-ignore'], []]);
  });

  it('the more specific component holds a file that two name', async () => {
    const rules = deny().replace('export: {in: [export/**]}', 'export: {in: [sampler/out/**]}');
    const report = await scan({
      rules,
      files: { 'sampler/s.go': goFile(['"example.com/agent/sampler/out"']), 'sampler/out/o.go': 'package out\n' },
    });
    assert.deepEqual([found(report), issues(report)], [['sampler/s.go:4:2 r'], []]);
  });

  it('of a file that no component holds is said as loud as the rules want', async () => {
    const more = { ...files, 'sampler/s.go': 'package sampler\n', 'main.go': 'package main\n' };
    const codes = async (level: string) => {
      const report = await scan({ rules: deny(`unattached: ${level}\n`), files: more });
      return [report.verdict, ...issues(report)];
    };
    assert.deepEqual(await codes('error'), ['error', 'main.go:1:1 conformance.unattached']);
    assert.deepEqual(await codes('warning'), ['pass', 'main.go:1:1 conformance.unattached']);
    assert.deepEqual(await codes('off'), ['pass']);
  });

  it('that does not parse gives partial results and says so', async () => {
    const broken = goFile(['"example.com/agent/export"'], 'func f( {\n\nfunc g() { panic(2) }\n', 'sampler');
    const report = await scan({ rules: `${deny()}${panics}`, files: { ...files, 'sampler/s.go': broken } });
    assert.deepEqual(found(report), ['sampler/s.go:4:2 r', 'sampler/s.go:8:12 panics']);
    assert.deepEqual(issues(report), ['sampler/s.go:6:9 conformance.syntax']);
    const header = await scan({
      rules: deny(),
      files: {
        ...files,
        'sampler/s.go': 'package sampler\n\nimport (\n\t"example.com/agent/export"\n\t"unclosed\n)\n',
      },
    });
    assert.deepEqual(
      [found(header), issues(header)],
      [['sampler/s.go:4:2 r'], ['sampler/s.go:5:2 conformance.syntax']],
    );
  });

  it('that is not UTF-8 is read as far as it can be', async () => {
    const latin1 = new Uint8Array([
      ...new TextEncoder().encode('// gr'),
      0xfc,
      ...new TextEncoder().encode(`n\n${files['sampler/s.go']}func f() { panic(1) }\n`),
    ]);
    const report = await scan({ rules: `${deny()}${panics}`, files: { ...files, 'sampler/s.go': latin1 } });
    assert.deepEqual(found(report), ['sampler/s.go:5:2 r', 'sampler/s.go:7:12 panics']);
    assert.deepEqual(issues(report), ['sampler/s.go:1:1 conformance.not-utf8']);
  });

  it('with a byte order mark counts columns as editors do', async () => {
    const report = await scan({
      rules: deny(),
      files: { ...files, 'sampler/s.go': '\uFEFFpackage sampler; import "example.com/agent/export"\n' },
    });
    assert.deepEqual([found(report), issues(report)], [['sampler/s.go:1:25 r'], []]);
  });

  it('of five generated megabytes costs its imports only', async () => {
    const body = `var table = []int{\n${'\t1, 2, 3, 4, 5, 6, 7, 8,\n'.repeat(200_000)}}\n`;
    const large = `// Code generated by x. DO NOT EDIT.\n${goFile(['"example.com/agent/export"'], body, 'sampler')}`;
    assert.ok(large.length > 5_000_000);
    const lifecycle = '  - {id: life, kind: interface, types: "sampler/**#*Module", methods: [Init]}\n';
    const module = 'package sampler\n\ntype AModule struct{}\n\nfunc (AModule) Init() {}\n';
    const report = await scan({
      rules: `${deny()}${lifecycle}`,
      files: { ...files, 'sampler/s.go': module, 'sampler/pb.go': large },
    });
    assert.deepEqual(found(report), ['sampler/pb.go:5:2 r']);
    assert.deepEqual(issues(report), ['sampler/pb.go:1:1 conformance.large-generated']);
  });

  it('that is too large to parse does not count as clean', async () => {
    const huge = `package sampler\n\nvar x = "panic"\n\n// ${'x'.repeat(16_000_000)}\n`;
    const report = await scan({
      rules: rulesFile(['sampler', 'export'], panics),
      files: { ...files, 'sampler/s.go': huge },
    });
    assert.deepEqual(
      [verdicts(report), issues(report)],
      [{ panics: 'not-evaluated' }, ['sampler/s.go:1:1 conformance.too-large']],
    );
  });

  it('of links in a circle, to a folder above, to nowhere and out of the workspace ends', async () => {
    const report = await scan({
      rules: deny(),
      files: {
        ...files,
        'sampler/linked.go': { link: 's.go' },
        'sampler/up': { link: '..' },
        'sampler/loop.go': { link: 'loop.go' },
        'sampler/gone.go': { link: 'nowhere.go' },
        'sampler/out': { link: '../../etc' },
      },
    });
    assert.deepEqual(found(report), ['sampler/linked.go:4:2 r', 'sampler/s.go:4:2 r']);
    assert.deepEqual(issues(report), [
      'sampler/loop.go:1:1 conformance.link',
      'sampler/out:1:1 conformance.link',
      'sampler/up:1:1 conformance.link',
    ]);
  });

  it('that cannot be read is an error, and the rest is still judged', async () => {
    const { files: memory } = world({ rules: deny(), files });
    const failing = {
      ...memory,
      readBytes: async (path: string) =>
        path === 'export/e.go' ? Promise.reject(new Error('disk on fire')) : memory.readBytes(path),
    };
    const report = await createConformance({ files: failing, trees, clock, source: '.' }).scan();
    assert.deepEqual(found(report), ['sampler/s.go:4:2 r']);
    assert.ok(issues(report).includes('export/e.go:1:1 conformance.unreadable'));
  });

  it('in a module file is an error, and the rest is still judged', async () => {
    const latin1 = new Uint8Array([...new TextEncoder().encode('module example.com/agent // '), 0xfc]);
    const report = await scan({ rules: deny(), files: { ...files, 'go.mod': latin1 } });
    assert.deepEqual(issues(report), ['export/e.go:1:1 conformance.no-module', 'go.mod:1:1 conformance.unreadable']);
  });

  it('without go.mod cannot tell own imports from others, and says so', async () => {
    const memory = memoryFiles({ 'conformance.yaml': deny(), ...files });
    const report = await createConformance({ files: memory, trees, clock, source: '.' }).scan();
    assert.deepEqual([report.verdict, issues(report)], ['error', ['export/e.go:1:1 conformance.no-module']]);
  });

  it('stops when told to', async () => {
    await assert.rejects(world({ rules: deny(), files }).scan({ signal: AbortSignal.abort() }), CancelledError);
  });

  it('below a source folder is reported from the workspace root', async () => {
    const inside = Object.fromEntries(Object.entries(files).map(([path, text]) => [`code/${path}`, text]));
    for (const source of ['code', './code/']) {
      const report = await scan({
        rules: deny(),
        files: { ...inside, 'code/go.mod': 'module example.com/agent\n' },
        source,
      });
      assert.deepEqual(found(report), ['code/sampler/s.go:4:2 r']);
    }
  });
});
