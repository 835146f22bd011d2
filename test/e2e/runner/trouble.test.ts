import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import { Bench, CALM, FAILING, leftovers, play } from './support.ts';

const STEPS = `name: steps
blueprint_goals: [G-6, G-10]
platforms: [linux]
scenarios:
  - name: over_limit
    steps:
      - {action: configure, params: {maxSamplerCPU: 0.1}}
      - {action: start_workload, params: {type: standard, pids: 20, cpu_cores: 0.02, memory_mb: 32}}
      - {action: wait, params: {duration_seconds: 2}}
      - {action: verify, params: {expect_event: 'AgentDiagEvent.*ModuleOverLimit.*sampler', expect_metric: other_count}}
      - {action: configure, params: {maxSamplerCPU: 0.5}}
      - {action: wait, params: {duration_seconds: 3}}
      - {action: verify, params: {expect_no_event: 'AgentDiagEvent.*ModuleOverLimit'}}
validation:
  runbook_coverage: {required_sections: [ModuleOverLimit, SketchFallback]}
`;

describe('trouble in a live run', function () {
  this.timeout(120_000);
  const bench = new Bench();

  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    await bench.build();
  });
  after(() => bench.dispose());

  const run = async (doctored: string, seconds = 5): Promise<{ root: string; run: ScenarioRun }> => {
    const root = bench.workspace(doctored, doctored, { calm: CALM });
    const result = await play(root, { scenario: 'calm', durationSeconds: seconds });
    assert.deepEqual(await leftovers(root), []);
    return { root, run: result };
  };

  it('says how an agent crashed at its start', async () => {
    const { run: result, root } = await run('crash');
    assert.equal(result.verdict, 'error');
    assert.match(result.reason, /^The agent ended with code 3 after \d/);
    assert.match(result.reason, /The command was: .*agent run --config .*config\.json/);
    assert.match(result.reason, /panic: the doctored agent cannot read its table/);
    assert.ok(existsSync(join(root, result.report ?? 'none')));
  });

  it('says how an agent ended half-way', async () => {
    const { run: result } = await run('exit', 30);
    assert.equal(result.verdict, 'error');
    assert.match(result.reason, /ended with code 7[\s\S]*has had enough/);
  });

  it('kills an agent that hangs at its stop, and counts it against it', async () => {
    const { run: result } = await run('hang', 3);
    assert.equal(result.verdict, 'fail');
    assert.ok(
      result.issues.some(({ message }) => /did not stop within its time after SIGTERM and was killed/.test(message)),
    );
  });

  it('bears an agent that floods its log, and counts it against it', async () => {
    const { run: result } = await run('flood', 4);
    assert.ok(
      result.issues.some(({ message }) => /floods its log: \d+ bytes/.test(message)),
      result.reason,
    );
    assert.equal(result.verdict, 'fail');
  });

  it('says why an agent cannot be built', async () => {
    const root = bench.workspace('unbuilt', '', { calm: CALM });
    const source = join(root, 'infrastructure-agent');
    mkdirSync(join(source, 'cmd', 'agent'), { recursive: true });
    writeFileSync(join(source, 'go.mod'), 'module example.com/broken\n\ngo 1.22\n');
    writeFileSync(join(source, 'cmd', 'agent', 'main.go'), 'package main\n\nfunc main() { undefinedThing() }\n');
    writeFileSync(join(root, 'infrabuilder.yaml'), 'version: 1\ngoals: []\n');
    writeFileSync(join(root, 'e2e', 'scenarios', 'calm.yml'), CALM.replace(/blueprint_goals.*\n/, ''));
    const result = await play(root, { scenario: 'calm' });
    assert.equal(result.verdict, 'error');
    assert.match(
      result.reason,
      /The agent cannot be built: go build .* ended with code 1\.[\s\S]*undefined: undefinedThing/,
    );
    assert.deepEqual(await leftovers(root), []);
  });

  it('runs nothing where there is no agent, or on another platform', async () => {
    const root = bench.workspace('elsewhere', '', {
      calm: CALM,
      w: CALM.replace('calm', 'w').replace('linux', 'windows'),
    });
    const other = await play(root, { scenario: 'w' });
    assert.deepEqual([other.verdict, other.report], ['not-run', undefined]);
    assert.match(other.reason, /This machine is linux .*; the scenario is for windows\./);
    const named = await play(root, { scenario: 'calm', platform: 'macos' });
    assert.equal(named.verdict, 'not-run');
    writeFileSync(join(root, 'infrabuilder.yaml'), 'version: 1\ngoals: []\n');
    const none = await play(root, { scenario: 'standard' });
    assert.equal(none.verdict, 'not-run');
    assert.match(none.reason, /There is no agent to run/);
  });

  it('plays steps: settings, events that come and stay away, metrics, the runbook', async () => {
    const root = bench.workspace('steps', '', { steps: STEPS });
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs', 'runbook.md'), '# Runbook\n\n## ModuleOverLimit\n\nText about SketchFallback.\n');
    const result = await play(root, { scenario: 'steps' });
    const seen = result.steps.map(({ action, verdict }) => `${action} ${verdict}`);
    const notes = result.steps.map(({ note }) => note).join('\n');
    assert.deepEqual(
      seen,
      [
        'configure pass',
        'start_workload pass',
        'wait pass',
        'verify pass',
        'configure pass',
        'wait pass',
        'verify pass',
        'runbook pass',
        'runbook fail',
      ],
      notes,
    );
    assert.match(result.steps[3]?.note ?? '', /ModuleOverLimit module=sampler.*other_count = \d+/);
    assert.equal(result.goals?.find(({ goal }) => goal === 'G-6')?.verdict, 'pass');
    assert.equal(result.goals?.find(({ goal }) => goal === 'G-10')?.verdict, 'fail');
    assert.deepEqual(await leftovers(root), []);
  });

  for (const phase of ['start', 'steady state', 'faults']) {
    it(`tears down when it is stopped in the phase "${phase}"`, async () => {
      const root = bench.workspace(`stopped-${phase.replace(' ', '-')}`, '', { failing: FAILING });
      const stop = new AbortController();
      const onProgress = (message: string) => message.startsWith(`${phase}:`) && setTimeout(() => stop.abort(), 200);
      await assert.rejects(play(root, { scenario: 'failing', signal: stop.signal, onProgress }), CancelledError);
      assert.deepEqual(await leftovers(root), []);
      const results = join(root, 'e2e', 'results', 'failing');
      assert.deepEqual(existsSync(results) ? readdirSync(results) : [], []);
    });
  }

  it('refuses what cannot be planned before anything starts', async () => {
    const bad = (text: string) => bench.workspace('bad', '', { calm: CALM, bad: text });
    const cases: [string, RegExp][] = [
      [`name: bad\nworkload: {type: standard, params: {processes: 3}}\n`, /has no parameter "processes"/],
      [`name: bad\nworkload: {type: nonsense}\n`, /bad\.yml:2/],
      [
        `${CALM.replace('calm', 'bad')}validation: {kpis: {cpu_use: {max: 2}}}\n`,
        /KPI "cpu_use", which nothing measures/,
      ],
      [
        `${CALM.replace('calm', 'bad')}validation: {kpis: {memory_usage: {max: 2, unit: seconds}}}\n`,
        /in "seconds", but it is measured in MB/,
      ],
      [
        `${CALM.replace('calm', 'bad')}failures: [{type: service_restart, target: kafka}]\n`,
        /"kafka", which an embedded run does not have/,
      ],
      [`${CALM.replace('calm', 'bad')}failures: [{type: service_restart, target: agent}]\n`, /cannot hit "agent"/],
    ];
    for (const [text, message] of cases) {
      const root = bad(text);
      await assert.rejects(play(root, { scenario: 'bad' }), (error: unknown) => {
        assert.ok(error instanceof HumanError);
        assert.match(`${error.message} ${error.hint}`, message);
        return true;
      });
    }
    await assert.rejects(play(bad(''), { scenario: 'nothing' }), /There is no scenario "nothing"/);
  });
});
