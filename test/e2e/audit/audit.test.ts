import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AuditReport, auditHolds } from '../../../src/core/audit/audit.ts';
import { auditMarkdown } from '../../../src/core/audit/render/markdown.ts';
import { auditText } from '../../../src/core/audit/render/text.ts';
import { auditWorkspace } from '../../../src/core/operations/audit.ts';
import { AuditRepository } from '../../support/auditRepository.ts';
import { openEngine } from './support.ts';

const GOLDEN = fileURLToPath(new URL('../../golden/audit/', import.meta.url));

/** UPDATE_GOLDEN=1 writes what came out, for a person to review. */
function golden(name: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN + name, text);
  assert.equal(text, readFileSync(GOLDEN + name, 'utf8'));
}

describe('an audit of a repository full of green figures', () => {
  let repository: AuditRepository;
  let report: AuditReport;
  before(async () => {
    repository = new AuditRepository('phantom');
    const sampler = readFileSync(`${repository.root}/sampler/sampler.go`, 'utf8');
    repository.write('sampler/sampler.go', `${sampler}\n// Changed after the report.\n`);
    repository.commit('2026-11-05T10:00:00Z');
    report = await auditWorkspace(openEngine(repository.root), {});
  });
  after(() => repository.dispose());

  it('lists every claim and every contradiction, as text and as Markdown', () => {
    golden('phantom.golden.txt', auditText(report));
    golden('phantom.golden.md', auditMarkdown(report));
    assert.equal(auditHolds(report), false);
  });

  it('supports nothing, because nothing was ever measured', () => {
    assert.deepEqual([...new Set(report.claims.map(({ verdict }) => verdict))].sort(), ['contradicted', 'no-evidence']);
  });

  it('names each kind of contradiction at its line', () => {
    const found = report.findings.map(({ code, file, range }) => `${code} ${file}:${range.start.line}`);
    for (const one of [
      'audit.recording scripts/validate_goals.sh:4',
      'audit.cannot-fail scripts/validate_goals.sh:5',
      'audit.wrong-place scripts/check_runbook.sh:5',
      'audit.wrong-place scripts/check_runbook.sh:7',
      'audit.unproduced-figure FINAL_REPORT.md:15',
      'audit.copied-figure FINAL_REPORT.md:10',
      'audit.moved-by-hand tasks/done/topn_sampler.yaml:1',
      'audit.contradicted blueprint_tasks.yaml:13',
      'audit.date-in-future FINAL_REPORT.md:3',
      'audit.date-before-start reports/sampler_result.md:3',
      'audit.outdated-result reports/sampler_result.md:1',
      'audit.does-not-compile export/export.go:6',
      'audit.empty-test sampler/sampler_test.go:5',
      'audit.runs-no-test Makefile:11',
    ]) {
      assert.ok(found.includes(one), one);
    }
  });

  it('says nothing about the honest files beside them', () => {
    const files = new Set([...report.claims, ...report.findings].map(({ file }) => file));
    for (const honest of [
      'reports/sketch_result.md',
      'reports/sampler_plan.md',
      'sketch/sketch_test.go',
      'docs/runbook.md',
    ]) {
      assert.equal(files.has(honest), false, honest);
    }
  });

  it('runs nothing and changes nothing', () => {
    assert.equal(report.executed, undefined);
    assert.equal(repository.git('status', '--porcelain', '--ignored'), '');
  });

  it('with --run it compiles, and names the claims that the compiler denies', async () => {
    const ran = await auditWorkspace(openEngine(repository.root), { run: true });
    const issue = ran.findings.find(({ file }) => file === 'sampler/sampler.go');
    assert.equal(issue?.code, 'audit.does-not-compile');
    assert.equal(issue.range.start.line, 12);
    assert.match(issue.message, /undefined: newBoundedHeap/);
    const places = (issue.related ?? []).map(({ file, range }) => `${file}:${range.start.line}`);
    assert.ok(places.includes('README.md:3'), places.join());
    const [claim] = ran.claims.filter(({ file }) => file === 'README.md');
    assert.equal(claim?.verdict, 'contradicted');
    assert.deepEqual(claim.evidence, ['sampler/sampler.go:12']);
    assert.equal(repository.git('status', '--porcelain', '--ignored'), '');
  });

  it('can be stopped', async () => {
    const stopped = auditWorkspace(openEngine(repository.root), { run: true, signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: 'CancelledError' });
  });
});

describe('an audit of an honest repository', () => {
  for (const git of [true, false]) {
    it(`finds nothing, ${git ? 'with' : 'without'} git`, async () => {
      const repository = new AuditRepository('honest', git);
      try {
        const report = await auditWorkspace(openEngine(repository.root), {});
        assert.deepEqual(report.claims, []);
        assert.deepEqual(report.findings, []);
        assert.ok(auditHolds(report));
      } finally {
        repository.dispose();
      }
    });
  }

  it('holds when it is built, and then a claim of it is supported', async () => {
    const repository = new AuditRepository('honest');
    try {
      repository.write('STATUS.md', 'The build is green.\n');
      const report = await auditWorkspace(openEngine(repository.root), { run: true });
      assert.deepEqual(
        report.executed?.map(({ command, outcome }) => `${command}: ${outcome}`),
        ['go build ./...: holds', 'go vet ./...: holds'],
      );
      assert.deepEqual(
        report.claims.map(({ file, verdict }) => `${file} ${verdict}`),
        ['STATUS.md supported'],
      );
      assert.ok(auditHolds(report));
    } finally {
      repository.dispose();
    }
  });
});
