import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { SCENARIO, sound } from './workspace.ts';

const FILE = 'e2e/scenarios/standard.yml';

function scenario(from: string, to: string) {
  assert.ok(SCENARIO.includes(from));
  return sound({ [FILE]: SCENARIO.replace(from, to) });
}

describe('a scenario', () => {
  it('scenario.unknown-goal', async () => {
    const workspace = scenario('G-2', 'GG-2');
    assert.deepEqual(await workspace.lines(), [`${FILE}:3:5 error scenario.unknown-goal`]);
    assert.deepEqual(await mend(workspace, 'scenario.unknown-goal'), [`${FILE}:3 -  - GG-2`, `${FILE}:3 +  - G-2`]);
  });

  it('scenario.unknown-kpi', async () => {
    const workspace = scenario('cpu_usage', 'cpu-usage');
    assert.deepEqual(await workspace.lines(), [`${FILE}:8:5 error scenario.unknown-kpi`]);
    assert.deepEqual(await mend(workspace, 'scenario.unknown-kpi'), [
      `${FILE}:8 -    cpu-usage:`,
      `${FILE}:8 +    cpu_usage:`,
    ]);
    const far = await scenario('cpu_usage', 'colour').issue('scenario.unknown-kpi');
    assert.equal(far.fixes, undefined);
    assert.match(far.message, /Known KPIs: topn_capture_ratio, /);
  });

  it('scenario.unknown-platform: as a name or as a key', async () => {
    const asKey = scenario('workload:', 'platforms:\n  - linx: {kernels: [5.10]}\nworkload:');
    assert.deepEqual(await asKey.lines(), [`${FILE}:5:5 warning scenario.unknown-platform`]);
    assert.deepEqual(await mend(asKey, 'scenario.unknown-platform'), [
      `${FILE}:5 -  - linx: {kernels: [5.10]}`,
      `${FILE}:5 +  - linux: {kernels: [5.10]}`,
    ]);
    const asName = scenario('workload:', 'platforms: [linux-5.10, Windows, solaris]\nworkload:');
    assert.deepEqual(await asName.lines(), [`${FILE}:4:34 warning scenario.unknown-platform`]);
  });

  for (const [params, column] of [
    ['pids: -5', 18],
    ['pids: 0', 18],
    ['pids: many', 18],
    ['duration_minutes: 0', 30],
    ['pids_per_second: -1', 29],
  ] as const) {
    it(`scenario.bad-parameter: ${params}`, async () => {
      const made = scenario('type: standard', `type: standard\n  params: {${params}}`);
      assert.deepEqual(await made.lines(), [`${FILE}:6:${column} error scenario.bad-parameter`]);
    });
  }

  it('takes parameters that are no quantities, and a rate of nothing', async () => {
    const made = scenario('type: standard', 'type: standard\n  params: {pids: 10, pids_per_second: 0, label: x}');
    assert.deepEqual(await made.lines(), []);
  });

  it('scenario.unit-mismatch', async () => {
    const workspace = scenario('unit: percent', 'unit: seconds');
    assert.deepEqual(await workspace.lines(), [`${FILE}:10:13 error scenario.unit-mismatch`]);
    assert.deepEqual(await mend(workspace, 'scenario.unit-mismatch'), [
      `${FILE}:10 -      unit: seconds`,
      `${FILE}:10 +      unit: percent`,
    ]);
  });

  it('scenario.name-file-mismatch: mended either way', async () => {
    const changes = { [FILE]: undefined, 'e2e/scenarios/base.yaml': SCENARIO };
    assert.deepEqual(await sound(changes).lines(), ['e2e/scenarios/base.yaml:1:7 warning scenario.name-file-mismatch']);
    assert.deepEqual(await mend(sound(changes), 'scenario.name-file-mismatch', 'Rename the file to standard.yaml'), [
      'e2e/scenarios/base.yaml -> e2e/scenarios/standard.yaml',
    ]);
    assert.deepEqual(await mend(sound(changes), 'scenario.name-file-mismatch', 'Change the name to "base"'), [
      'e2e/scenarios/base.yaml:1 -name: standard',
      'e2e/scenarios/base.yaml:1 +name: base',
    ]);
  });

  it('a name with spaces or slashes is not offered as a file name', async () => {
    const { fixes } = await scenario('name: standard', 'name: ../up and away').issue('scenario.name-file-mismatch');
    assert.deepEqual(
      fixes?.map((fix) => fix.title),
      ['Change the name to "standard"'],
    );
  });

  it('scenario.duplicate-name: .yml and .yaml side by side', async () => {
    assert.deepEqual(await sound({ 'e2e/scenarios/standard.yaml': SCENARIO }).lines(), [
      'e2e/scenarios/standard.yaml:1:7 error scenario.duplicate-name',
      `${FILE}:1:7 error scenario.duplicate-name`,
    ]);
  });
});
