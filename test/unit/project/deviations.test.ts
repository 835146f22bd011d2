import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { sound } from './workspace.ts';

const FILE = 'docs/deviations/D-1.yaml';
const DEVIATION = `id: D-1
date: 2026-10-01
blueprint_item: A1-S3
change: A fixed N for kernels below 4.18
justification: No eBPF there
impact_analysis:
  G-4: still measured on replay
scope:
  - sampler-knows-no-export
expires: 2026-12-31
approved_by: Ada
status: approved
`;

function deviation(from: string, to: string) {
  assert.ok(DEVIATION.includes(from));
  return sound({ [FILE]: DEVIATION.replace(from, to) });
}

describe('a deviation', () => {
  it('that names known things and is in force has no issue', async () => {
    assert.deepEqual(await sound({ [FILE]: DEVIATION }).lines(), []);
    assert.deepEqual(await deviation('A1-S3', 'Section 4, the export path').lines(), []);
  });

  it('deviation.unknown-item', async () => {
    const workspace = deviation('A1-S3', 'A1-S4');
    assert.deepEqual(await workspace.lines(), [`${FILE}:3:17 warning deviation.unknown-item`]);
    assert.deepEqual(await mend(workspace, 'deviation.unknown-item'), [
      `${FILE}:3 -blueprint_item: A1-S4`,
      `${FILE}:3 +blueprint_item: A1-S3`,
    ]);
  });

  it('deviation.hard-stop-goal: neither as the item nor in the scope', async () => {
    assert.deepEqual(await deviation('A1-S3', 'G-4').lines(), [`${FILE}:3:17 error deviation.hard-stop-goal`]);
    assert.deepEqual(await deviation('sampler-knows-no-export', 'G-2').lines(), [
      `${FILE}:9:5 error deviation.hard-stop-goal`,
    ]);
  });

  it('deviation.unknown-goal: in the scope and in the analysis', async () => {
    const scope = deviation('sampler-knows-no-export', 'H-42');
    assert.deepEqual(await scope.lines(), [`${FILE}:9:5 error deviation.unknown-goal`]);
    const analysis = deviation('G-4:', 'GX-4:');
    assert.deepEqual(await analysis.lines(), [`${FILE}:7:3 error deviation.unknown-goal`]);
    assert.deepEqual(await mend(analysis, 'deviation.unknown-goal'), [
      `${FILE}:7 -  GX-4: still measured on replay`,
      `${FILE}:7 +  G-4: still measured on replay`,
    ]);
  });

  it('deviation.expired: the day after, and only while it is approved', async () => {
    assert.deepEqual(await deviation('2026-12-31', '2026-11-22').lines(), []);
    const workspace = deviation('2026-12-31', '2026-11-21');
    assert.deepEqual(await workspace.lines(), [`${FILE}:10:10 warning deviation.expired`]);
    assert.deepEqual(await mend(workspace, 'deviation.expired'), [
      `${FILE}:12 -status: approved`,
      `${FILE}:12 +status: expired`,
    ]);
  });

  it('deviation.duplicate-id and deviation.id-file-mismatch', async () => {
    const copy = 'docs/deviations/D-2.yaml';
    assert.deepEqual(await sound({ [FILE]: DEVIATION, [copy]: DEVIATION }).lines(), [
      `${FILE}:1:5 error deviation.duplicate-id`,
      `${copy}:1:5 error deviation.duplicate-id`,
      `${copy}:1:5 warning deviation.id-file-mismatch`,
    ]);
    assert.deepEqual(await mend(sound({ [copy]: DEVIATION }), 'deviation.id-file-mismatch'), [`${copy} -> ${FILE}`]);
  });
});
