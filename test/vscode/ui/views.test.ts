import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMini } from '../harness/mini.ts';
import type { Window } from '../harness/world.ts';
import { openWorkbench, type Workbench } from './support.ts';

describe('views, lenses and the dashboard', () => {
  const mini = makeMini();
  let window: Window;
  let bench: Workbench;

  before(async () => {
    ({ window, bench } = await openWorkbench(mini.folder));
  });

  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('the trees show tasks with their next step, goals, and that nothing has run', async () => {
    await bench.row('sampler').waitFor();
    assert.match((await bench.row('sampler').getAttribute('aria-label')) ?? '', /Pending.*P0.*next: open/);
    await bench.row('G-4 Top-N Accuracy').waitFor();
    await window.page.locator('.sidebar', { hasText: 'Nothing has run in this window yet.' }).waitFor();
    assert.match((await bench.statusItem().textContent()) ?? '', /0 of 2 goals pass/);
  });

  it('a click on a task opens its file, with its next step above it', async () => {
    await bench.row('sampler').click();
    await window.page.locator('.tab.active', { hasText: 'sampler.yaml' }).waitFor();
    await bench.lens('Pending · next: open').waitFor();
  });

  it('a click on a lens runs the check, and the lens and the Runs view say how it ended', async () => {
    await bench.openFile('infrabuilder.yaml');
    await bench.lens('Run quick').click();
    await bench.lens(/pass · just now/).waitFor();
    await bench.row('quick').waitFor();
  });

  it('the checkpoint from the palette: a failing goal is in the tree, the lens, the Problems pane and the status bar', async () => {
    await bench.palette('InfraBuilder: Run Checkpoint');
    await bench.row(/G-4 Top-N Accuracy.*fail/).waitFor({ timeout: 60_000 });
    await bench.lens(/G-4: fail · just now/).waitFor();
    await bench.row(/G-8 Local Test Green.*pass/).waitFor();
    assert.match((await bench.statusItem().textContent()) ?? '', /1 of 2 goals pass/);
    await bench.closeNotifications();
    await bench.palette('View: Focus Problems');
    await window.page
      .locator('.markers-panel .monaco-list-row', { hasText: 'G-4 Top-N Accuracy does not hold' })
      .waitFor();
    await bench.screenshot('goal-fails-dark');
  });

  it('all turn when the code is mended and the checkpoint runs again', async () => {
    const app = join(mini.folder, 'src', 'app.go');
    writeFileSync(app, readFileSync(app, 'utf8').replace('fixed', 'adaptive'));
    await bench.row(/G-4 Top-N Accuracy.*stale/).waitFor();
    await bench.lens(/G-4: fail · .* · stale/).waitFor();
    await bench.palette('InfraBuilder: Run Checkpoint');
    await bench.row(/G-4 Top-N Accuracy.*pass/).waitFor({ timeout: 60_000 });
    await bench.lens(/G-4: pass/).waitFor();
    await window.page.locator('.statusbar-item', { hasText: '2 of 2 goals pass' }).first().waitFor();
    const problem = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'does not hold' });
    await problem.waitFor({ state: 'detached' });
  });

  it('the dashboard shows goals, KPIs, tasks and runs, and leads to their files by keyboard', async () => {
    await bench.palette('View: Hide Panel');
    await bench.palette('InfraBuilder: Show Dashboard');
    const frame = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Goals now' }).waitFor();
    await frame.getByText('2 of 2 goals pass', { exact: true }).waitFor();
    await frame.locator('li.card.pass', { hasText: 'G-4 Top-N Accuracy' }).waitFor();
    await frame.getByRole('heading', { name: 'Milestones' }).waitFor();
    await bench.screenshot('dashboard-dark');
    await frame.getByRole('button', { name: 'sampler', exact: true }).focus();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.tab.active', { hasText: 'sampler.yaml' }).waitFor();
  });

  it('the Test Explorer runs a check and shows its verdict', async () => {
    await bench.palette('Testing: Focus on Test Explorer View');
    const row = window.page.locator('.test-explorer .monaco-list-row', { hasText: 'Checks' }).first();
    await row.click();
    await window.page.keyboard.press('ArrowRight');
    const quick = window.page.locator('.test-explorer .monaco-list-row', { hasText: 'quick' }).first();
    await quick.hover();
    await quick.locator('[aria-label*="Run Test"]').first().click();
    await window.page.locator('.test-explorer .monaco-list-row[aria-label*="quick (Passed"]').first().waitFor();
    await bench.screenshot('test-explorer-dark');
  });

  it('a Go test is run with coverage, which is shown for each file', async () => {
    await bench.palette('Test: Run All Tests with Coverage');
    const row = window.page.locator('.monaco-list-row', { hasText: 'app.go' }).filter({ hasText: '%' }).first();
    await row.waitFor({ timeout: 60_000 });
    assert.match((await row.textContent()) ?? '', /66\.67%/);
    await bench.screenshot('coverage-dark');
  });

  it('a task that is dragged onto "In progress" is opened; onto "Done", the gate says what is missing', async () => {
    await bench.openSidebar();
    await bench.row('sampler').dragTo(bench.row('In progress'));
    await window.page.locator('.tab.active', { hasText: 'sampler.yaml' }).first().waitFor();
    await bench.row(/sampler.*next: plan/).waitFor();
    assert.ok(existsSync(join(mini.folder, 'tasks', 'in_progress', 'sampler.yaml')));
    await bench.row(/sampler.*next: plan/).dragTo(bench.row('Done'));
    await window.page.locator('.quick-input-widget', { hasText: 'sampler cannot be completed' }).waitFor();
    await bench.screenshot('gate-dark');
    await window.page.keyboard.press('Escape');
    assert.ok(existsSync(join(mini.folder, 'tasks', 'in_progress', 'sampler.yaml')));
  });

  it('a run does not outlive its window', async () => {
    await bench.openFile('infrabuilder.yaml');
    await bench.lens('Run slow').click();
    const running = (): boolean => execFileSync('ps', ['-eo', 'args=']).toString().includes(`--cwd ${mini.folder}`);
    while (!running()) await window.page.waitForTimeout(100);
    const before = window.errors();
    await window.close();
    while (running()) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(before, []);
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
