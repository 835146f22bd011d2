import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createMeasuring } from '../../../src/e2e/runner/measuring.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';
import { Bench, FAILING, WORKLOAD_SOURCE } from './support.ts';

const SUPPORT = fileURLToPath(new URL('./support.ts', import.meta.url));

describe('a runner that is killed', function () {
  this.timeout(60_000);
  const bench = new Bench();

  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    await bench.build();
  });
  after(() => bench.dispose());

  it('is cleaned up after by resolve --all', async () => {
    const root = bench.workspace('killed', '', { failing: FAILING });
    const script = join(bench.folder, 'run.ts');
    mkdirSync(bench.folder, { recursive: true });
    writeFileSync(
      script,
      `import { play } from ${JSON.stringify(SUPPORT)};
await play(${JSON.stringify(root)}, { scenario: 'failing', onProgress: (text) => console.log(text) });\n`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => /is proven/.test(text) && resolve());
      child.once('exit', () => reject(new Error('The runner ended before its fault was in place.')));
    });
    const agents = pidsOf(bench.binary);
    assert.equal(agents.length, 2, 'an agent and its control');
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    await sleep(200);
    assert.ok(pidsOf(bench.binary).length > 0, 'the agents outlive their runner until somebody resolves');

    const measuring = createMeasuring({ root, launcher: sourceLauncher, workloadSource: WORKLOAD_SOURCE });
    const [repair, ...others] = await measuring.resolveAll();
    assert.deepEqual(others, []);
    assert.deepEqual([repair?.state, repair?.failures], ['repaired', []]);
    assert.ok(
      repair?.settled.some((text) => /^process agent \(\d+\)$/.test(text)),
      repair?.settled.join('\n'),
    );
    assert.ok(repair?.settled.some((text) => text.startsWith('folder ')));
    assert.deepEqual(pidsOf(bench.binary), []);
    assert.deepEqual(readdirSync(join(root, '.infrabuilder', 'e2e')), []);
    const results = join(root, 'e2e', 'results', 'failing');
    assert.deepEqual(existsSync(results) ? readdirSync(results) : [], []);
    assert.deepEqual(await measuring.resolveAll(), []);
  });
});

function pidsOf(program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(`${program}\0`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
