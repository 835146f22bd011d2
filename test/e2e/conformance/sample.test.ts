import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConformance, discoverRules } from '../../../src/core/conformance/index.ts';
import { createFiles } from '../../../src/node/files.ts';
import { clock, found, issues, trees } from '../../unit/conformance/support.ts';

const SAMPLE = fileURLToPath(new URL('../../../templates/sample', import.meta.url));
const SOURCE = 'infrastructure-agent';

describe('conformance of the embedded workspace', () => {
  let root: string;
  const scan = () =>
    createConformance({ files: createFiles(root), trees, clock, source: SOURCE }).scan({ fresh: true });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'conformance sample-'));
    for (const part of ['conformance.yaml', 'docs', SOURCE])
      cpSync(join(SAMPLE, part), join(root, part), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('passes, with every rule evaluated', async () => {
    const report = await scan();
    assert.deepEqual([report.verdict, found(report), issues(report)], ['pass', [], []]);
    assert.deepEqual(
      report.rules.filter(({ verdict }) => verdict !== 'pass'),
      [],
    );
    assert.ok(report.files > 20 && report.rules.length > 5);
  });

  it('fails at the line of a forbidden import that somebody plants', async () => {
    const file = `${SOURCE}/sampler/canary_windows.go`;
    writeFileSync(join(root, file), 'package sampler\n\nimport (\n\t"sort"\n\t_ "net/http"\n)\n\nvar _ = sort.Ints\n');
    const report = await scan();
    assert.equal(report.verdict, 'fail');
    assert.deepEqual(found(report), [`${file}:5:4 sampler-knows-no-export`]);
  });

  it('fails when a module forgets its life cycle', async () => {
    const path = join(root, SOURCE, 'sketch/module.go');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/func \(m \*Module\) Shutdown\(/, 'func (m *Module) Stop('));
    const report = await scan();
    assert.deepEqual(
      report.violations.map(({ rule, file }) => [rule, file]),
      [['lifecycle', `${SOURCE}/sketch/module.go`]],
    );
  });

  it('holds under the rules that are discovered from it', async () => {
    writeFileSync(
      join(root, 'conformance.yaml'),
      await discoverRules({ files: createFiles(root), trees, source: SOURCE }),
    );
    const report = await scan();
    assert.deepEqual([report.verdict, found(report), issues(report)], ['pass', [], []]);
  });

  // Windows asks for a privilege to make links.
  if (process.platform === 'win32') return;

  it('ends on real loops of links, and says that it does not follow them', async () => {
    symlinkSync('..', join(root, SOURCE, 'sampler/up'), 'dir');
    symlinkSync('loop.go', join(root, SOURCE, 'sampler/loop.go'));
    const report = await scan();
    assert.equal(report.verdict, 'pass');
    assert.deepEqual(issues(report), [
      `${SOURCE}/sampler/loop.go:1:1 conformance.link`,
      `${SOURCE}/sampler/up:1:1 conformance.link`,
    ]);
  });
});
