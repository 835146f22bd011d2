import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Workshop, write } from './workshop.ts';

const RECORDER = '#!/bin/sh\necho "$# $*"\nexit $RECORDER_EXIT\n';

describe('scripts of a workspace', () => {
  let shop: Workshop;
  let recorder: string;
  before(async () => {
    shop = new Workshop();
    recorder = shop.path('record it');
    write(recorder, RECORDER);
    await shop.init({ sample: true, git: false });
  });
  after(() => shop.dispose());

  function run(program: string, args: string[], more: { cwd?: string; env?: Record<string, string> } = {}) {
    const env = { ...process.env, INFRABUILDER: recorder, RECORDER_EXIT: '0', ...more.env };
    const { stdout, stderr, status } = spawnSync(program, args, { cwd: more.cwd ?? '/', env, encoding: 'utf8' });
    return { stdout: stdout.replaceAll(shop.workspace, 'WS').trim(), stderr, status };
  }

  it('verify the goals from any folder, and pass the exit code on', () => {
    const checkpoint = join(shop.workspace, 'checkpoint.sh');
    assert.equal(run(checkpoint, []).stdout, '3 verify --cwd WS');
    assert.equal(run(checkpoint, ['--task', 'a b']).stdout, '5 verify --cwd WS --task a b');
    assert.equal(run('./checkpoint.sh', [], { cwd: shop.workspace, env: { RECORDER_EXIT: '4' } }).status, 4);
    assert.equal(run('sh', ['checkpoint.sh'], { cwd: shop.workspace }).stdout, '3 verify --cwd WS');
  });

  it("take the plan's flags", () => {
    const cwd = join(shop.workspace, 'e2e');
    assert.equal(
      run('./e2e_run.sh', ['--scenario=failover'], { cwd }).stdout,
      '5 e2e run --cwd WS --scenario=failover',
    );
    assert.equal(
      run('./e2e_run.sh', ['--scenario=s', '--goal=G-2', '--platform=linux'], { cwd }).stdout,
      '7 e2e run --cwd WS --scenario=s --goal=G-2 --platform=linux',
    );
    assert.equal(run('./e2e_run.sh', ['--matrix', '--json'], { cwd }).stdout, '5 e2e matrix --cwd WS --json');
    assert.equal(run('./validate_goal.sh', ['G-2'], { cwd }).stdout, '5 verify --cwd WS --goal G-2');
    const bare = run('./validate_goal.sh', [], { cwd });
    assert.equal(bare.status, 2);
    assert.match(bare.stderr, /^usage: .*GOAL/);
  });

  it('say so where infrabuilder is not installed', () => {
    const missing = run(join(shop.workspace, 'checkpoint.sh'), [], { env: { INFRABUILDER: shop.path('none') } });
    assert.notEqual(missing.status, 0);
    assert.match(missing.stderr, /none/);
  });

  it('are what make calls', () => {
    const make = (target: string) =>
      run('make', ['--silent', '-C', shop.workspace, target, `INFRABUILDER="${recorder}"`]).stdout;
    assert.match(make('lint'), /^2 check lint$/m);
    assert.match(make('chaos'), /^3 e2e run --scenario=failover$/m);
    assert.match(make('verify'), /^1 verify$/m);
  });
});
