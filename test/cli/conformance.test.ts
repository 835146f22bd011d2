import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CLI, runCli } from '../support/cli.ts';
import { until } from '../support/until.ts';

describe('infrabuilder conformance', () => {
  let folder: string;
  const at = (path: string): string => join(folder, path);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    await runCli(['init', '--sample', '--no-containers', '--no-git', '.'], { cwd: folder });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Makes the sampler import what the blueprint denies it, on line 4 of its file. */
  const plant = (): void =>
    writeFileSync(
      at('infrastructure-agent/sampler/planted.go'),
      'package sampler\n\nimport (\n\t"example.com/infrastructure-agent/export"\n)\n\nvar _ export.Report\n',
    );

  it('passes on the embedded workspace, in each format', async () => {
    const text = await runCli(['conformance'], { cwd: folder });
    assert.equal(text.code, 0, text.stdout);
    const sarif = await runCli(['conformance', '--format', 'sarif'], { cwd: folder });
    assert.equal(JSON.parse(sarif.stdout).version, '2.1.0');
    const written = await runCli(['conformance', '--format', 'markdown', '--output', 'reports/conformance.md'], {
      cwd: folder,
    });
    assert.equal(written.stdout, '');
    assert.match(readFileSync(at('reports/conformance.md'), 'utf8'), /^# Architecture Conformance Report/);
  });

  it('finds a planted import at its line, from the cache too', async () => {
    await runCli(['conformance'], { cwd: folder });
    plant();
    const { code, stdout } = await runCli(['conformance', '--json'], { cwd: folder });
    const { violations } = JSON.parse(stdout);
    const found = violations.find((one: { rule: string }) => one.rule === 'sampler-knows-no-export');
    assert.deepEqual([found.file, found.line], ['infrastructure-agent/sampler/planted.go', 4]);
    assert.equal(code, 1);
  });

  it('accepts today’s violations by a baseline, and calls an entry stale once its violation has gone', async () => {
    const rules = readFileSync(at('conformance.yaml'), 'utf8');
    const unnamed = await runCli(['conformance', 'baseline'], { cwd: folder });
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.stderr, /Add the line "baseline: conformance\.baseline\.json"/);

    writeFileSync(at('conformance.yaml'), `${rules}\nbaseline: conformance.baseline.json\n`);
    plant();
    const shown = await runCli(['conformance', 'baseline'], { cwd: folder });
    assert.match(shown.stdout, /^\+ sampler-knows-no-export: infrastructure-agent\/sampler\/planted\.go: /m);
    assert.equal(existsSync(at('conformance.baseline.json')), false);
    await runCli(['conformance', 'baseline', '--update'], { cwd: folder });
    assert.equal((await runCli(['conformance'], { cwd: folder })).code, 0);

    rmSync(at('infrastructure-agent/sampler/planted.go'));
    const stale = await runCli(['conformance'], { cwd: folder });
    assert.equal(stale.code, 2);
    assert.match(stale.stdout, /\[baseline\.stale\]/);
  });

  it('watches: reports after each change of source and rules, one JSON line each, until Ctrl-C', async () => {
    const child = spawn(process.execPath, [CLI, 'conformance', '--watch', '--json'], { cwd: folder });
    const ended = once(child, 'close');
    const lines: { verdict: string; violations: { file: string }[] }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    const verdict = () => lines.at(-1)?.verdict;
    try {
      await until(() => verdict() === 'pass', 'the first report');
      plant();
      await until(() => verdict() === 'fail', 'the planted import is found');
      const files = new Set(lines.at(-1)?.violations.map(({ file }) => file));
      assert.deepEqual([...files], ['infrastructure-agent/sampler/planted.go']);
      rmSync(at('infrastructure-agent/sampler/planted.go'));
      await until(() => verdict() === 'pass', 'it is gone again');
      const rules = readFileSync(at('conformance.yaml'), 'utf8');
      writeFileSync(at('conformance.yaml'), 'version: 1\nrules: [nonsense]\n');
      await until(() => verdict() === 'error', 'the broken rules are told');
      writeFileSync(at('conformance.yaml'), rules);
      await until(() => verdict() === 'pass', 'the mended rules hold');
    } finally {
      child.kill('SIGINT');
    }
    const [code] = await ended;
    assert.equal(code, 130);
  });

  it('watches with a file as output without starting itself again', async () => {
    const child = spawn(process.execPath, [CLI, 'conformance', '--watch', '--output', 'c.txt'], { cwd: folder });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
    });
    const reports = () => said.split('Written to c.txt.').length - 1;
    try {
      await until(() => reports() === 1, 'the first report');
      plant();
      await until(() => reports() === 2, 'the second report');
      writeFileSync(at('infrastructure-agent/sampler/planted.go'), 'package sampler\n');
      await until(() => reports() === 3, 'the third report');
      assert.match(said, /Changed: infrastructure-agent\/sampler\/planted\.go\n/);
      assert.doesNotMatch(said, /Changed: .*c\.txt/);
    } finally {
      child.kill('SIGINT');
    }
    await ended;
  });

  it('without rules it has not run; init drafts rules that hold', async () => {
    renameSync(at('conformance.yaml'), at('old.yaml'));
    assert.equal((await runCli(['conformance'], { cwd: folder })).code, 4);
    assert.equal((await runCli(['conformance', 'init'], { cwd: folder })).code, 0);
    assert.equal((await runCli(['conformance'], { cwd: folder })).code, 0);
    const again = await runCli(['conformance', 'init'], { cwd: folder });
    assert.equal(again.code, 2);
    assert.match(again.stderr, /exists already/);
  });

  it('says where a rules file is wrong', async () => {
    writeFileSync(
      at('conformance.yaml'),
      'version: 1\ncomponents: {a: {in: [sampler/**]}}\nrules:\n  - {id: x, kind: bondary}\n',
    );
    const { code, stdout } = await runCli(['conformance'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stdout, /^conformance\.yaml:4:19: error: /m);
  });
});
