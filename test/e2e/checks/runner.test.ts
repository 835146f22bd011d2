import assert from 'node:assert/strict';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import { type CheckProgress, createChecks } from '../../../src/core/checks/checks.ts';
import { isEnvironmentProblem } from '../../../src/core/checks/outcome.ts';
import { checkSchema } from '../../../src/core/model/check.ts';
import { createLocks } from '../../../src/node/locks.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { type Bench, node, shown, workbench } from './support.ts';

const definition = {
  file: 'infrabuilder.yaml',
  range: { start: { line: 4, column: 3 }, end: { line: 4, column: 7 } },
};

describe('checks', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await workbench({ env: { ...process.env, DEPLOY_TOKEN: 'very-secret-1' } });
  });
  afterEach(() => bench.dispose());

  describe('a result', () => {
    it('has verdict, reason, exit code, duration and log', async () => {
      const result = await bench.run({ run: node(`console.log('fine')`) });
      assert.partialDeepStrictEqual(result, {
        check: 'example',
        verdict: 'pass',
        reason: 'Exit code 0.',
        exitCode: 0,
        cwd: '.',
        issues: [],
      });
      assert.ok(result.durationMs > 0);
      assert.ok(result.log !== undefined);
    });

    it('shows issues where an editor can: a word, a whole line, and bytes counted as characters in Go', async () => {
      await bench.files.write('src/a.go', 'package a\n\n\tvar größe, wort = 1, 2\n');
      const says = ['a.go:3:15: unused', 'a.go:3: line', 'gone.go:1:1: nowhere'];
      const check = { run: node(`console.log(${JSON.stringify(says.join('\n'))}); process.exitCode = 1`), cwd: 'src' };
      const result = await bench.run(check, { definition });
      assert.deepEqual(shown(result.issues), [
        'infrabuilder.yaml:4:3-7: error check.generic: gone.go:1: nowhere',
        'src/a.go:3:2-24: error check.generic: line',
        'src/a.go:3:13-17: error check.generic: unused',
      ]);
    });

    it('finds files below the folders that make names', async () => {
      await bench.files.write('agent/x.c', 'int x\n');
      const says = 'cd agent && cc -c x.c\nx.c:1:5: error: expected ;';
      const result = await bench.run({ run: node(`console.log(${JSON.stringify(says)}); process.exitCode = 2`) });
      assert.deepEqual(shown(result.issues), ['agent/x.c:1:5-6: error check.generic: error: expected ;']);
    });
  });

  describe('a log', () => {
    it('holds argv, cwd, both streams in order, and the exit code, without secrets', async () => {
      const source = `console.log('token very-secret-1'); setTimeout(() => { console.error('bad'); process.exitCode = 3 }, 50)`;
      const seen: string[] = [];
      const result = await bench.run(
        { run: node(source) },
        { onLine: (line, stream) => seen.push(`${stream} ${line}`) },
      );
      const log = (await bench.files.read(result.log ?? '')) ?? '';
      assert.match(
        log,
        /^argv: \[.*"-e",.*\]\ncwd: \.\nstarted: .*\n\ntoken \[redacted\]\nbad\n\nexit code: 3\nduration: \d+ ms\n$/,
      );
      assert.doesNotMatch(log, /very-secret/);
      assert.deepEqual(seen, ['stdout token [redacted]', 'stderr bad']);
      assert.match(result.log ?? '', /^\.infrabuilder\/logs\/example-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.log$/);
    });

    it('keeps secrets out of reasons and issues', async () => {
      const result = await bench.run({ run: node(`console.error('very-secret-1'); process.exitCode = 1`) });
      assert.doesNotMatch(JSON.stringify(result), /very-secret/);
    });

    it('goes when there are twenty newer ones of the same check', async () => {
      const name = (check: string, day: number): string =>
        `.infrabuilder/logs/${check}-2020-01-${String(day).padStart(2, '0')}T00-00-00-000Z.log`;
      for (let day = 1; day <= 22; day++) await bench.files.write(name('example', day), 'old');
      await bench.files.write(name('example-2', 1), 'another check');
      await bench.run({ run: node('0') });
      const logs = (await bench.files.list('.infrabuilder/logs')).map((entry) => entry.name);
      assert.equal(logs.length, 21);
      assert.ok(logs.includes('example-2-2020-01-01T00-00-00-000Z.log'));
      assert.ok(!logs.includes('example-2020-01-03T00-00-00-000Z.log'));
      assert.ok(logs.includes('example-2020-01-04T00-00-00-000Z.log'));
    });

    it('is kept where the clock was set back', async () => {
      for (let day = 1; day <= 22; day++) {
        await bench.files.write(`.infrabuilder/logs/example-2999-01-${day + 9}T00-00-00-000Z.log`, 'future');
      }
      const { log = '' } = await bench.run({ run: node('0') });
      assert.notEqual(await bench.files.stat(log), undefined);
      assert.equal((await bench.files.list('.infrabuilder/logs')).length, 20);
    });

    it('that cannot be written is a warning beside the verdict', async () => {
      await bench.files.write('.infrabuilder/logs', 'a file in the way');
      const result = await bench.run({ run: node('0') });
      assert.equal(result.verdict, 'pass');
      assert.equal(result.log, undefined);
      assert.deepEqual(
        result.issues.map(({ code, severity }) => `${severity} ${code}`),
        ['warning check.no-log'],
      );
    });
  });

  describe('what cannot run', () => {
    it('is not-run and an environment problem when a tool is missing', async () => {
      const result = await bench.run({ run: ['no-such-linter', 'run'], parser: 'golangci' }, { definition });
      assert.equal(result.verdict, 'not-run');
      assert.equal(result.exitCode, undefined);
      assert.deepEqual(shown(result.issues), [
        'infrabuilder.yaml:4:3-7: error check.tool-missing: The program no-such-linter was not found. It is not on the PATH. Run "infrabuilder doctor" to see how to install it.',
      ]);
      assert.equal(isEnvironmentProblem(result), true);
    });

    it('is not-run only, when the check is optional', async () => {
      const result = await bench.run({ run: ['no-such-linter'], optional: true });
      assert.equal(result.verdict, 'not-run');
      assert.equal(isEnvironmentProblem(result), false);
    });

    it('is a matter of the workspace when its own script or folder is missing', async () => {
      const script = await bench.run({ run: ['./run_replay.sh'] });
      assert.deepEqual([script.verdict, script.issues[0]?.code], ['not-run', 'check.script-missing']);
      assert.equal(isEnvironmentProblem(script), false);
      const folder = await bench.run({ run: node('0'), cwd: 'infrastructure-agent' });
      assert.deepEqual([folder.verdict, folder.issues[0]?.code], ['not-run', 'check.no-folder']);
      assert.match(folder.reason, /^The folder infrastructure-agent does not exist\.$/);
    });

    it('is an error after the time-out, with what was found until then', async () => {
      const source = `console.log('a.go:1:1: first'); setInterval(() => {}, 1000)`;
      const result = await bench.run({ run: node(source), timeout_seconds: 0.5 });
      assert.equal(result.verdict, 'error');
      assert.equal(result.reason, 'Ended after 0.5 seconds, the time-out of the check.');
      assert.ok(result.issues.some((issue) => issue.message.endsWith('first')));
      assert.ok(result.issues.some((issue) => issue.code === 'check.timed-out'));
    });

    if (process.platform !== 'win32') {
      it('is an error when it crashes', async () => {
        const result = await bench.run({ run: node(`process.kill(process.pid, 'SIGSEGV')`) });
        assert.equal(result.verdict, 'error');
        assert.match(result.reason, /ended by SIGSEGV/);
      });
    }

    it('is cancelled with its log kept', async () => {
      const controller = new AbortController();
      const check = { run: node(`console.log('started'); setInterval(() => {}, 1000)`) };
      await assert.rejects(
        bench.run(check, { signal: controller.signal, onLine: () => controller.abort() }),
        CancelledError,
      );
      const [log] = await bench.files.list('.infrabuilder/logs');
      assert.match((await bench.files.read(`.infrabuilder/logs/${log?.name}`)) ?? '', /started\n\ncancelled\n/);
    });
  });

  it('tells its progress, with tests as they end', async () => {
    const events = [
      { Action: 'pass', Package: 'p', Test: 'TestA' },
      { Action: 'skip', Package: 'p', Test: 'TestB' },
      { Action: 'pass', Package: 'p' },
    ];
    const progress: CheckProgress[] = [];
    const source = events.map((event) => `console.log(${JSON.stringify(JSON.stringify(event))});`).join('');
    await bench.run({ run: node(source), parser: 'gotest' }, { onProgress: (event) => progress.push(event) });
    assert.deepEqual(
      progress.map((event) => (event.kind === 'tests' ? event.tests : event.kind)),
      ['started', { passed: 1, failed: 0, skipped: 0 }, { passed: 1, failed: 0, skipped: 1 }, 'finished'],
    );
  });

  it('runs the same check of two callers one after the other', async () => {
    const { root } = bench.files;
    const ports = { processes: createProcesses(root), files: bench.files, env: process.env, locks: createLocks(root) };
    const checks = createChecks({ ...ports, clock: { now: () => new Date(), monotonic: () => performance.now() } });
    const alone = "fs.mkdirSync('busy'); setTimeout(() => fs.rmdirSync('busy'), 100)";
    const check = checkSchema.parse({ run: node(`const fs = require('node:fs'); ${alone}`) });
    const waited: string[] = [];
    const onProgress = (event: CheckProgress) => event.kind === 'waiting' && waited.push(event.check);
    const results = await Promise.all([
      checks.run('alone', check, { onProgress }),
      checks.run('alone', check, { onProgress }),
    ]);
    ports.processes.dispose();
    assert.deepEqual(
      results.map(({ verdict }) => verdict),
      ['pass', 'pass'],
    );
    assert.deepEqual(waited, ['alone']);
  });

  describe('a replay', () => {
    const write = `require('node:fs').mkdirSync('out', { recursive: true }); require('node:fs').writeFileSync('out/topn.jsonl', 'x');`;
    const replay = { corpus: 'corpus.jsonl', out: 'out' };
    const judged: unknown[] = [];
    const oracle = {
      judge: async (request: unknown) => {
        judged.push(request);
        return { values: [{ name: 'tail_error', value: 1, unit: 'percent' }], issues: [] };
      },
    };

    it('is judged by the oracle when it wrote new output, and by thresholds', async () => {
      const own = await workbench({ oracle });
      try {
        const check = { run: node(write), parser: 'replay', replay } as const;
        const result = await own.run(check, { thresholds: { tail_error: { max: 5, unit: 'percent' } } });
        assert.partialDeepStrictEqual(result, {
          verdict: 'pass',
          values: [{ name: 'tail_error', value: 1, max: 5, verdict: 'pass' }],
        });
        assert.deepEqual(judged, [replay]);
      } finally {
        await own.dispose();
      }
    });

    it('is not-run when the output is left from an earlier run', async () => {
      await bench.files.write('out/topn.jsonl', 'x');
      const result = await bench.run({ run: node('0'), parser: 'replay', replay });
      assert.equal(result.verdict, 'not-run');
      assert.equal(result.reason, 'The script ended with exit code 0 but wrote no new raw output to out.');
    });
  });

  describe('a baseline', () => {
    const benchmark = (value: number): string[] =>
      node(`console.log('BenchmarkA-8 1 ${value} ns/op\\n'.repeat(4) + 'ok  \\texample.com/a\\t1s')`);

    it('is kept and compared with', async () => {
      const check = { parser: 'gobench', baseline: 'reports/bench.txt' } as const;
      await bench.checks.saveBaseline('bench', checkSchema.parse({ ...check, run: benchmark(10) }));
      assert.equal(await bench.files.read('reports/bench.txt'), 'BenchmarkA-8 1 10 ns/op\n'.repeat(4));
      const result = await bench.run({ ...check, run: benchmark(20) });
      assert.match(result.reason, /against reports\/bench\.txt: 1 worse, 0 better, 0 ~\.$/);
    });

    it('is not replaced by a run without benchmarks', async () => {
      await bench.files.write('bench.txt', 'old');
      const check = checkSchema.parse({ parser: 'gobench', baseline: 'bench.txt', run: node('0') });
      await assert.rejects(bench.checks.saveBaseline('bench', check), HumanError);
      assert.equal(await bench.files.read('bench.txt'), 'old');
    });

    it('needs a place in the configuration', async () => {
      const check = checkSchema.parse({ parser: 'gobench', run: node('0') });
      await assert.rejects(bench.checks.saveBaseline('bench', check), /keeps no baseline/);
    });
  });
});
