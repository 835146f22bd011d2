import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeEngine } from '../../../src/compose.ts';
import { runCheck } from '../../../src/core/operations/check.ts';

const NAME = 'INFRABUILDER_API_KEY';

describe('the key to a model', () => {
  const before = process.env[NAME];
  const folder = mkdtempSync(join(tmpdir(), 'key-'));
  after(() => {
    if (before === undefined) delete process.env[NAME];
    else process.env[NAME] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is not in the environment of what a check runs, which may be code of that model', async () => {
    process.env[NAME] = 'sk-secret-123456';
    const program = `process.exit(process.env.${NAME} === undefined && process.env.OTHER === 'stays' ? 0 : 1)`;
    process.env.OTHER = 'stays';
    const run = JSON.stringify([process.execPath, '-e', program]);
    writeFileSync(join(folder, 'infrabuilder.yaml'), `version: 1\nchecks:\n  looks: {run: ${run}}\n`);
    const engine = composeEngine(folder, folder, { env: process.env, approval: { confirm: async () => false } });
    const { verdict, reason } = await runCheck(engine, 'looks', {});
    delete process.env.OTHER;
    assert.equal(verdict, 'pass', reason);
  });
});
