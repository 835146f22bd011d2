import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OracleReport } from '../../../src/core/ports.ts';
import { createReplayOracle } from '../../../src/e2e/oracle/oracle.ts';
import { codes, figure, verdicts } from '../../support/oracleHarness.ts';
import { collapse, jsonLines, type SketchLine, type TopLine } from '../../support/replayFixture.ts';

const run = promisify(execFile);
const SAMPLE = fileURLToPath(new URL('../../../templates/sample/', import.meta.url));
const PROFILES = ['standard', 'high_pid_churn', 'edges'] as const;
const EXE = process.platform === 'win32' ? '.exe' : '';

describe('oracle on the embedded agent', function () {
  this.timeout(180_000);
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'oracle-agent-'));
    const agent = join(root, `agent${EXE}`);
    const corpusgen = join(root, `corpusgen${EXE}`);
    await run('go', ['build', '-o', agent, './cmd/agent'], { cwd: join(SAMPLE, 'infrastructure-agent') });
    await run('go', ['build', '-o', corpusgen, './cmd/corpusgen'], {
      cwd: join(SAMPLE, 'infrastructure-agent-testbed'),
    });
    for (const profile of PROFILES) {
      const corpus = `${profile}.jsonl`;
      const size = ['-processes', '120', '-ticks', '60'];
      await run(corpusgen, ['-profile', profile, '-seed', '42', ...size, '-out', corpus], { cwd: root });
      await run(agent, ['replay', '--corpus', corpus, '--out', profile], { cwd: root });
    }
  });

  after(() => rm(root, { recursive: true, force: true }));

  const judge = (profile: string): Promise<OracleReport> =>
    createReplayOracle(root).judge({ corpus: `${profile}.jsonl`, out: profile });

  /** Replaces the text of one output file while `use` runs. */
  async function doctored<T>(file: string, change: (text: string) => string, use: () => Promise<T>): Promise<T> {
    const path = join(root, file);
    const original = await readFile(path, 'utf8');
    await writeFile(path, change(original));
    try {
      return await use();
    } finally {
      await writeFile(path, original);
    }
  }

  for (const profile of PROFILES) {
    it(`${profile}: nothing to object, G-3 and G-5 hold`, async () => {
      const report = await judge(profile);
      assert.deepEqual(report.issues, []);
      assert.deepEqual(verdicts(report), ['measured', 'measured', 'measured']);
      assert.ok(figure(report, 'p95p99_error') <= 1, `${figure(report, 'p95p99_error')}`);
      assert.ok(figure(report, 'tail_error') <= 5, `${figure(report, 'tail_error')}`);
    });
  }

  it('standard: the naive sampler of the pending task falls short of 95 percent', async () => {
    const report = await judge('standard');
    const ratio = figure(report, 'topn_capture_ratio');
    assert.ok(ratio > 30 && ratio < 95, `${ratio}`);
    assert.ok(figure(report, 'topn_n.max') <= 60);
  });

  it('whatever the agent says about itself, nothing changes', async () => {
    const plain = await judge('standard');
    const boast = '{"topn_capture_ratio":100,"p95p99_error":0,"tail_error":0}';
    const boasting = await doctored(
      'standard/summary.json',
      () => boast,
      () => judge('standard'),
    );
    const broken = await doctored(
      'standard/summary.json',
      () => '{{{',
      () => judge('standard'),
    );
    assert.equal(JSON.stringify(boasting), JSON.stringify(plain));
    assert.equal(JSON.stringify(broken), JSON.stringify(plain));
  });

  for (const end of ['lowest', 'highest'] as const) {
    it(`its sketches with the ${end} buckets collapsed are caught`, async () => {
      const change = (text: string) => jsonLines(parsed<SketchLine>(text).map((line) => collapse(line, 64, end)));
      const report = await doctored('standard/sketches.jsonl', change, () => judge('standard'));
      assert.ok(codes(report).includes('oracle.rank-error'), codes(report).join());
      assert.deepEqual(verdicts(report), ['measured', 'fail', 'measured']);
    });
  }

  it('its exports with a halved tail are caught by the sums', async () => {
    const halved = ({ other, ...line }: TopLine): TopLine => ({
      ...line,
      other: { count: other.count, cpu_ms: other.cpu_ms / 2, rss: Math.round(other.rss / 2) },
    });
    const change = (text: string) => jsonLines(parsed<TopLine>(text).map(halved));
    const report = await doctored('high_pid_churn/topn.jsonl', change, () => judge('high_pid_churn'));
    assert.ok(figure(report, 'tail_error') > 5, `${figure(report, 'tail_error')}`);
  });
});

function parsed<T>(text: string): T[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
