import assert from 'node:assert/strict';
import type { Engine } from '../../../src/core/engine.ts';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import { runVerify } from '../../../src/core/operations/verify.ts';
import { scenarioRun, smallWorkspace, type Workspace } from './support.ts';

describe('a checkpoint', () => {
  let workspace: Workspace;
  let engine: Engine;
  let played: string[];
  let run: Partial<ScenarioRun>;
  beforeEach(() => {
    workspace = smallWorkspace();
    workspace.commit();
    workspace.commit();
    played = [];
    run = {};
    engine = workspace.engine(async ({ scenario }) => {
      played.push(scenario);
      return scenarioRun({ scenario, ...run });
    });
  });
  afterEach(() => workspace.dispose());

  async function verify(input: Parameters<typeof runVerify>[1] = {}, options: Parameters<typeof runVerify>[2] = {}) {
    const measured: string[] = [];
    const { checkpoint } = await runVerify(engine, input, {
      ...options,
      onProgress: (event) => {
        if (event.kind === 'planned') measured.push(...event.measure);
        options.onProgress?.(event);
      },
    });
    const verdicts = Object.fromEntries(
      checkpoint.goals.map(({ goal, verdict, fresh }) => [goal.id, fresh ? verdict : `${verdict}?`]),
    );
    return { checkpoint, verdicts, measured };
  }
  const stale = async () => {
    const { verdicts } = await verify({}, { measure: false });
    return Object.keys(verdicts).filter((id) => verdicts[id]?.endsWith('?'));
  };

  it('measures each step once for all goals that need it, then answers from evidence', async () => {
    const first = await verify();
    assert.deepEqual(first.verdicts, {
      'G-1': 'pass',
      'G-2': 'pass',
      'G-4': 'pass',
      'G-7': 'pass',
      'G-8': 'pass',
      'G-11': 'pass',
    });
    assert.deepEqual(played, ['standard']);
    const files = workspace.evidence();
    assert.deepEqual(first.checkpoint.issues, []);
    const second = await verify();
    assert.deepEqual([second.measured, second.verdicts, workspace.evidence()], [[], first.verdicts, files]);
    workspace.commit();
    assert.deepEqual((await verify()).measured, [], 'a commit of the same tree changes nothing');
    assert.equal((await verify({ force: true, goals: ['G-8'] })).measured.length, 2);
  });

  it('runs scenarios that count events beside each other, and one that judges CPU after them and alone', async () => {
    workspace.write('e2e/scenarios/failover.yml', 'name: failover\nworkload: {type: standard}\n');
    workspace.write(
      'e2e/scenarios/drill.yml',
      'name: drill\nvalidation: {kpis: {data_loss: {max: 0, unit: percent}}}\n',
    );
    const goals = ['failover', 'drill'].map((name) => {
      return `  - {id: G-2${name.length}, title: ${name}, kind: event, scenario: ${name}, event: Over}\n`;
    });
    workspace.edit('infrabuilder.yaml', 'milestones: []', `${goals.join('')}milestones: []`);
    const seen: string[] = [];
    engine = workspace.engine(async ({ scenario }) => {
      seen.push(`${scenario} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(`${scenario} ends`);
      return scenarioRun({ scenario });
    });
    await verify();
    const order = [
      'failover begins',
      'drill begins',
      'failover ends',
      'drill ends',
      'standard begins',
      'standard ends',
    ];
    assert.deepEqual(seen, order);
  });

  it('one changed byte makes exactly the goals that depend on it stale', async () => {
    await verify();
    const changing = async (path: string, from: string, to: string) => {
      workspace.edit(path, from, to);
      const found = await stale();
      workspace.edit(path, to, from);
      return found;
    };
    assert.deepEqual(await changing('agent/a.js', 'heap = 1', 'heap = 2'), ['G-2', 'G-4', 'G-7', 'G-8']);
    assert.deepEqual(await changing('agent/a.test.js', '1', '2'), ['G-8']);
    assert.deepEqual(await changing('agent/proto/a.proto', 'kind', 'sort'), ['G-1', 'G-2', 'G-4', 'G-7', 'G-8']);
    assert.deepEqual(await changing('docs/runbook.md', 'Limits.', 'Limits!'), ['G-7']);
    assert.deepEqual(await changing('testbed/run.sh', 'sh', 'bash'), ['G-2', 'G-4', 'G-8', 'G-11']);
    assert.deepEqual(await changing('e2e/scenarios/standard.yml', '{type: standard}', '{type: cpu_spikes}'), [
      'G-2',
      'G-4',
    ]);
    assert.deepEqual(await changing('infrabuilder.yaml', 'node, check.mjs', 'node, ./check.mjs'), ['G-8']);
    assert.deepEqual(await changing('tasks/pending/heap.yaml', 'Adaptive', 'Other'), []);
    assert.deepEqual(await stale(), [], 'the old content makes the old evidence fresh again');
  });

  it('judges by the limits of today, without a new measurement', async () => {
    await verify();
    workspace.edit('infrabuilder.yaml', 'max: 2', 'max: 1');
    const { verdicts, measured } = await verify();
    assert.deepEqual([verdicts['G-2'], measured], ['fail', []]);
  });

  it('measures again what was inconclusive, and keeps a failure until something changes or --force', async () => {
    run = { kpis: [{ name: 'cpu_usage', value: 9, unit: 'percent' }], verdict: 'inconclusive', reason: 'Too short.' };
    assert.equal((await verify({ goals: ['G-2'] })).verdicts['G-2'], 'fail');
    run = { kpis: [{ name: 'cpu_usage', value: 9, unit: 'percent' }], verdict: 'fail' };
    assert.deepEqual((await verify({ goals: ['G-2'] })).measured, ['scenario:standard']);
    assert.deepEqual((await verify({ goals: ['G-2'] })).measured, []);
    run = {};
    const forced = await verify({ goals: ['G-2'], force: true });
    assert.equal(forced.verdicts['G-2'], 'pass');
    assert.deepEqual(
      forced.checkpoint.goals[0]?.issues.map(({ code }) => code),
      ['evidence.flaky'],
    );
  });

  it('has no evidence where nothing ran', async () => {
    run = { verdict: 'not-run', reason: 'There is no agent binary.', kpis: [] };
    const { checkpoint } = await verify({ goals: ['G-2'] });
    const [state] = checkpoint.goals;
    assert.deepEqual([state?.verdict, state?.fresh, state?.reason], ['not-run', false, 'There is no agent binary.']);
    assert.deepEqual(workspace.evidence(), []);
  });

  it('keeps what was measured when it is stopped, and goes on from there', async () => {
    const stop = new AbortController();
    const stopped = verify(
      {},
      {
        signal: stop.signal,
        onProgress: (event) => {
          if (event.kind === 'started' && event.step.startsWith('scenario:')) stop.abort();
        },
      },
    );
    await assert.rejects(stopped, { name: 'CancelledError' });
    assert.ok(workspace.evidence().length >= 4);
    const { measured, verdicts } = await verify();
    assert.deepEqual(measured, ['scenario:standard']);
    assert.equal(verdicts['G-8'], 'pass');
  });

  it('says so where a run changes its own inputs', async () => {
    workspace.write(
      'agent/check.mjs',
      "import { writeFileSync } from 'node:fs';\nwriteFileSync('a.js', String(performance.now()));\n",
    );
    const { checkpoint } = await verify({ goals: ['G-8'] });
    assert.equal(checkpoint.goals[0]?.fresh, false);
    assert.match(checkpoint.states[0]?.last?.statement.predicate.reason ?? '', /These changed while it ran: agent\.$/);
  });

  it('keeps secrets out of evidence and logs', async () => {
    workspace.write('agent/check.mjs', 'console.log(process.env.API_TOKEN);\n');
    workspace.edit('infrabuilder.yaml', '[node, check.mjs]', '[node, check.mjs, hunter22-secret]');
    await verify({ goals: ['G-8'] });
    const all = workspace
      .git('.', 'grep', '--untracked', '-l', '-e', 'hunter22', '--', 'reports', 'infrabuilder.yaml')
      .trim();
    assert.equal(all, 'infrabuilder.yaml');
  });

  it('finds an edited figure, measures that goal anew, and still says that the chain is broken', async () => {
    await verify();
    const file = workspace.evidence().find((name) => name.includes('scenario-standard')) ?? '';
    workspace.edit(`reports/evidence/${file}`, '"value": 97.3', '"value": 99.9');
    assert.deepEqual(await stale(), ['G-2', 'G-4']);
    const { checkpoint, measured } = await verify();
    assert.deepEqual(measured, ['scenario:standard']);
    assert.deepEqual(
      checkpoint.issues.map(({ code, file: at }) => [code, at]),
      [['evidence.edited', `reports/evidence/${file}`]],
    );
    workspace.edit(`reports/evidence/${file}`, '"value": 99.9', '"value": 97.3');
    assert.deepEqual((await verify()).checkpoint.issues, []);
  });

  it('does not fall back to an older pass when a newer failure is deleted', async () => {
    await verify();
    run = { kpis: [{ name: 'cpu_usage', value: 9, unit: 'percent' }], verdict: 'fail' };
    await verify({ goals: ['G-2'], force: true });
    const newest = workspace
      .evidence()
      .filter((name) => name.includes('scenario-standard'))
      .at(-1);
    workspace.git('.', 'clean', '-fdq', '--', `reports/evidence/${newest}`);
    const { checkpoint } = await verify({}, { measure: false });
    assert.deepEqual(
      checkpoint.issues.map(({ code }) => code),
      ['evidence.removed'],
    );
  });

  it('works where there is no git at all', async () => {
    workspace.git('.', 'init', '--quiet', '--separate-git-dir', `${workspace.root}-git`);
    workspace.git('.', 'clean', '-fdq');
    const { rmSync } = await import('node:fs');
    rmSync(`${workspace.root}-git`, { recursive: true });
    rmSync(`${workspace.root}/.git`);
    const { verdicts } = await verify();
    assert.deepEqual(verdicts, {
      'G-1': 'not-run?',
      'G-2': 'pass',
      'G-4': 'pass',
      'G-7': 'pass',
      'G-8': 'pass',
      'G-11': 'pass',
    });
    workspace.edit('agent/a.test.js', '1', '2');
    assert.deepEqual(await stale(), ['G-1', 'G-8']);
  });
});
