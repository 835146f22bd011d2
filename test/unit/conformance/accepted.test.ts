import assert from 'node:assert/strict';
import { updateBaseline } from '../../../src/core/conformance/index.ts';
import { type Deviation, deviationSchema } from '../../../src/core/model/deviation.ts';
import { found, goFile, issues, rulesFile, scan, world } from './support.ts';

const rules = (extra = 'baseline: known.json\n') =>
  rulesFile(['sampler', 'export'], '  - {id: no-export, kind: boundary, from: sampler, deny: [export]}\n', extra);
const files = {
  'export/e.go': 'package export\n',
  'sampler/s.go': goFile(['"example.com/agent/export"']),
  'sampler/t.go': goFile(['x "example.com/agent/export"']),
};

async function baselineOf(content: Record<string, string>): Promise<string> {
  const report = await scan({
    rules: rules(),
    files: { ...content, 'known.json': '{"version": 1, "violations": []}' },
  });
  return updateBaseline(report, undefined).text;
}

describe('the baseline', () => {
  it('accepts the violations that it names, one entry for one, wherever their line moves', async () => {
    const known = await baselineOf(files);
    assert.match(
      known,
      /^\{\n {2}"version": 1,\n {2}"violations": \[\n {4}\{"rule":"no-export","file":"sampler\/s\.go",.*\},\n {4}\{.*\}\n {2}\]\n\}\n$/,
    );
    const moved = { ...files, 'sampler/s.go': `// moved\n\n${files['sampler/s.go']}` };
    const report = await scan({ rules: rules(), files: { ...moved, 'known.json': known } });
    assert.deepEqual([report.verdict, found(report), issues(report)], ['pass', [], []]);
    assert.deepEqual(
      report.accepted.map(({ file, accepted }) => [file, accepted.by]),
      [
        ['sampler/s.go', 'baseline'],
        ['sampler/t.go', 'baseline'],
      ],
    );
  });

  it('accepts nothing else: another file, another import of the same rule, other text', async () => {
    const known = await baselineOf(files);
    const more = {
      ...files,
      'sampler/u.go': goFile(['"example.com/agent/export"']),
      'sampler/s.go': goFile(['"example.com/agent/export"', '"example.com/agent/export/otlp"']),
      'sampler/t.go': goFile(['_ "example.com/agent/export"']),
    };
    const report = await scan({ rules: rules(), files: { ...more, 'known.json': known } });
    assert.deepEqual(found(report), [
      'sampler/s.go:5:2 no-export',
      'sampler/t.go:4:4 no-export',
      'sampler/u.go:4:2 no-export',
    ]);
    assert.deepEqual(issues(report), ['known.json:5:5 baseline.stale']);
  });

  it('accepts an edge once, not each of its copies', async () => {
    const twice = { ...files, 'sampler/s.go': goFile(['"example.com/agent/export"', '"example.com/agent/export"']) };
    const report = await scan({ rules: rules(), files: { ...twice, 'known.json': await baselineOf(files) } });
    assert.deepEqual(found(report), ['sampler/s.go:5:2 no-export']);
  });

  it('has no stale entries', async () => {
    const report = await scan({
      rules: rules(),
      files: { ...files, 'sampler/t.go': 'package p\n', 'known.json': await baselineOf(files) },
    });
    assert.deepEqual([report.verdict, issues(report)], ['error', ['known.json:5:5 baseline.stale']]);
    assert.match(
      report.issues[0]?.message ?? '',
      /rule "no-export" no longer finds example.com\/agent\/export in sampler\/t.go/,
    );
  });

  it('has no wildcards, no unknown keys, and no broken JSON', async () => {
    const entry = (file: string) =>
      `{"version": 1, "violations": [\n{"rule": "no-export", "file": "${file}", "target": "x", "digest": "${'0'.repeat(64)}"}]}`;
    const codes = async (known: string) =>
      issues(await scan({ rules: rules(), files: { ...files, 'known.json': known } }));
    assert.deepEqual(await codes(entry('sampler/*.go')), ['known.json:2:31 baseline.invalid']);
    assert.deepEqual(await codes('{"version": 1, "violations": [], "all": true}'), [
      'known.json:1:34 baseline.unknown-key',
    ]);
    assert.match(String(await codes('{"version": 1,')), /^known.json:\d+:\d+ yaml.syntax$/);
  });

  it('must be there when the rules name it', async () => {
    assert.deepEqual(issues(await scan({ rules: rules(), files })), ['known.json:1:1 baseline.missing']);
  });

  it('shows what an update adds and removes', async () => {
    const before = await baselineOf(files);
    const later = { ...files, 'sampler/t.go': 'package p\n', 'sampler/u.go': goFile(['"example.com/agent/export"']) };
    const report = await scan({ rules: rules(), files: { ...later, 'known.json': before } });
    const update = updateBaseline(report, before);
    assert.deepEqual(
      [update.added.map(({ file }) => file), update.removed.map(({ file }) => file)],
      [['sampler/u.go'], ['sampler/t.go']],
    );
    assert.equal((await scan({ rules: rules(), files: { ...later, 'known.json': update.text } })).verdict, 'pass');
    assert.deepEqual(
      updateBaseline(await scan({ rules: rules(), files: { ...later, 'known.json': update.text } }), update.text),
      { text: update.text, added: [], removed: [] },
    );
  });
});

describe('the baseline of a rule that could not be evaluated', () => {
  it('is neither stale nor dropped by an update', async () => {
    const before = await baselineOf(files);
    const typo = rules().replace('from: sampler', 'from: smapler');
    const report = await scan({ rules: typo, files: { ...files, 'known.json': before } });
    assert.deepEqual(issues(report), ['conformance.yaml:7:43 conformance.unknown-component']);
    assert.deepEqual(updateBaseline(report, before), { text: before, added: [], removed: [] });
    assert.equal(report.baselineFile, 'known.json');
  });
});

describe('deviations', () => {
  const deviation = (fields: Partial<Deviation>): Deviation => ({
    ...deviationSchema.parse({
      id: 'DEV-1',
      date: '2026-11-01',
      blueprint_item: 'sampler',
      change: 'sampler exports',
      justification: 'a spike',
      scope: ['no-export'],
      expires: '2026-11-22',
      approved_by: 'A. Person',
      status: 'approved',
    }),
    ...fields,
  });
  const open = async (...deviations: Deviation[]) => {
    const report = await scan({ rules: rules(''), files, deviations });
    return report.violations.map(({ file, message }) => `${file} ${message.split('. ')[1] ?? ''}`.trim());
  };
  const both = ['sampler/s.go', 'sampler/t.go'];

  it('cover a rule until the end of their last day, and are named', async () => {
    const report = await scan({ rules: rules(''), files, deviations: [deviation({})] });
    assert.deepEqual([report.verdict, found(report)], ['pass', []]);
    assert.deepEqual(
      report.accepted.map(({ accepted }) => accepted),
      [
        { by: 'deviation', id: 'DEV-1' },
        { by: 'deviation', id: 'DEV-1' },
      ],
    );
  });

  it('cover files by globs, and with a rule beside them both must agree', async () => {
    assert.deepEqual(await open(deviation({ scope: ['sampler/s*.go'] })), ['sampler/t.go']);
    const only = 'Deviation DEV-1 names this rule, but only in';
    assert.deepEqual(await open(deviation({ scope: ['no-export', 'sampler/t.go'] })), [
      `sampler/s.go ${only} sampler/t.go.`,
    ]);
    assert.deepEqual(
      await open(deviation({ scope: ['no-export', 'other/**'] })),
      both.map((file) => `${file} ${only} other/**.`),
    );
  });

  it('cover nothing by a goal, by an unknown name, or by no scope at all', async () => {
    for (const scope of [['G-9'], ['no-such-rule'], []])
      assert.deepEqual(await open(deviation({ scope })), both, String(scope));
  });

  it('say that a name in their scope is misspelt', async () => {
    const report = await scan({ rules: rules(''), files, deviations: [deviation({ scope: ['no-exprt'] })] });
    assert.match(
      report.violations[0]?.message ?? '',
      /Deviation DEV-1 names "no-exprt", which is no rule\. Was "no-export" meant\?$/,
    );
  });

  it('that are not approved, or no longer, say so', async () => {
    const late = 'Deviation DEV-1 covered it until 2026-11-21.';
    assert.deepEqual(
      await open(deviation({ expires: '2026-11-21' })),
      both.map((file) => `${file} ${late}`),
    );
    const proposed = 'Deviation DEV-1 names it, but is proposed.';
    assert.deepEqual(
      await open(deviation({ status: 'proposed' })),
      both.map((file) => `${file} ${proposed}`),
    );
    assert.equal((await open({ ...deviation({}), approved_by: undefined })).length, 2);
  });

  it('whose approval is in no evidence cover nothing, and say what is missing', async () => {
    const report = await scan({ rules: rules(''), files, deviations: [deviation({})], recorded: false });
    assert.deepEqual([report.verdict, report.accepted], ['fail', []]);
    assert.match(
      report.violations[0]?.message ?? '',
      /no evidence tells that A\. Person approved these words: "infrabuilder deviation approve DEV-1"\.$/,
    );
  });

  it('do not enter the baseline', async () => {
    const report = await scan({ rules: rules(''), files, deviations: [deviation({ scope: ['sampler/s.go'] })] });
    assert.deepEqual(
      updateBaseline(report, undefined).added.map(({ file }) => file),
      ['sampler/t.go'],
    );
  });
});

describe('citations', () => {
  const blueprint =
    '# Blueprint\n\n## Module rules\n\nThe sampler knows no export.\n\n```\n# not a heading\n```\n\n## Module rules\n\n\n';
  const why = (citation: string) =>
    world({
      rules: rulesFile(
        ['sampler', 'export'],
        `  - id: r\n    kind: boundary\n    from: sampler\n    deny: [export]\n    why: ${citation}\n`,
      ),
      files: { 'export/e.go': 'package export\n', 'sampler/s.go': 'package sampler\n', 'docs/blueprint.md': blueprint },
    }).scan();

  it('stand where file, lines or heading exist', async () => {
    for (const citation of [
      'docs/blueprint.md',
      'docs/blueprint.md#L5',
      'docs/blueprint.md#L3-L5',
      'docs/blueprint.md#module-rules',
      'docs/blueprint.md#module-rules-1',
    ])
      assert.deepEqual(issues(await why(citation)), [], citation);
  });

  it('are dead otherwise, on every disk', async () => {
    const cases: Record<string, RegExp> = {
      'docs/blueprnt.md#L5': /the file docs\/blueprnt.md does not exist/,
      'Docs/Blueprint.md#L5': /does not exist/,
      '../docs/blueprint.md': /does not exist/,
      'docs/blueprint.md#L5-L99': /has 13 lines, but line 99 is cited/,
      'docs/blueprint.md#L5-L3': /is no range of lines/,
      'docs/blueprint.md#L12-L13': /are blank/,
      'docs/blueprint.md#not-a-heading': /has no heading "#not-a-heading"/,
    };
    for (const [citation, expected] of Object.entries(cases)) {
      const report = await why(citation);
      assert.deepEqual(
        [report.verdict, issues(report)],
        ['error', ['conformance.yaml:10:10 conformance.dead-citation']],
        citation,
      );
      assert.match(report.issues[0]?.message ?? '', expected);
    }
  });
});
