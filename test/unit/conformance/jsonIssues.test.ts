import assert from 'node:assert/strict';
import { reportIssues, reportJson } from '../../../src/core/conformance/index.ts';
import { jsonIssues } from '../../../src/core/conformance/render/jsonIssues.ts';
import { deviationSchema } from '../../../src/core/model/deviation.ts';
import { goFile, rulesFile, scan } from './support.ts';

const files = {
  'export/e.go': 'package export\n',
  'sampler/s.go': goFile(['"example.com/agent/export"']),
  'stray/x.go': 'package stray\n',
};
const rules = rulesFile(
  ['sampler', 'export'],
  '  - {id: no-export, kind: boundary, from: sampler, deny: [export], why: docs/b.md#L1}\n',
);
const deviation = (expires: string) =>
  deviationSchema.parse({
    id: 'DEV-1',
    date: '2026-01-01',
    blueprint_item: 'A1-S1',
    change: 'the sampler exports',
    justification: 'no other way',
    scope: ['no-export'],
    expires,
    approved_by: 'Ada',
    status: 'approved',
  });

/** What the editor makes of the JSON that the command line prints. */
async function shown(expires?: string) {
  const deviations = expires === undefined ? {} : { deviations: [deviation(expires)] };
  const report = await scan({ rules, files, ...deviations });
  return { report, issues: jsonIssues(JSON.parse(JSON.stringify(reportJson(report)))) };
}

describe('the architecture in the Problems pane', () => {
  it('shows the same as the evidence of the goal: violations at their ranges, and problems with the rules', async () => {
    const { report, issues } = await shown();
    const codes = issues.map(({ code }) => code);
    assert.ok(codes.includes('conformance.boundary'), codes.join());
    assert.ok(codes.length > 1, codes.join());
    const place = ({ file, range }: (typeof issues)[number]) => `${file}:${range.start.line}`;
    const sorted = issues.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
    const own = reportIssues(report).map(({ related: _related, ...issue }) => issue);
    assert.deepEqual(sorted, own);
  });

  it('a violation that a deviation covers is told, and no error', async () => {
    const { issues } = await shown('2999-12-31');
    const [covered] = issues.filter(({ file }) => file === 'sampler/s.go');
    assert.deepEqual([covered?.code, covered?.severity], ['conformance.covered', 'info']);
    assert.match(covered?.message ?? '', /\[no-export, docs\/b\.md#L1\] Deviation DEV-1 covers it\.$/);
  });

  it('once the deviation has expired, it is an error again that says so', async () => {
    const { issues } = await shown('2026-01-31');
    const [open] = issues.filter(({ file }) => file === 'sampler/s.go');
    assert.deepEqual([open?.code, open?.severity], ['conformance.boundary', 'error']);
    assert.match(open?.message ?? '', /Deviation DEV-1 covered it until 2026-01-31\./);
  });
});
