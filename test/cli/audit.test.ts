import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../src/core/operations/audit.ts';
import { AuditRepository } from '../support/auditRepository.ts';
import { runCli } from '../support/cli.ts';

describe('infrabuilder audit', () => {
  let phantom: AuditRepository;
  let honest: AuditRepository;
  before(() => {
    phantom = new AuditRepository('phantom');
    honest = new AuditRepository('honest');
  });
  after(() => {
    phantom.dispose();
    honest.dispose();
  });

  it('answers 1 where claims have no evidence, with places that a terminal can link', async () => {
    const { code, stdout, stderr } = await runCli(['audit'], { cwd: phantom.root });
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /^ {2}tasks\/done\/topn_sampler\.yaml:1: error: .* \[audit\.moved-by-hand\]$/m);
    assert.match(stdout, /Nothing was run\. With --run /);
  });

  it('answers 0 for a repository that claims what it can show, also one that has never seen InfraBuilder', async () => {
    const { code, stdout } = await runCli(['audit', '--cwd', honest.root], { cwd: tmpdir() });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^\d+ files read\. 0 claims: /);
  });

  it('prints JSON in the documented shape', async () => {
    const { code, stdout } = await runCli(['audit', '--json'], { cwd: phantom.root });
    assert.equal(code, 1);
    const json = audit.output.parse(JSON.parse(stdout));
    assert.equal(json.schemaVersion, 1);
    assert.equal(json.executed, null);
    const claim = json.claims.find(({ file }) => file === 'STATUS.md');
    assert.deepEqual(
      [claim?.line, claim?.text, claim?.verdict, claim?.evidence],
      [7, 'Top-N sampler implemented', 'no-evidence', []],
    );
    assert.ok(json.findings.every(({ code: one }) => one.startsWith('audit.')));
  });

  it('writes Markdown to a file, or prints it', async () => {
    const file = join(tmpdir(), `audit-${process.pid}`, 'report.md');
    try {
      const { stdout } = await runCli(['audit', '--format', 'markdown', '--markdown', file], { cwd: phantom.root });
      assert.equal(readFileSync(file, 'utf8'), stdout);
      assert.match(stdout, /^# Audit$/m);
    } finally {
      rmSync(join(file, '..'), { recursive: true, force: true });
    }
    assert.equal(existsSync(join(phantom.root, 'report.md')), false);
  });

  it('says what it runs', async () => {
    const { code, stdout, stderr } = await runCli(['audit', '--run'], { cwd: honest.root });
    assert.equal(code, 0, stdout);
    assert.match(stderr, /^go build \.\/\.\.\. \(in \.\)$/m);
    assert.match(stdout, /^ {2}holds: go vet \.\/\.\.\. \(in \.\)/m);
  });

  it('refuses what it cannot do', async () => {
    assert.equal((await runCli(['audit', '--format', 'html'], { cwd: honest.root })).code, 2);
    const { code, stderr } = await runCli(['audit', '--markdown', join(honest.root, 'go.mod', 'x.md')], {
      cwd: honest.root,
    });
    assert.equal(code, 2);
    assert.match(stderr, /cannot be written/);
  });
});
