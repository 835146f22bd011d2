import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { DashboardData } from '../../../src/vscode/dashboard/data.ts';
import { ROOT, SCREENSHOTS } from '../harness/paths.ts';
import { browser } from '../harness/world.ts';

const point = (value: number, day: number, verdict: string) => ({
  value,
  text: `${value} %`,
  at: `2026-01-${String(day).padStart(2, '0')}T10:00:00Z`,
  verdict,
});
const DATA: DashboardData = {
  title: 'sample',
  summary: '1 of 2 goals pass',
  strings: {
    goals: 'Goals now',
    trends: 'KPIs over time',
    tasks: 'Tasks',
    milestones: 'Milestones',
    deviations: 'Deviations',
    runs: 'Last runs',
    checkpoint: 'Run checkpoint',
    none: 'None.',
    noTrend: 'Nothing was measured yet.',
    report: 'Open report',
    limit: 'limit',
    last: 'last',
    measurements: 'measurements',
    when: 'When',
    value: 'Value',
    verdict: 'Verdict',
    table: 'Show as table',
  },
  goals: [
    { id: 'G-2', title: 'Host Safety', standing: 'pass', standingText: 'holds', text: 'pass · 2 min ago', reason: '' },
    {
      id: 'G-4',
      title: 'Top-N Accuracy',
      standing: 'fail',
      standingText: 'does not hold',
      text: 'fail · topn_capture_ratio 71.43 % < 95 %',
      reason: '<img src=x onerror=alert(1)>',
    },
  ],
  trends: [
    {
      goal: 'G-4',
      name: 'topn_capture_ratio',
      min: 95,
      limit: '≥ 95 %',
      points: [point(71, 1, 'fail'), point(80, 2, 'fail'), point(97, 3, 'pass')],
    },
    { goal: 'G-2', name: 'cpu_usage', max: 2, limit: '≤ 2 %', points: [] },
  ],
  tasks: [{ label: 'Pending', count: 1, slugs: ['topn_sampler'] }],
  milestones: [{ id: 'M2', title: 'Top-N sampler', text: 'pending' }],
  deviations: [],
  runs: [{ id: 'run 1', title: 'standard', text: 'fail', report: 'e2e/results/standard/1/report.html' }],
};

describe('the dashboard page', () => {
  let page: Page;

  before(async () => {
    page = await (await browser()).newPage({ viewport: { width: 1000, height: 900 } });
    const media = (name: string): string => readFileSync(join(ROOT, 'media', name), 'utf8');
    await page.setContent(`<style>:root { --vscode-foreground: #222; --vscode-font-family: sans-serif; --vscode-font-size: 13px;
      --vscode-charts-blue: #1a85ff; --vscode-charts-red: #e51400; --vscode-widget-border: #ccc;
      --vscode-testing-iconPassed: #388a34; --vscode-testing-iconFailed: #d32f2f }</style>
      <style>${media('dashboard.css')}</style><main id="dashboard"></main>`);
    await page.evaluate(
      'window.posted = []; window.acquireVsCodeApi = () => ({ postMessage: (m) => window.posted.push(m) })',
    );
    await page.addScriptTag({ content: media('dashboard.js') });
    await page.evaluate((data) => window.postMessage(data, '*'), DATA);
    await page.locator('h1', { hasText: 'sample' }).waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, 'dashboard-page.png') });
  });
  after(() => page?.close());

  it('draws a KPI over time with its threshold, and says the same to a screen reader and as a table', async () => {
    const chart = page.getByRole('img', { name: 'topn_capture_ratio: 3 measurements, last 97 %, limit ≥ 95 %' });
    assert.equal(await chart.locator('.limit').count(), 1);
    assert.match((await chart.locator('.line').getAttribute('d')) ?? '', /^M0,[\d.]+L150,[\d.]+L300,[\d.]+$/);
    await page.getByText('Show as table').click();
    assert.deepEqual(
      await page
        .locator('details tr')
        .last()
        .locator('td')
        .allTextContents()
        .then((cells) => cells.slice(1)),
      ['71 %', 'fail'],
    );
  });

  it('says where nothing was measured or registered', async () => {
    await page.locator('li.trend', { hasText: 'cpu_usage' }).getByText('Nothing was measured yet.').waitFor();
    await page.getByRole('region', { name: 'Deviations' }).getByText('None.').waitFor();
  });

  it('shows text as text, whatever is in it', async () => {
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(await page.locator('img').count(), 0);
  });

  it('asks for what a person chooses, also by keyboard', async () => {
    await page.getByRole('button', { name: 'Open report' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'topn_sampler' }).click();
    assert.deepEqual(await page.evaluate('window.posted'), [
      { type: 'ready' },
      { type: 'report', path: 'e2e/results/standard/1/report.html' },
      { type: 'task', slug: 'topn_sampler' },
    ]);
  });
});
