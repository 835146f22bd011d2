import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, runCli } from '../support/cli.ts';

const TASK = 'slug: good\nphase: P0\nmodule: a/\nblueprint: {epic: A, story: B}\nacceptance:\n  - it works\n';

describe('the command line at its edges', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edges-'));
    mkdirSync(join(folder, 'tasks/pending'), { recursive: true });
    writeFileSync(join(folder, 'tasks/pending/good.yaml'), TASK);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const command of ['init', 'doctor', 'validate', 'tasks', 'task show', 'check', 'mcp']) {
    it(`${command} --help ends in examples that begin with the command`, async () => {
      const { code, stdout } = await runCli([...command.split(' '), '--help'], { cwd: folder });
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`\\nExamples:\\n  infrabuilder ${command}\\b`));
    });
  }

  it('tasks says which files it cannot list, and never that there are none', async () => {
    const broken = join(folder, 'tasks/pending/broken.yaml');
    writeFileSync(broken, 'slug: broken\nphase: [\n');
    const text = await runCli(['tasks'], { cwd: folder });
    const json = JSON.parse((await runCli(['tasks', '--json'], { cwd: folder })).stdout);
    rmSync(join(folder, 'tasks/pending/good.yaml'));
    const alone = await runCli(['tasks'], { cwd: folder });
    writeFileSync(join(folder, 'tasks/pending/good.yaml'), TASK);
    rmSync(broken);
    assert.match(text.stdout, /^good +pending/m);
    assert.match(text.stderr, /^tasks\/pending\/broken\.yaml:2:8: error: .*\nThese files are not listed\.$/m);
    assert.deepEqual([json.tasks.length, json.issues.map(({ code }: { code: string }) => code)], [1, ['yaml.syntax']]);
    assert.doesNotMatch(alone.stderr, /No tasks/);
  });

  it('checklist soaks nothing that it does not know', async () => {
    const near = await runCli(['checklist', '--soak', '60s', '--scenario', 'standart'], { cwd: folder });
    assert.equal(near.code, 2);
    assert.match(near.stderr, /There is no scenario or workload "standart" to soak\.\nDid you mean standard\?/);
    const far = await runCli(['checklist', '--soak', '60s', '--scenario', 'nope'], { cwd: folder });
    assert.equal(far.code, 2);
    assert.match(far.stderr, /^There are: standard, high_pid_churn, /m);
  });

  it('doctor takes names of tools only with --fix, and only names that it knows', async () => {
    const alone = await runCli(['doctor', 'buf'], { cwd: folder });
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /^To install: infrabuilder doctor --fix buf\./m);
    const unknown = await runCli(['doctor', '--fix', 'bfu'], { cwd: folder });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /needs a tool called bfu\.\nThe tools are: git, go, /);
  });

  const full = existsSync('/dev/full') ? it : it.skip;
  full('says so where its output does not fit the disk', () => {
    const output = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'tasks'], {
      cwd: folder,
      stdio: ['ignore', output, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(output);
    assert.match(stderr, /^error: Standard output cannot be written: ENOSPC/);
    assert.equal(status, 3);
  });

  it('passes no escape sequence of a program on', async () => {
    const script = "console.error('\\u001b[31mred\\u001b[0m \\u001b[2J\\u001b]0;title\\u0007bad'); process.exit(1)";
    const checks = `version: 1\nchecks:\n  paint: {run: [node, -e, ${JSON.stringify(script)}]}\n`;
    writeFileSync(join(folder, 'infrabuilder.yaml'), checks);
    const { stdout, stderr } = await runCli(['check', 'paint', '--verbose'], { cwd: folder });
    rmSync(join(folder, 'infrabuilder.yaml'));
    assert.match(stdout, /^paint: fail in .* Exit code 1: red bad$/m);
    assert.ok(!(stdout + stderr).includes('\u001b'));
  });
});
