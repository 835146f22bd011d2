import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCli } from '../support/cli.ts';

const BUF = join(import.meta.dirname, '../../node_modules/.bin');
/** Goals of the embedded workspace whose canaries need no run and no suite. */
const QUICK = ['--goal', 'G-1', '--goal', 'G-7', '--goal', 'G-9', '--goal', 'G-10'];

describe('verify --self-test on the embedded workspace', () => {
  let folder: string;
  let demo: string;
  let env: Record<string, string>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli canaries-'));
    demo = join(folder, 'demo');
    mkdirSync(join(folder, 'temp'));
    env = {
      PATH: `${BUF}${delimiter}${process.env.PATH ?? ''}`,
      TMPDIR: join(folder, 'temp'),
      TEMP: join(folder, 'temp'),
    };
    const made = await runCli(['init', '--sample', '--no-containers', 'demo'], { cwd: folder, env });
    assert.equal(made.code, 0, made.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const selfTest = (...args: string[]) =>
    runCli(['verify', '--self-test', '--cwd', demo, ...args], { cwd: folder, env });
  const isUntouched = () => {
    const status = execFileSync('git', ['status', '--short'], { cwd: demo, encoding: 'utf8' });
    const copies = readdirSync(join(folder, 'temp')).filter((name) => name.startsWith('infrabuilder-scratch-'));
    assert.deepEqual([status, copies], ['', []]);
  };

  it('declares canaries that fit its files', async () => {
    const { code, stdout } = await runCli(['validate', '--cwd', demo, '--json'], { cwd: folder, env });
    assert.deepEqual([code, JSON.parse(stdout).issues], [0, []]);
  });

  it('turns the goals red, one row a defect, and touches nothing', async () => {
    const { code, stdout, stderr } = await selfTest(...QUICK);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^GOAL +DEFECT +VERDICT +MEASURED +SECONDS +RESULT$/m);
    assert.match(
      stdout,
      /^G-1 +the field \w+ turns from \w+ into \w+ .*pass -> fail +breaking_changes 1 \(<= 0\) .*turns red$/m,
    );
    assert.match(stdout, /^G-7 +an undocumented event +pass -> fail .*turns red$/m);
    assert.match(stdout, /^G-9 +model imports config, which leaves-know-nothing forbids +pass -> fail /m);
    assert.match(stdout, /^G-10 +a runbook entry without remediation .*turns red$/m);
    assert.match(stdout, /^All 6 defects turned their goals red\.$/m);
    isUntouched();
  });

  it('exits with 1 for a gate that does not see its defect, and with 4 for a goal without a canary', async () => {
    const file = join(demo, 'infrabuilder.yaml');
    const text = readFileSync(file, 'utf8');
    const own = '  - {id: G-11, title: Own, kind: command, run: [git, --version], inputs: [docs]}\n';
    writeFileSync(file, text.replace('\nmilestones:', `${own}\nmilestones:`));
    const none = await selfTest('--goal', 'G-11', '--json');
    assert.equal(none.code, 4, none.stderr);
    assert.deepEqual(
      JSON.parse(none.stdout).canaries.map(({ goal, result }: Record<string, string>) => [goal, result]),
      [['G-11', 'no-canary']],
    );
    const canary = '  - {goal: G-11, title: a lie, edits: [{file: docs/lie.md, content: x}]}\n';
    writeFileSync(file, readFileSync(file, 'utf8').replace('canaries:\n', `canaries:\n${canary}`));
    const blind = await selfTest('--goal', 'G-11');
    writeFileSync(file, text);
    assert.equal(blind.code, 1, blind.stderr);
    assert.match(blind.stdout, /^G-11 +a lie +pass -> pass .*STAYS GREEN: the gate does not see the defect$/m);
    isUntouched();
  });

  it('refuses what makes no sense', async () => {
    for (const [args, said] of [
      [['--goal', 'G-99'], /No goal is called G-99\./],
      [['--task', 'topn_sampler'], /cannot be used with/],
      [['--junit', 'x.xml'], /cannot be used with/],
      [['--force'], /cannot be used with/],
    ] as const) {
      const { code, stderr } = await selfTest(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, said);
    }
  });

  it('leaves nothing after Ctrl-C, and removes what a killed run has left', async () => {
    const args = ['verify', '--self-test', '--cwd', demo, '--goal', 'G-8'];
    const output = /check:test.*: started/;
    const stopped = await runCli(args, { cwd: folder, env, interrupt: { signal: 'SIGINT', output } });
    assert.equal(stopped.code, 130, stopped.stderr);
    isUntouched();
    await runCli(args, { cwd: folder, env, interrupt: { signal: 'SIGKILL', output } });
    assert.throws(isUntouched);
    const next = await selfTest('--goal', 'G-9');
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, /removed a copy that an earlier run had left/);
    isUntouched();
  });
});
