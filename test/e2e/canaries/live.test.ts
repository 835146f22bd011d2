import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proveGates } from '../../../src/core/operations/selfTest.ts';
import { createMeasuring } from '../../../src/e2e/runner/measuring.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';
import { SHORT, WORKLOAD_SOURCE } from '../runner/support.ts';
import { engineAt } from './support.ts';

const SAMPLE = join(import.meta.dirname, '../../../templates/sample');

describe('a declared canary of the embedded workspace, with a real run', () => {
  const open: { dispose(): void }[] = [];
  let folder: string;
  before(function () {
    if (process.platform !== 'linux') this.skip();
    folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'canary live-')));
  });
  after(() => {
    for (const one of open) one.dispose();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('turns its goal red: a tail that is dropped is missed', async () => {
    const root = join(folder, 'work');
    cpSync(SAMPLE, root, { recursive: true });
    const edit = (path: string, from: string, to: string) => {
      const text = readFileSync(join(root, path), 'utf8');
      assert.ok(text.includes(from), path);
      writeFileSync(join(root, path), text.replaceAll(from, to));
    };
    edit('infrabuilder.yaml', 'duration_seconds: 15', 'duration_seconds: 6');
    // A load that a busy machine can hold: only with it held does a figure count.
    edit('e2e/scenarios/standard.yml', 'pids: 500', 'pids: 50\n    cpu_cores: 0.1');
    const measuring = (at: string) =>
      createMeasuring({ root: at, workloadSource: WORKLOAD_SOURCE, launcher: sourceLauncher, timings: SHORT });
    const engine = engineAt(root, { temporary: folder, open, measuring });
    const { holds, canaries } = await proveGates(engine, { goals: ['G-5'] });
    assert.deepEqual(
      canaries.map(({ defect, verdict, result }) => [defect, verdict, result]),
      [['a dropped tail', 'fail', 'red']],
    );
    // A window of seconds may be too short to tell on a busy machine, but without the defect the goal is never red.
    assert.notEqual(canaries[0]?.before, 'fail');
    assert.match(canaries[0]?.measured ?? '', /^tail_error \d+(?:\.\d+)? percent \(<= 5\)$/);
    assert.equal(holds, true);
    assert.deepEqual(readdirSync(folder), ['work']);
  });
});
