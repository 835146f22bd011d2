import assert from 'node:assert/strict';
import { createConformance } from '../../../src/core/conformance/index.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { clock, found, GO_MOD, goFile, issues, rulesFile, trees } from './support.ts';

const GO = {
  'go.mod': GO_MOD,
  'agent/a.go': goFile(['"example.com/agent/sampler"'], '', 'agent'),
  'sampler/s.go': goFile(['"sort"'], '', 'sampler'),
  'sampler/s_test.go': goFile(['"testing"'], '', 'sampler_test'),
  'export/e.go': goFile(['"strings"'], '', 'export'),
};
const NAMES = ['agent', 'sampler', 'export'];
const PATTERN = `  - id: no-exit
    kind: pattern
    language: go
    in: [sampler]
    query: '((call_expression function: (selector_expression field: (field_identifier) @name)) @hit (#eq? @name "Exit"))'
    examples: {match: ["package p\\nfunc f() { os.Exit(1) }"]}
`;

/** The file that is planted, what it says, and what a scan then finds beside what it found before. */
async function trespass(rules: string, files: Readonly<Record<string, string>>) {
  const memory = memoryFiles({ 'conformance.yaml': rules, ...files });
  const open = () => createConformance({ files: memory, trees, clock, source: '.' });
  const before = await open().scan();
  assert.deepEqual([before.verdict, issues(before)], ['pass', []]);
  const planned = await open().trespass();
  if (planned === undefined) return undefined;
  await memory.write(planned.file, planned.content, { expected: null });
  const after = await open().scan();
  return { ...planned, verdict: after.verdict, found: found(after) };
}

describe('a file that breaks a rule', () => {
  for (const [what, rule, content, place] of [
    [
      'an import that is denied',
      '{id: r, kind: boundary, from: sampler, deny: [export]}',
      'package sampler\n\nimport _ "example.com/agent/export"\n',
      'sampler/infrabuilder_canary.go:3:10 r',
    ],
    [
      'an import that is not among those allowed',
      '{id: r, kind: boundary, from: export, allow: [], tests: exclude}',
      'package export\n\nimport _ "example.com/agent/agent"\n',
      'export/infrabuilder_canary.go:3:10 r',
    ],
    [
      'an import that goes up the layers',
      '{id: r, kind: layers, layers: [agent, [sampler, export]]}',
      'package sampler\n\nimport _ "example.com/agent/agent"\n',
      'sampler/infrabuilder_canary.go:3:10 r',
    ],
    [
      'an import between components that know nothing of each other',
      '{id: r, kind: independent, components: [sampler, export]}',
      'package sampler\n\nimport _ "example.com/agent/export"\n',
      'sampler/infrabuilder_canary.go:3:10 r',
    ],
    [
      'a part of the standard library',
      '{id: r, kind: boundary, from: sampler, deny: ["std:net/**"]}',
      'package sampler\n\nimport _ "net/planted"\n',
      'sampler/infrabuilder_canary.go:3:10 r',
    ],
    [
      'a module of others',
      '{id: r, kind: boundary, from: "*", deny: ["import:**"]}',
      'package agent\n\nimport _ "example.org/planted"\n',
      'agent/infrabuilder_canary.go:3:10 r',
    ],
  ] as const) {
    it(`has ${what}`, async () => {
      const planted = await trespass(rulesFile(NAMES, `  - ${rule}\n`), GO);
      assert.equal(planted?.content, content);
      assert.deepEqual([planted?.verdict, planted?.found], ['fail', [place]]);
      assert.match(planted?.title ?? '', /r forbids$/);
    });
  }

  it('has what a pattern looks for, where no import is forbidden', async () => {
    const planted = await trespass(rulesFile(NAMES, PATTERN), GO);
    assert.deepEqual([planted?.verdict, planted?.found], ['fail', ['sampler/infrabuilder_canary.go:2:12 no-exit']]);
  });

  it('is written in the language of the components', async () => {
    const rules = rulesFile(['ui', 'data'], '  - {id: r, kind: boundary, from: data, deny: [ui]}\n');
    const ts = await trespass(rules, { 'ui/a.ts': 'export {};\n', 'data/deep/b.ts': 'export {};\n' });
    assert.deepEqual(
      [ts?.content, ts?.found],
      ["import '../../ui/a.ts';\n", ['data/deep/infrabuilder_canary.ts:1:8 r']],
    );
    const python = await trespass(rules, { 'ui/a.py': 'x = 1\n', 'data/b.py': 'y = 1\n' });
    assert.deepEqual([python?.content, python?.verdict], ['import ui.a\n', 'fail']);
  });

  it('is not there where only advice could be broken, or what must exist', async () => {
    const advice = '  - {id: r, kind: boundary, from: sampler, deny: [export], severity: warning}\n';
    assert.equal(await trespass(rulesFile(NAMES, advice), GO), undefined);
    assert.equal(await trespass(rulesFile(NAMES, '  - {id: r, kind: structure, required: [agent]}\n'), GO), undefined);
  });
});
