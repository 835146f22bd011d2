import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import { Bench, CALM, FAILING, goalOf, leftovers, play } from './support.ts';

/** What the agent does, and the scenario that it does it in. */
const CASES = [
  ['honest', 'calm'],
  ['honest', 'failing'],
  ['burn', 'calm'],
  ['leak', 'calm'],
  ['false', 'calm'],
  ['drop', 'failing'],
  ['silent', 'failing'],
  ['chatty', 'failing'],
] as const;
/** More at once disturb each other on two cores. */
const AT_ONCE = 3;
/** On a machine that is too busy to look in time, a run measures nothing: it is tried again. */
const TRIES = 3;

function isMeasured(run: ScenarioRun | undefined): boolean {
  const names = new Set(run?.kpis.map(({ name }) => name));
  return ['tail_error', 'p95p99_error', 'topn_capture_ratio'].every((name) => names.has(name));
}

describe('agents under a short live run', function () {
  this.timeout(180_000);
  const bench = new Bench();
  const runs = new Map<string, { readonly root: string; readonly run: ScenarioRun }>();

  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    await bench.build();
    const waiting = [...CASES];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [doctored, scenario] = next;
        const root = bench.workspace(next.join('-'), doctored === 'honest' ? '' : doctored, {
          calm: CALM,
          failing: FAILING,
        });
        for (let tries = 0; tries < TRIES && !isMeasured(runs.get(next.join(' '))?.run); tries++) {
          runs.set(next.join(' '), { root, run: await play(root, { scenario }) });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
  after(() => bench.dispose());

  const get = (name: string) => {
    const found = runs.get(name);
    assert.ok(found, `${name} did not run`);
    return found;
  };
  const verdictOf = (name: string, kpi: string) => get(name).run.kpis.find((value) => value.name === kpi)?.verdict;

  it('finds nothing against an honest agent', () => {
    const { run } = get('honest calm');
    const kpis = ['cpu_usage', 'memory_usage', 'p95p99_error', 'tail_error', 'topn_capture_ratio'];
    for (const kpi of kpis) {
      const value = run.kpis.find(({ name }) => name === kpi);
      assert.ok(value?.verdict === 'pass' || value?.verdict === 'inconclusive', `${kpi}: ${JSON.stringify(value)}`);
    }
    assert.deepEqual(run.issues, []);
  });

  it('counts the answer of an honest agent to a fault', () => {
    const { run } = get('honest failing');
    const [fault] = run.faults;
    assert.equal(fault?.injected, 'pass');
    assert.equal(fault?.recovered, 'pass');
    assert.match(fault?.events[0] ?? '', /AgentDiagEvent ExportRetry/);
    assert.deepEqual(run.controlEvents, []);
    assert.equal(run.kpis.find(({ name }) => name === 'data_loss')?.value, 0);
  });

  it('catches one that burns CPU by G-2', () => {
    assert.equal(verdictOf('burn calm', 'cpu_usage'), 'fail');
    assert.match(goalOf(get('burn calm').run, 'G-2'), /^fail: cpu_usage/);
  });

  it('catches one that leaks memory by G-2', () => {
    assert.equal(verdictOf('leak calm', 'memory_usage'), 'fail');
    assert.match(goalOf(get('leak calm').run, 'G-2'), /^fail: .*memory_usage \d+\.?\d* MB \(<= 100\) fail/);
  });

  it('catches one that prints false figures by G-3, G-4 and G-5', () => {
    const { run } = get('false calm');
    for (const kpi of ['p95p99_error', 'topn_capture_ratio', 'tail_error']) {
      assert.equal(verdictOf('false calm', kpi), 'fail', kpi);
    }
    assert.match(goalOf(run, 'G-5'), /^fail: tail_error \d/);
  });

  it('catches one that drops data by the loss', () => {
    assert.equal(verdictOf('drop failing', 'data_loss'), 'fail');
    assert.match(goalOf(get('drop failing').run, 'G-6'), /^fail: .*data_loss/);
  });

  it('catches one that is silent on a fault by G-6', () => {
    assert.equal(verdictOf('silent failing', 'diag_events'), 'fail');
    assert.match(goalOf(get('silent failing').run, 'G-6'), /^fail: diag_events 0 count/);
  });

  it('catches one that reports the same without a fault by G-6', () => {
    const { run } = get('chatty failing');
    assert.ok((run.controlEvents ?? []).length > 0);
    assert.match(goalOf(run, 'G-6'), /^fail: diag_events 0 count/);
  });

  it('reports in every form', () => {
    const { root, run } = get('honest failing');
    const folder = join(root, 'e2e', 'results', 'failing', run.run);
    for (const file of ['metrics.txt', 'metrics.json', 'run.json', 'report.md', 'report.html', 'junit.xml']) {
      assert.ok(existsSync(join(folder, file)), file);
    }
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    assert.match(html, /<figcaption>CPU <span>percent of one core/);
    assert.match(html, /<g class="band"><title>f1-network_partition/);
    assert.match(html, /Recovery after each fault/);
    assert.doesNotMatch(html, /<script|https?:\/\/(?!127\.0\.0\.1)/);
    assert.match(readFileSync(join(folder, 'metrics.txt'), 'utf8'), /^CPU Usage: \d+\.?\d* percent/m);
    for (const file of run.artifacts) assert.ok(existsSync(join(root, file)), file);
  });

  it('leaves nothing behind', async () => {
    for (const { root } of runs.values()) assert.deepEqual(await leftovers(root), []);
  });
});
