import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import {
  type ConformanceReport,
  reportIssues,
  reportJson,
  reportMarkdown,
  reportSarif,
  reportText,
  updateBaseline,
} from '../../../src/core/conformance/index.ts';
import { deviationSchema } from '../../../src/core/model/deviation.ts';
import { goFile, rulesFile, scan } from './support.ts';

const RULES = `  - {id: modules, kind: structure, required: [sampler, export, sketch]}
  - {id: no-export, title: "Sampler | *export*", kind: boundary, from: sampler, deny: [export], why: docs/b.md#L1}
  - {id: cycles, kind: acyclic}
  - {id: lifecycle, kind: interface, types: "{sampler,export}/**#*Module", methods: [Init, Shutdown]}
  - {id: descriptors, kind: resource, check: file-descriptors}
  - {id: timers, kind: resource, check: timers, severity: info}
`;

const files = {
  'docs/b.md': 'The sampler knows no export.\n',
  'sampler/s.go': goFile(
    ['"example.com/agent/export"'],
    'type SModule struct{}\n\nfunc (SModule) Init() {}\n\nfunc f() { x, _ := os.Open("a") }\n',
    'sampler',
  ),
  'export/größe x.go': goFile(
    ['"example.com/agent/sampler"'],
    'type EModule struct{}\n\nfunc (EModule) Init() {}\nfunc (EModule) Shutdown() {}\n',
    'export',
  ),
};

const broken = () =>
  scan({
    rules: rulesFile(['sampler', 'export', 'sketch'], RULES),
    files,
    deviations: [
      deviationSchema.parse({
        id: 'DEV-7',
        date: '2026-11-01',
        blueprint_item: 'x',
        change: 'x',
        justification: 'x',
        scope: ['cycles'],
        approved_by: 'A. Person',
        status: 'approved',
      }),
    ],
  });

const schema: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../fixtures/conformance/sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
);

/** The official schema is draft 4, of which it uses nothing that draft 7 reads differently but the name of `id`. */
function sarifErrors(log: unknown): string[] {
  const { $schema: _, id, ...rest } = schema;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile({ ...rest, $id: String(id) });
  validate(JSON.parse(JSON.stringify(log)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('renderers of the conformance report', () => {
  let report: ConformanceReport;
  before(async () => {
    report = await broken();
  });

  it('text: one line a violation, one a rule, and the verdict', () => {
    assert.equal(
      reportText(report),
      [
        'conformance.yaml:7:64: error: The module "sketch" has no source file. [modules]',
        'sampler/s.go:4:2: error: "sampler" must not import "export". [no-export] (docs/b.md#L1)',
        'sampler/s.go:6:6: error: SModule likely does not implement the methods asked for: it lacks Shutdown(). [lifecycle]',
        'sampler/s.go:10:12: warning: x, _ := os.Open("a") is opened and not closed in this function. [descriptors]',
        '',
        'fail           modules      structure  1 open',
        'fail           no-export    boundary  1 open',
        'pass           cycles       acyclic  1 accepted',
        'fail           lifecycle    interface  1 open',
        'fail           descriptors  resource  1 open',
        'pass           timers       resource',
        'export/größe x.go:4: cycles is covered by deviation DEV-7.',
        '',
        'fail: 3 open violations of rules that must hold. (2 files, 2 parsed, 0 ms)',
        '',
      ].join('\n'),
    );
  });

  it('Markdown: the sections of the plan, with code that cannot become markup', () => {
    assert.equal(
      reportMarkdown(report),
      [
        '# Architecture Conformance Report',
        '',
        'Verdict: **fail**. 3 open violations of rules that must hold. 2 source files, 6 rules.',
        '',
        '## Module Structure Conformance',
        '',
        '- sampler: ✅ Present and correctly structured (1 files)',
        '- export: ✅ Present and correctly structured (1 files)',
        '- sketch: ❌ Missing or incorrectly structured',
        '',
        '## Interface Conformance',
        '',
        '- Init: ✅ Implemented across modules (2 of 2 likely implementations)',
        '- Shutdown: ❌ Missing implementations (1 of 2 likely implementations)',
        '  - `sampler/s.go:6`: SModule likely does not implement the methods asked for: it lacks Shutdown().',
        '',
        '## Pattern Conformance',
        '',
        '- none',
        '',
        '## Boundary Violations',
        '',
        '- Sampler \\| \\*export\\*: ❌ 1 open',
        '  - `sampler/s.go:4`: "sampler" must not import "export".',
        '- cycles: ✅ No open violation',
        '',
        '## Resource Management',
        '',
        '- File descriptors: ❌ Not managed (advisory)',
        '  - `sampler/s.go:10`: x, \\_ := os.Open("a") is opened and not closed in this function.',
        '- Timers: ✅ Managed (advisory)',
        '',
        '## Accepted Violations',
        '',
        '- `export/größe x.go:4`: cycles, accepted by deviation DEV-7',
        '',
        '## Problems',
        '',
        '- none',
        '',
      ].join('\n'),
    );
  });

  it('Markdown: what the baseline accepts is not called managed, and misplaced files are named', async () => {
    const rules = rulesFile(
      ['sampler'],
      `  - {id: files, kind: structure, required: [sampler, "worker/**"], in: sampler, deny: ["**/x_*.go"]}
  - {id: timers, kind: resource, check: timers}
`,
      'baseline: known.json\n',
    );
    const source = { 'sampler/t.go': 'package sampler\n\nfunc f() { t := time.NewTicker(1); <-t.C }\n' };
    const empty = '{"version": 1, "violations": []}';
    const known = updateBaseline(await scan({ rules, files: { ...source, 'known.json': empty } }), undefined).text;
    const later = { ...source, 'sampler/x_a.go': 'package sampler\n', 'known.json': known };
    const text = reportMarkdown(await scan({ rules, files: later }));
    assert.match(text, /^- Timers: ❌ Not managed, 1 accepted \(advisory\)$/m);
    assert.match(
      text,
      /^- worker\/\*\*: ❌ Missing.*\n- files: ❌ 1 misplaced files\n {2}- `sampler\/x_a.go:1`: No file/m,
    );
  });

  it('text: the other places of a cycle stand below it', async () => {
    const rules = rulesFile(['sampler', 'export'], '  - {id: cycles, kind: acyclic}\n');
    assert.match(
      reportText(await scan({ rules, files })),
      /^export\/größe x.go:4:2: error: Cycle: export -> sampler -> export. \[cycles\]\n {4}sampler\/s.go:4:2: sampler imports export here.$/m,
    );
  });

  it('JSON: the shape that the command line promises', () => {
    const value = reportJson(report);
    assert.deepEqual(Object.keys(value), [
      'schemaVersion',
      'verdict',
      'reason',
      'files',
      'rules',
      'violations',
      'accepted',
      'issues',
      'milliseconds',
    ]);
    assert.deepEqual(
      [value.schemaVersion, value.files, value.rules[0]?.id, value.rules[0]?.verdict],
      [1, 2, 'modules', 'fail'],
    );
    const { rule, file, line, column, message } = value.violations[1] ?? {};
    assert.deepEqual(
      [rule, file, line, column, message],
      ['no-export', 'sampler/s.go', 4, 2, '"sampler" must not import "export".'],
    );
    assert.deepEqual(
      value.accepted.map(({ accepted }) => accepted),
      [{ by: 'deviation', id: 'DEV-7' }],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
  });

  it('issues: everything for a diagnostics pane, in order', () => {
    assert.deepEqual(
      reportIssues(report).map(({ code, severity, file }) => `${code} ${severity} ${file}`),
      [
        'conformance.structure error conformance.yaml',
        'conformance.boundary error sampler/s.go',
        'conformance.interface error sampler/s.go',
        'conformance.resource warning sampler/s.go',
      ],
    );
    assert.match(reportIssues(report)[1]?.message ?? '', /\[no-export, docs\/b.md#L1\]$/);
  });

  describe('SARIF 2.1.0', () => {
    it('meets the official schema, with and without findings, and when the rules are wrong', async () => {
      assert.deepEqual(sarifErrors(reportSarif(report, '0.1.0')), []);
      const clean = await scan({
        rules: rulesFile(['sampler'], '  - {id: a, kind: acyclic}\n'),
        files: { 'sampler/s.go': 'package s\n' },
      });
      assert.deepEqual([clean.verdict, sarifErrors(reportSarif(clean, '0.1.0'))], ['pass', []]);
      const wrong = await scan({ rules: 'version: 1\n', files });
      assert.deepEqual([wrong.verdict, sarifErrors(reportSarif(wrong, '0.1.0'))], ['error', []]);
    });

    it('is judged by a schema that can say no', () => {
      const log = JSON.parse(JSON.stringify(reportSarif(report, '0.1.0')));
      log.runs[0].results[0].level = 'fatal';
      delete log.runs[0].tool;
      assert.equal(sarifErrors(log).length, 2);
    });

    it('has places, levels, rules by index, encoded paths and suppressions', () => {
      const run = reportSarif(report, '0.1.0').runs[0];
      assert.deepEqual(
        run?.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
        [
          ['modules', 0, 'error'],
          ['no-export', 1, 'error'],
          ['lifecycle', 3, 'error'],
          ['descriptors', 4, 'warning'],
          ['cycles', 2, 'error'],
        ],
      );
      const { physicalLocation } = run?.results[1]?.locations[0] ?? {};
      assert.deepEqual(physicalLocation, {
        artifactLocation: { uri: 'sampler/s.go', uriBaseId: 'WORKSPACE' },
        region: { startLine: 4, startColumn: 2, endLine: 4, endColumn: 28 },
      });
      const accepted = run?.results[4];
      assert.equal(accepted?.locations[0]?.physicalLocation.artifactLocation.uri, 'export/gr%C3%B6%C3%9Fe%20x.go');
      assert.ok(accepted !== undefined && 'suppressions' in accepted);
    });
  });
});
