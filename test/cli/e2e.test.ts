import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench, CALM, FAILING } from '../e2e/runner/support.ts';
import { CLI, runCli } from '../support/cli.ts';

describe('infrabuilder e2e', function () {
  this.timeout(120_000);
  const bench = new Bench();
  let root = '';

  before(async function () {
    assert.ok(existsSync(CLI), 'Build first: node esbuild.mjs');
    if (process.platform !== 'linux') return this.skip();
    await bench.build();
    root = bench.workspace('cli', '', { calm: CALM, failing: FAILING });
  });
  after(() => bench.dispose());

  it('lists scenarios and workloads', async () => {
    const { code, stdout } = await runCli(['e2e', 'list'], { cwd: root });
    assert.equal(code, 0);
    assert.match(stdout, /^SCENARIO\s+WORKLOAD\s+GOALS/);
    assert.match(stdout, /^failing\s+standard\s+G-6\s+linux\s+network_partition/m);
    assert.match(stdout, /^cpu_spikes\s+cpu_spikes/m);
    const json = JSON.parse((await runCli(['e2e', 'list', '--json'], { cwd: root })).stdout);
    assert.equal(json.schemaVersion, 1);
  });

  it('prints the plan and starts nothing', async () => {
    const { code, stdout } = await runCli(['e2e', 'run', '--scenario=failing', '--seed=7', '--dry-run'], { cwd: root });
    assert.equal(code, 0);
    assert.match(stdout, /^fault\s+at 2 s: network_partition on otelcol for 3 s/m);
    assert.match(stdout, /^workload\s+standard .* seed 7/m);
    assert.equal(existsSync(join(root, '.infrabuilder')), false);
    const again = await runCli(['e2e', 'run', '--scenario=failing', '--seed=7', '--dry-run'], { cwd: root });
    assert.equal(again.stdout, stdout);
  });

  it('plans a matrix, filtered', async () => {
    const args = ['e2e', 'matrix', '--workload=all', '--failure=none,network_latency', '--dry-run'];
    const { code, stdout } = await runCli(args, { cwd: root });
    assert.equal(code, 0);
    assert.equal(stdout.match(/^matrix_/gm)?.length, 10);
    const { stderr, code: bad } = await runCli(['e2e', 'matrix', '--workload=walking'], { cwd: root });
    assert.equal(bad, 2);
    assert.match(stderr, /There is no workload "walking"/);
  });

  it('answers wrong usage with 2, another platform with 4', async () => {
    const unknown = await runCli(['e2e', 'run', '--scenario=nothing'], { cwd: root });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /There is no scenario "nothing"[\s\S]*Scenarios: calm, failing/);
    const goal = await runCli(['e2e', 'run', '--scenario=calm', '--goal=G-77'], { cwd: root });
    assert.equal(goal.code, 2);
    const duration = await runCli(['e2e', 'run', '--duration=soon'], { cwd: root });
    assert.equal(duration.code, 2);
    const windows = await runCli(['e2e', 'run', '--scenario=calm', '--platform=windows', '--json'], { cwd: root });
    assert.equal(windows.code, 4);
    const result = JSON.parse(windows.stdout);
    assert.equal(result.verdict, 'not-run');
    assert.match(result.reason, /This machine is linux .*, not windows/);
  });

  it('runs the built program and all that it starts, and says what holds', async () => {
    const junit = join(root, 'out', 'junit.xml');
    const args = ['e2e', 'run', '--scenario=calm', '--duration=5', '--junit', junit];
    const { code, stdout, stderr } = await runCli(args, { cwd: root });
    assert.ok(code === 4 || code === 1, stderr);
    assert.match(stdout, /^\[G-3\] \[EVIDENCE\] p95p99_error \d/m);
    assert.match(
      stderr,
      /^\[G-2\] \[FAILURE\] inconclusive: cpu_usage .* inconclusive/m,
      'five seconds say nothing about CPU',
    );
    assert.match(
      stderr,
      /^set up: [\s\S]*^start: [\s\S]*^warm up: [\s\S]*^steady state: [\s\S]*^collect$[\s\S]*^judge$[\s\S]*^report: [\s\S]*^tear down: /m,
    );
    assert.match(stdout, /^report: e2e\/results\/calm\/[\w-]+\/report\.html$/m);
    assert.match(readFileSync(junit, 'utf8'), /^<\?xml version="1\.0"[\s\S]*<testsuites /);
    assert.match(readFileSync(join(root, 'e2e', 'results', 'calm', 'metrics.txt'), 'utf8'), /^Memory Usage: \d/m);
  });

  it('stops on Ctrl-C and leaves nothing', async () => {
    const interrupt = { signal: 'SIGINT', output: /warm up:/ } as const;
    const { code, stderr } = await runCli(['e2e', 'run', '--scenario=calm'], { cwd: root, interrupt });
    assert.equal(code, 130);
    assert.match(stderr, /tear down: [\s\S]*Interrupted\./);
    const { code: clean, stderr: text } = await runCli(['e2e', 'resolve', '--all'], { cwd: root });
    assert.equal(clean, 0);
    assert.match(text, /No run has left anything/);
  });

  it('profiles a process', async () => {
    const args = ['e2e', 'profile', '--pid', String(process.pid), '--duration=2', '--json'];
    const { code, stdout } = await runCli(args, { cwd: root });
    assert.equal(code, 0);
    const { values, file } = JSON.parse(stdout);
    const memory = values.find((value: { name: string }) => value.name === 'memory_usage');
    assert.ok(memory.value > 10 && memory.unit === 'MB');
    assert.ok(existsSync(join(root, file)));
    const gone = await runCli(['e2e', 'profile', '--pid', '999999999', '--duration=1'], { cwd: root });
    assert.equal(gone.code, 2);
  });
});
