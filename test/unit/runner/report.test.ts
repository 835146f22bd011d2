import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { MeasuredValue } from '../../../src/core/model/check.ts';
import { axis, barChart, lineChart } from '../../../src/e2e/report/chart.ts';
import { htmlReport } from '../../../src/e2e/report/html.ts';
import { escapeXml, junitXml } from '../../../src/e2e/report/junit.ts';
import { markdownReport } from '../../../src/e2e/report/markdown.ts';
import { metricsJson, metricsText } from '../../../src/e2e/report/metrics.ts';
import { EMPTY_RUN, planOf } from './workspace.ts';

const kpi = (name: string, value: number, unit: string, verdict: MeasuredValue['verdict'] = 'pass'): MeasuredValue => ({
  name,
  value,
  unit,
  n: 60,
  ...(verdict && { verdict }),
});
const RUN = {
  ...EMPTY_RUN,
  verdict: 'fail' as const,
  reason: 'topn_capture_ratio 69.42% (>= 95) fail.',
  kpis: [
    kpi('cpu_usage', 1.2345678901, 'percent'),
    kpi('cpu_usage.max', 3, 'percent'),
    kpi('memory_usage', 15, 'MB'),
    kpi('topn_capture_ratio', 69.42, 'percent', 'fail'),
    kpi('p95p99_error', 0.7, 'percent', 'inconclusive'),
  ],
  steps: [{ scenario: 's', step: 1, action: 'verify', verdict: 'pass' as const, note: 'a | b\nc <d>' }],
  goals: [{ goal: 'G-4', verdict: 'fail' as const, text: 'topn_capture_ratio 69.42%' }],
};
const PLAN = planOf('name: standard\nblueprint_goals: [G-2, G-3, G-4, G-5]\nworkload: {type: standard}\n');

describe('metrics.txt', () => {
  const text = metricsText(RUN);

  it('has one line a figure, under the names of the plan, unrounded', () => {
    assert.deepEqual(text.split('\n').slice(0, 5), [
      'CPU Usage: 1.2345678901 percent pass',
      'Memory Usage: 15 MB pass',
      'p95/p99 Error: 0.7 percent inconclusive',
      'topn_capture_ratio: 69.42 percent fail',
      'Tail Error: not-measured',
    ]);
  });

  it("is read by the commands of the plan's own script; what was not measured is no number there", function () {
    if (process.platform === 'win32') this.skip();
    const awk = (name: string, program: string) =>
      spawnSync('sh', ['-c', `grep "${name}" | awk '${program}'`], { input: text, encoding: 'utf8' }).stdout.trim();
    assert.equal(awk('CPU Usage', '{print ($3 <= 2.0)}'), '1');
    assert.equal(awk('Memory Usage', '{print ($3 <= 10.0)}'), '0');
    assert.equal(awk('topn_capture_ratio', '{print $2}'), '69.42');
    assert.equal(awk('Tail Error', '{print ($3 <= 5.0)}'), '0');
  });

  it('has the same as JSON', () => {
    const json = JSON.parse(metricsJson(RUN));
    assert.equal(json.metrics['CPU Usage'].value, 1.2345678901);
    assert.equal(json.metrics['Tail Error'], null);
    assert.equal(json.values.length, 5);
  });
});

describe('junit.xml', () => {
  it('counts what it holds: not-run is skipped, inconclusive does not pass', () => {
    const xml = junitXml(RUN, PLAN);
    assert.match(xml, /<testsuites [^>]*tests="8" failures="3" errors="0" skipped="1"/);
    assert.match(xml, /<testcase classname="standard" name="kpi tail_error" [^>]*><skipped message="not measured"\/>/);
    assert.match(xml, /<failure message="p95p99_error 0\.7000% inconclusive" type="inconclusive"\/>/);
    const opened = xml.match(/<testcase\b/g)?.length;
    assert.equal(opened, 8);
  });

  it('shows a failure that no case shows', () => {
    const xml = junitXml(
      { ...RUN, kpis: [], goals: [], steps: [], reason: 'The agent hangs.' },
      { ...PLAN, limits: [] },
    );
    assert.match(xml, /name="run"[^>]*><failure message="The agent hangs\."/);
  });

  it('escapes what XML cannot hold', () => {
    assert.equal(escapeXml('a<b>&"\u0000\u001b[31m\n'), 'a&lt;b&gt;&amp;&quot;??[31m&#10;');
  });
});

describe('report.md and report.html', () => {
  it('name every figure, also those that were not measured', () => {
    const markdown = markdownReport(RUN, PLAN);
    assert.match(markdown, /^\*\*fail\*\*: topn_capture_ratio/m);
    assert.match(markdown, /^\| topn_capture_ratio \| 69\.42 percent \|/m);
    assert.match(markdown, /^\| tail_error \| not measured \| ≤ 5 \| {2}\| not-run \|$/m);
    assert.match(markdown, /^\| s \| 1 \| verify \| pass \| a \\\| b \/ c <d> \|$/m);
  });

  it('is one page without a script, with text as text', () => {
    const html = htmlReport({ ...RUN, reason: '<img src=x onerror=alert(1)>' }, PLAN, []);
    assert.doesNotMatch(html, /<img|<script|<link|@import|url\(/);
    assert.match(html, /<p class="reason">&lt;img src=x/);
    assert.match(html, /<span class="verdict fail">fail<\/span>/);
  });
});

describe('charts', () => {
  it('have round axes', () => {
    assert.deepEqual(axis(0, 3.77), [0, 4, 1]);
    assert.deepEqual(axis(65.9, 95), [60, 100, 10]);
    assert.deepEqual(axis(0, 0), [0, 0.2, 0.2]);
    const [low, high, step] = axis(97.3, 97.3 + 1e-13);
    assert.ok(low <= 97.3 && high >= 97.3 && (high - low) / step < 10, 'a constant series');
  });

  it('mark limits and faults, and stay inside', () => {
    const svg = lineChart({
      title: 'CPU',
      unit: 'percent',
      points: [
        [-1, 1],
        [10, 2],
        [30, 1.5],
      ],
      seconds: 20,
      bands: [{ from: 5, to: 9, label: 'f1-network_partition' }],
      limits: [{ value: 4, label: 'limit ≤ 4' }],
      fromZero: true,
    });
    assert.match(svg, /<title>f1-network_partition: 5\.0 to 9\.0 s<\/title>/);
    assert.match(svg, /class="limit"/);
    const xs = [...(/points="([^"]+)"/.exec(svg)?.[1] ?? '').matchAll(/([\d.]+),/g)].map(([, x]) => Number(x));
    assert.equal(xs.length, 3);
    assert.ok(
      xs.every((x) => x >= 56 && x <= 704),
      String(xs),
    );
  });

  it('hold a day of two samples a second', () => {
    const points = Array.from({ length: 172_800 }, (_, index) => [index / 2, index % 50] as const);
    const svg = lineChart({
      title: 'Memory',
      unit: 'MB',
      points,
      seconds: 86_400,
      bands: [],
      limits: [],
      fromZero: false,
    });
    assert.ok(svg.length < 50_000, `${svg.length} characters`);
  });

  it('say so where there is nothing to draw, and mark bars beyond the limit', () => {
    assert.match(
      lineChart({ title: 'CPU', unit: '', points: [], seconds: 1, bands: [], limits: [], fromZero: true }),
      /nothing was measured/,
    );
    const bars = barChart(
      'Recovery',
      's',
      [
        { label: 'f1', value: 7 },
        { label: 'f2', value: undefined, missing: 'did not recover' },
      ],
      { value: 5, label: '5' },
    );
    assert.match(bars, /class="bar over"/);
    assert.match(bars, /did not recover/);
  });
});
