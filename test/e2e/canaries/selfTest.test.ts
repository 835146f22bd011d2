import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError } from '../../../src/core/base/errors.ts';
import type { MeasuredValue } from '../../../src/core/model/check.ts';
import { proveGates } from '../../../src/core/operations/selfTest.ts';
import { runVerify } from '../../../src/core/operations/verify.ts';
import { scenarioRun, Workspace } from '../goals/support.ts';
import { type EngineOptions, engineAt, SMALL } from './support.ts';

const GOALS = ['G-1', 'G-7', 'G-8', 'G-9', 'G-10', 'G-11', 'G-12'];

describe('the self-test on a small workspace, with real git, buf and Go', () => {
  let workspace: Workspace;
  let temporary: string;
  const open: { dispose(): void }[] = [];
  beforeEach(() => {
    workspace = new Workspace();
    temporary = realpathSync.native(mkdtempSync(join(tmpdir(), 'canary temp-')));
    for (const [path, text] of Object.entries(SMALL)) workspace.write(path, text);
    workspace.commit();
    workspace.commit();
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.dispose();
    workspace.dispose();
    rmSync(temporary, { recursive: true, force: true });
  });

  const engine = () => engineAt(realpathSync.native(workspace.root), { temporary, open });
  async function prove(goals?: readonly string[], signal?: AbortSignal) {
    const { holds, canaries } = await proveGates(engine(), { goals, signal });
    const rows = canaries.map(
      ({ goal, defect, before, verdict, result, note }) =>
        `${goal} ${defect?.replace(/\d+/, 'N')}: ${before} -> ${verdict}: ${result}${note === '' ? '' : `, ${note}`}`,
    );
    return { holds, rows, canaries };
  }
  const status = () => workspace.git('.', 'status', '--short');

  it('turns each goal red, and leaves no trace', async () => {
    const { holds, rows, canaries } = await prove(GOALS);
    assert.deepEqual(rows, [
      'G-1 the field name turns from string into double in agent/proto/a.proto: pass -> fail: red',
      'G-7 an undocumented metric: pass -> fail: red',
      'G-8 a failing test (test): pass -> fail: red',
      'G-8 all tests skipped (test): pass -> not-run: red, nothing ran, and that is no pass',
      'G-8 N statements that no test reaches (test): pass -> fail: red',
      'G-8 a file that is not formatted (format): pass -> fail: red',
      'G-9 calc imports export, which calc-knows-no-export forbids: pass -> fail: red',
      'G-10 a runbook entry without remediation: not-run -> fail: red',
      'G-11 a careless change: pass -> fail: red',
      'G-12 undefined: null -> null: off, Not for a test.',
    ]);
    assert.equal(holds, true);
    const measured = new Map(canaries.map((one) => [one.defect, one.measured]));
    assert.equal(measured.get('a failing test (test)'), 'tests_failed 1');
    assert.equal(measured.get('all tests skipped (test)'), 'coverage 0 percent (>= 80)');
    const coverage = [...measured].find(([defect]) => defect?.includes('no test reaches'))?.[1] ?? '';
    assert.match(coverage, /^coverage \d+\.\d+ percent \(>= 80\)$/);
    assert.equal(status(), '');
    assert.deepEqual(readdirSync(temporary), []);
    assert.deepEqual(workspace.evidence(), []);
  });

  it('takes what the evidence says of the files as they are', async () => {
    await runVerify(engine(), { goals: ['G-9'] }, {});
    const said: string[] = [];
    await proveGates(engine(), { goals: ['G-9'], onProgress: (line) => said.push(line) });
    assert.deepEqual(
      said.filter((line) => /: started$/.test(line)),
      ['goal:G-9, calc imports export, which calc-knows-no-export forbids: started'],
    );
  });

  it('reports a gate that does not see its defect', async () => {
    workspace.edit('infrabuilder.yaml', 'run: [grep, -q, careful, agent/calc/calc.go]', 'run: [git, --version]');
    const { holds, rows } = await prove(['G-11']);
    assert.deepEqual(rows, ['G-11 a careless change: pass -> pass: green, the gate does not see the defect']);
    assert.equal(holds, false);
  });

  it('reports a gate that does not look at what was changed', async () => {
    workspace.edit('infrabuilder.yaml', 'inputs: [agent]', 'inputs: [docs]');
    const { rows } = await prove(['G-11']);
    assert.match(rows[0] ?? '', /: broken, nothing that the goal is judged by depends on what the defect changes$/);
  });

  it('says where a goal was red before, where a canary does not fit, and where there is none', async () => {
    workspace.edit('agent/calc/calc_test.go', '!= 3', '!= 4');
    workspace.edit('infrabuilder.yaml', 'search: careful,', 'search: carefully,');
    workspace.edit('infrabuilder.yaml', 'applies: false, reason: Not for a test.', 'inputs: [docs]');
    const { holds, canaries } = await prove(['G-8', 'G-11', 'G-12']);
    const results = canaries.map(({ goal, before, result, note }) => `${goal} ${before} ${result} ${note}`.trim());
    assert.deepEqual(results, [
      'G-8 fail red already red, so its canary proves nothing new',
      'G-8 fail red already red, so its canary proves nothing new',
      'G-8 fail red already red, so its canary proves nothing new',
      'G-8 fail red already red, so its canary proves nothing new',
      'G-11 null broken',
      'G-12 null no-canary',
    ]);
    assert.match(
      canaries[4]?.reason ?? '',
      /^infrabuilder\.yaml:18:\d+: agent\/calc\/calc\.go does not hold this text/,
    );
    assert.match(canaries[5]?.reason ?? '', /list one under "canaries"/);
    assert.equal(holds, false);
  });

  it('works on what is not committed, and has not run where there is nothing to compare with', async () => {
    workspace.write('agent/proto/b.proto', 'syntax = "proto3";\npackage b.v1;\nmessage B {\n  string name = 1;\n}\n');
    const [first] = (await prove(['G-1'])).canaries;
    assert.deepEqual([first?.files, first?.result], [['agent/proto/a.proto'], 'red']);
    workspace.git('.', 'update-ref', '-d', 'HEAD');
    const [second] = (await prove(['G-1'])).canaries;
    assert.deepEqual([second?.verdict, second?.result], ['not-run', 'not-proven']);
  });

  describe('with a scenario that is shortened', () => {
    const GOAL =
      '  - {id: G-2, title: Safety, kind: kpi, scenario: load, kpis: {cpu_usage: {max: 2, unit: percent}}}\n';
    const CANARY = `  - goal: G-2
    title: a busy loop
    duration_seconds: 15
    edits:
      - {file: agent/calc/calc.go, search: careful, replace: busy}
`;
    beforeEach(() => {
      workspace.edit('infrabuilder.yaml', 'goals:\n', `goals:\n${GOAL}`);
      workspace.edit('infrabuilder.yaml', 'canaries:\n', `canaries:\n${CANARY}`);
      workspace.write(
        'e2e/scenarios/load.yml',
        'name: load\nworkload: {type: standard, params: {duration_minutes: 1}}\n',
      );
    });

    /** What was played: how long, on which source. CPU is as `cpu` says for the source that is there. */
    async function play(cpu: (isBusy: boolean, nth: number) => Partial<MeasuredValue>) {
      const played: string[] = [];
      const measuring = (root: string) => ({
        async run() {
          const text = (path: string) => readFileSync(join(root, path), 'utf8');
          const isBusy = text('agent/calc/calc.go').includes('busy');
          played.push(`${isBusy ? 'busy' : 'sound'} ${/duration_\w+: \d+/.exec(text('e2e/scenarios/load.yml'))?.[0]}`);
          const value = { name: 'cpu_usage', value: 1, unit: 'percent', n: 60, ...cpu(isBusy, played.length) };
          return scenarioRun({ scenario: 'load', kpis: [value] });
        },
      });
      const root = realpathSync.native(workspace.root);
      const own = engineAt(root, { temporary, open, measuring: measuring as unknown as EngineOptions['measuring'] });
      await runVerify(own, { goals: ['G-2'] }, {});
      const { canaries } = await proveGates(own, { goals: ['G-2'] });
      return { played, canary: canaries[0] };
    }

    it('shows that the shorter one is green without the defect, whatever the evidence says of the longer one', async () => {
      const { played, canary } = await play((isBusy) => ({ value: isBusy ? 20 : 1 }));
      assert.deepEqual(played, [
        'sound duration_minutes: 1',
        'sound duration_seconds: 15',
        'busy duration_seconds: 15',
      ]);
      assert.deepEqual([canary?.before, canary?.verdict, canary?.result, canary?.note], ['pass', 'fail', 'red', '']);
      assert.deepEqual(canary?.scenario, { name: 'load', seconds: 15 });
      assert.equal(canary?.measured, 'cpu_usage 20 percent (<= 2)');
    });

    it('proves nothing new where being short is what makes it red', async () => {
      const { canary } = await play((_isBusy, nth) => ({ value: nth === 1 ? 1 : 20 }));
      assert.deepEqual([canary?.before, canary?.result], ['fail', 'red']);
      assert.match(canary?.note ?? '', /^already red/);
    });

    it('tries an inconclusive run once more, and then says that nothing is proven', async () => {
      const { played, canary } = await play((isBusy) => (isBusy ? { verdict: 'inconclusive' } : {}));
      assert.equal(played.filter((one) => one.startsWith('busy')).length, 2);
      assert.deepEqual([canary?.verdict, canary?.result], ['inconclusive', 'not-proven']);
    });
  });

  it('removes its copy when it is stopped', async () => {
    const stop = new AbortController();
    const options = { goals: ['G-8'], signal: stop.signal };
    const run = proveGates(engine(), {
      ...options,
      onProgress: (line) => line.startsWith('check:test') && stop.abort(),
    });
    await assert.rejects(run, CancelledError);
    assert.deepEqual(readdirSync(temporary), []);
    assert.equal(status(), '');
  });
});
