import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CLI, runCli } from '../support/cli.ts';

const BUF = join(import.meta.dirname, '../../node_modules/.bin');
const ENV = { PATH: `${BUF}${delimiter}${process.env.PATH ?? ''}` };
/** Goals of the embedded workspace that need no scenario: real buf, git and grammars. */
const QUICK = ['--goal', 'G-1', '--goal', 'G-7', '--goal', 'G-9'];

describe('verify on the embedded workspace', () => {
  let folder: string;
  let demo: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli verify-'));
    demo = join(folder, 'demo');
    const made = await runCli(['init', '--sample', '--no-containers', 'demo'], { cwd: folder, env: ENV });
    assert.equal(made.code, 0, made.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const verify = (...args: string[]) => runCli(['verify', '--cwd', demo, ...args], { cwd: folder, env: ENV });
  const edit = (path: string, change: (text: string) => string) => {
    const file = join(demo, path);
    const before = readFileSync(file, 'utf8');
    assert.notEqual(change(before), before, path);
    writeFileSync(file, change(before));
    return () => writeFileSync(file, before);
  };
  const evidence = () => readdirSync(join(demo, 'reports/evidence')).filter((name) => name.endsWith('.json'));

  it('measures with real tools, writes evidence, and then answers from it', async () => {
    const first = await verify(...QUICK, '--json', '--junit', 'out/goals.xml');
    assert.equal(first.code, 0, first.stdout + first.stderr);
    const { schemaVersion, holds, goals } = JSON.parse(first.stdout);
    assert.deepEqual([schemaVersion, holds], [1, true]);
    assert.deepEqual(
      goals.map(({ id, verdict, fresh, evidence: files }: Record<string, unknown>) => [
        id,
        verdict,
        fresh,
        (files as string[]).length,
      ]),
      [
        ['G-1', 'pass', true, 1],
        ['G-7', 'pass', true, 1],
        ['G-9', 'pass', true, 1],
      ],
    );
    assert.match(
      readFileSync(join(folder, 'out/goals.xml'), 'utf8'),
      /^<\?xml .*\n<testsuites tests="3" failures="0" errors="0" skipped="0">/,
    );
    const files = evidence();
    assert.equal(files.length, 3);
    const second = await verify(...QUICK);
    assert.equal(second.code, 0);
    assert.equal(second.stderr, '');
    assert.match(
      second.stdout,
      /^\[G-1\] \[EVIDENCE\] buf found no breaking change since HEAD\^ in infrastructure-agent\.$/m,
    );
    assert.deepEqual(evidence(), files);
  });

  it('runs the real checks of G-8, and counts what they executed', async () => {
    const { code, stdout, stderr } = await verify('--goal', 'G-8', '--json');
    assert.equal(code, 0, stderr);
    const [goal] = JSON.parse(stdout).goals;
    const value = (name: string) => goal.values.find((one: { name: string }) => one.name === name)?.value;
    assert.ok(value('test.tests_passed') > 50, stdout);
    assert.ok(value('test.coverage') >= 80, stdout);
  });

  it('says what fails on standard error, with exit code 1 and the place', async () => {
    const undo = edit('docs/runbook.md', (text) => text.replaceAll('`sketch_writes`', '`sketch writes`'));
    const { code, stdout, stderr } = await verify('--goal', 'G-7', '--junit', 'out/failed.xml');
    undo();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^infrastructure-agent\/export\/metric\.go:\d+:\d+: error: The metric "sketch_writes" is not documented\..* \[docs\.undocumented\]$/m,
    );
    assert.match(stderr, /^\[G-7\] \[FAILURE\] fail: 1 gaps/m);
    assert.doesNotMatch(stdout, /EVIDENCE/);
    assert.match(readFileSync(join(folder, 'out/failed.xml'), 'utf8'), /<failure message="fail: 1 gaps/);
    assert.equal((await verify('--goal', 'G-7')).code, 0, 'the old text has its old evidence');
  });

  it('finds a breaking change of the schema with the real buf', async () => {
    const undo = edit('infrastructure-agent/proto/agent/v1/process.proto', (text) => text.replace(/ = 2;/, ' = 22;'));
    const { code, stdout } = await verify('--goal', 'G-1');
    undo();
    assert.equal(code, 1);
    assert.match(stdout, /^infrastructure-agent\/proto\/agent\/v1\/process\.proto:\d+:\d+: error: .* \[buf\.field-/m);
  });

  it('finds an edited figure in the evidence', async () => {
    const file = evidence().find((name) => name.includes('goal-G-9')) ?? '';
    const undo = edit(`reports/evidence/${file}`, (text) => text.replace(/"value": \d+/, '"value": 999'));
    const { code, stdout } = await verify('--goal', 'G-1');
    undo();
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(`^reports/evidence/${file}:1:1: error: This was changed after it was written`, 'm'),
    );
    assert.equal((await verify('--goal', 'G-1')).code, 0);
  });

  it('refuses an unknown goal and an unknown task by name', async () => {
    const goal = await verify('--goal', 'G-77');
    assert.deepEqual([goal.code, goal.stdout], [2, '']);
    assert.match(goal.stderr, /^error: No goal is called G-77\.\n.*The goals are: G-1, /);
    assert.equal((await verify('--task', 'topn_samplr')).code, 2);
  });

  it('answers 3 where a tool is missing, and 4 where there is nothing to measure', async () => {
    writeFileSync(join(folder, 'one.yaml'), '');
    const bare = mkdtempSync(join(tmpdir(), 'cli bare-'));
    try {
      writeFileSync(
        join(bare, 'infrabuilder.yaml'),
        'version: 1\ngoals: [{id: G-1, title: S, kind: schema}, {id: G-2, title: C, kind: command, run: [no-such-tool-7]}]\n',
      );
      const none = await runCli(['verify', '--goal', 'G-1'], { cwd: bare, env: ENV });
      assert.deepEqual(
        [none.code, none.stderr.includes('[G-1] [FAILURE] not-run: There is no .proto file')],
        [4, true],
      );
      assert.equal((await runCli(['verify', '--goal', 'G-2'], { cwd: bare, env: ENV })).code, 3);
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
  });

  it('keeps what it has when it is interrupted', async () => {
    const before = evidence().length;
    const options = { cwd: folder, env: ENV, interrupt: { signal: 'SIGINT' as const, output: /goal:G-1: pass/ } };
    const stopped = await runCli(['verify', '--cwd', demo, '--goal', 'G-8', '--goal', 'G-1', '--force'], options);
    assert.equal(stopped.code, 130);
    assert.match(stopped.stderr, /Interrupted\.\n$/);
    assert.ok(evidence().length > before);
    assert.equal((await verify('--goal', 'G-8')).code, 0);
  });

  it("is what the workspace's own scripts call", () => {
    if (process.platform === 'win32') return;
    const program = join(folder, 'infrabuilder');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, { mode: 0o755 });
    const env = { ...process.env, ...ENV, INFRABUILDER: program };
    const one = spawnSync('./validate_goal.sh', ['G-1'], { cwd: join(demo, 'e2e'), env, encoding: 'utf8' });
    assert.deepEqual([one.status, /\[G-1\] \[EVIDENCE\]/.test(one.stdout)], [0, true], one.stderr);
    assert.equal(spawnSync('./checkpoint.sh', [...QUICK], { cwd: demo, env }).status, 0);
  });

  it('report final writes the table and the results of the plan, from evidence alone', async () => {
    const { code, stdout } = await runCli(['report', 'final', '--cwd', demo], { cwd: folder, env: ENV });
    assert.equal(code, 1);
    assert.match(stdout, /^\| G-1 \| Additive-Only Schema \| ✅ PASS \| buf found no breaking change/m);
    assert.match(stdout, /^\| G-2 \| Host Safety \| ❌ NOT RUN \| The scenario was not run yet\. \|$/m);
    assert.match(stdout, /^Overall result: ❌ FAIL$/m);
    const results = JSON.parse(readFileSync(join(demo, 'final_validation_results.json'), 'utf8'));
    assert.deepEqual(
      [results.overall_passed, results.results['G-1'].passed, results.results['G-2'].verdict],
      [false, true, 'not-run'],
    );
  });

  it('task complete lists what is missing, and moves nothing', async () => {
    const task = (...args: string[]) => runCli(['task', ...args, '--cwd', demo], { cwd: folder, env: ENV });
    const opened = await task('open', 'topn_sampler');
    assert.deepEqual(
      [opened.code, opened.stdout],
      [0, 'topn_sampler is in_progress: tasks/in_progress/topn_sampler.yaml\n'],
    );
    const { code, stdout } = await task('complete', 'topn_sampler');
    assert.equal(code, 1);
    assert.match(stdout, /^topn_sampler is not done: \d+ things are missing\.$/m);
    assert.match(
      stdout,
      /^- G-4 Top-N Accuracy: not-run\. .* \[gate\.goal-not-run\]\n {4}mend: infrabuilder verify --goal G-4$/m,
    );
    assert.ok(readdirSync(join(demo, 'tasks/in_progress')).includes('topn_sampler.yaml'));
    const unsigned = await task('complete', 'topn_sampler', '--sign-off', 'heap operations');
    assert.deepEqual([unsigned.code, unsigned.stderr.split('\n')[0]], [2, 'error: A sign-off or waiver has no name.']);
    assert.equal((await task('complete', 'topn_sampler', '--waive', 'x', '--by', 'Ada')).code, 2);
  });
});
