import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli.ts';

const ESCAPE = '\u001b';
const TASK = `slug: widget
phase: P0
module: sampler/
blueprint:
  epic: A1-E1
  story: A1-S1
acceptance:
  - widget_ratio ≥ 95%
`;

describe('the command line on a workspace', () => {
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli test-'));
    const made = await runCli(['init', '--sample', '--no-containers', 'demo'], { cwd: folder });
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stderr, /^Next: cd demo, then "infrabuilder doctor" and "infrabuilder task next"\.$/m);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const demo = () => join(folder, 'demo');

  it('init makes the layout of the plan, and a second run changes nothing', async () => {
    const wanted = [
      'Makefile',
      'blueprint_tasks.yaml',
      'checkpoint.sh',
      'docs',
      'e2e',
      'infrabuilder.yaml',
      'reports',
      'tasks',
    ];
    assert.deepEqual(
      wanted.filter((name) => !existsSync(join(demo(), name))),
      [],
    );
    const again = await runCli(['init', '--sample', '--no-containers', 'demo', '--json'], { cwd: folder });
    assert.equal(again.code, 0);
    assert.equal(JSON.parse(again.stdout).changed, false);
  });

  it('validate finds nothing in it, from any folder inside it', async () => {
    const { code, stdout } = await runCli(['validate', '--json'], { cwd: join(demo(), 'docs') });
    assert.deepEqual(JSON.parse(stdout), { schemaVersion: 1, issues: [] });
    assert.equal(code, 0);
  });

  it('validate names file, line, column and code of a problem, and a fix where there is one', async () => {
    const file = join(demo(), 'tasks/pending/widget.yaml');
    writeFileSync(file, `${TASK}blueprint_goals:\n  - G-99\n`);
    const text = await runCli(['validate'], { cwd: demo() });
    const json = await runCli(['validate', '--json'], { cwd: demo() });
    rmSync(file);
    assert.match(text.stdout, /^tasks\/pending\/widget\.yaml:10:5: error: .*G-99.* \[task\.unknown-goal\]$/m);
    assert.match(text.stdout, /^ {4}fix: /m);
    assert.equal(text.code, 1);
    const found = JSON.parse(json.stdout).issues.find((issue: { code: string }) => issue.code === 'task.unknown-goal');
    assert.deepEqual(found.range, { start: { line: 10, column: 5 }, end: { line: 10, column: 9 } });
  });

  it('tasks lists each task with its next step and what blocks it', async () => {
    const { stdout } = await runCli(['tasks', '--json'], { cwd: demo() });
    const { schemaVersion, tasks } = JSON.parse(stdout);
    assert.equal(schemaVersion, 1);
    const sampler = tasks.find((task: { slug: string }) => task.slug === 'topn_sampler');
    assert.deepEqual(sampler, {
      slug: 'topn_sampler',
      status: 'pending',
      phase: 'P0',
      module: 'sampler/',
      step: 'open',
      blockers: [],
    });
    const waiting = tasks.find((task: { blockers: string[] }) => task.blockers.length > 0);
    assert.deepEqual(waiting.blockers, ['It depends on topn_sampler, which is pending.']);
  });

  it('task show tells measurable acceptance lines from those for a person', async () => {
    const { stdout } = await runCli(['task', 'show', 'topn_sampler', '--json'], { cwd: demo() });
    const { acceptance } = JSON.parse(stdout).task;
    assert.deepEqual(acceptance[0].expectation, {
      metric: 'topn_capture_ratio',
      operator: '>=',
      value: 95,
      unit: 'percent',
      where: 'replay harness',
    });
    assert.equal(acceptance[2].expectation, undefined);
  });

  it('task show suggests the nearest name', async () => {
    const { code, stderr } = await runCli(['task', 'show', 'topn_samplr'], { cwd: demo() });
    assert.equal(code, 2);
    assert.equal(stderr, 'error: No task is called topn_samplr.\nDid you mean topn_sampler?\n');
  });

  it('check runs the real linter and keeps its log', async () => {
    const { code, stdout } = await runCli(['check', 'lint', '--json'], { cwd: demo() });
    const result = JSON.parse(stdout);
    assert.equal(result.verdict, 'pass', stdout);
    assert.equal(code, 0);
    assert.match(readFileSync(join(demo(), result.log), 'utf8'), /argv: \["go","vet"/);
  });

  it('check reports a vet finding at its line', async () => {
    const file = join(demo(), 'infrastructure-agent/sampler/bad_vet.go');
    writeFileSync(file, 'package sampler\n\nimport "fmt"\n\nfunc badVet() { fmt.Printf("%d", "text") }\n');
    const { code, stdout } = await runCli(['check', 'lint'], { cwd: demo() });
    rmSync(file);
    assert.equal(code, 1);
    assert.match(stdout, /^infrastructure-agent\/sampler\/bad_vet\.go:5:\d+: error: /m);
  });

  it('check answers 3 when a tool is missing, and says how to find out more', async () => {
    const { code, stdout } = await runCli(['check', 'lint'], { cwd: demo(), env: { PATH: '/nonexistent' } });
    assert.equal(code, 3);
    assert.match(stdout, /\[check\.tool-missing\]/);
    assert.match(stdout, /infrabuilder doctor/);
  });

  it('check refuses a name that is not configured, and a broken configuration', async () => {
    const unknown = await runCli(['check', 'tests'], { cwd: demo() });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /^error: No check is called tests\.\nDid you mean test\? /);

    const config = join(demo(), 'infrabuilder.yaml');
    const before = readFileSync(config, 'utf8');
    writeFileSync(config, before.replace('version: 1', 'version: 1\nchekcs: {}'));
    const broken = await runCli(['check', 'lint'], { cwd: demo() });
    writeFileSync(config, before);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /^error: infrabuilder\.yaml:\d+:1: /);
  });

  it('the Makefile reaches the same check, and a check that runs itself is refused', async () => {
    const config = join(demo(), 'infrabuilder.yaml');
    const before = readFileSync(config, 'utf8');
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const { CLI } = await import('../support/cli.ts');
    writeFileSync(join(bin, 'infrabuilder'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, { mode: 0o755 });
    writeFileSync(config, before.replace('run: [go, vet, ./...]\n    cwd: infrastructure-agent', 'run: [make, lint]'));
    assert.notEqual(readFileSync(config, 'utf8'), before, 'the sample configures lint as this test expects');
    const result = await runCli(['check', 'lint'], {
      cwd: demo(),
      env: { PATH: `${bin}:${process.env.PATH ?? ''}` },
    });
    writeFileSync(config, before);
    assert.equal(result.code, 1);
    assert.match(result.stdout, /let the Makefile target call the tool instead of infrabuilder/);
  });

  it('Ctrl-C ends a check with 130 and leaves nothing running', async () => {
    const config = join(demo(), 'infrabuilder.yaml');
    const before = readFileSync(config, 'utf8');
    const pidFile = join(demo(), 'pid');
    const script =
      "require('fs').writeFileSync('pid', String(process.pid)); console.log('up'); setInterval(() => {}, 1000)";
    const check = `\nchecks:\n  slow: {run: [node, -e, ${JSON.stringify(script)}]}`;
    writeFileSync(config, before.replace('\nchecks:', check));
    const { code, stderr } = await runCli(['check', 'slow', '--verbose'], {
      cwd: demo(),
      interrupt: { signal: 'SIGINT', output: /^up$/m },
    });
    writeFileSync(config, before);
    assert.equal(code, 130);
    assert.match(stderr, /Interrupted\.\n$/);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    rmSync(pidFile);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('doctor names each tool, and answers 3 when one that a check needs is missing', async () => {
    const fine = await runCli(['doctor', '--json'], { cwd: demo() });
    assert.equal(fine.code, 0, fine.stdout);
    const ids = JSON.parse(fine.stdout).tools.map((tool: { id: string }) => tool.id);
    for (const id of ['git', 'go', 'docker', 'protoc', 'buf', 'make', 'kind', 'firecracker', 'toxiproxy-server']) {
      assert.ok(ids.includes(id), `${id} in ${ids}`);
    }
    const missing = await runCli(['doctor', '--json'], { cwd: demo(), env: { PATH: '/nonexistent' } });
    assert.equal(missing.code, 3);
    assert.ok(JSON.parse(missing.stdout).missingRequired.includes('go'));
  });

  it('outside a workspace, and with a wrong option, it answers 2 and says what to do', async () => {
    const lost = await runCli(['validate'], { cwd: tmpdir() });
    assert.equal(lost.code, 2);
    assert.match(lost.stderr, /Create one with "infrabuilder init", or name one with --cwd\./);
    const wrong = await runCli(['validate', '--jsn'], { cwd: demo() });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /unknown option '--jsn'/);
    assert.equal((await runCli([], { cwd: demo() })).code, 2);
    assert.equal((await runCli(['--help'], { cwd: demo() })).code, 0);
  });

  it('without a terminal it prints no colour', async () => {
    const { stdout } = await runCli(['tasks'], { cwd: demo() });
    assert.ok(!stdout.includes(ESCAPE));
    const forced = await runCli(['doctor'], { cwd: demo(), env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
    assert.ok(!forced.stdout.includes(ESCAPE));
  });

  it('leaves no lock and no temporary file behind', () => {
    const left = readdirSync(demo(), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(tmp|lock)$/.test(name),
    );
    assert.deepEqual(left, []);
  });
});
