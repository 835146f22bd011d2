import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { until } from '../../support/until.ts';
import { makeMini } from '../harness/mini.ts';
import type { Window } from '../harness/world.ts';
import { openWorkbench, type Workbench } from './support.ts';

describe('commands of the palette', () => {
  const mini = makeMini();
  const path = (...parts: string[]): string => join(mini.folder, ...parts);
  const text = (...parts: string[]): string => readFileSync(path(...parts), 'utf8');
  let window: Window;
  let bench: Workbench;

  before(async () => {
    // A check of the format is a quick one: it runs at each save for whoever wants that.
    writeFileSync(path('infrabuilder.yaml'), text('infrabuilder.yaml').replace('  lines: {', '  fmt: {'));
    ({ window, bench } = await openWorkbench(mini.folder));
    await bench.row('sampler').waitFor();
  });
  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('Doctor lists the tools, and says which one the checks miss', async () => {
    await bench.palette('InfraBuilder: Doctor: Check the Machine');
    const list = window.page.locator('.quick-input-widget', { hasText: 'Missing for the checks' });
    await list.waitFor({ timeout: 60_000 });
    assert.match(
      (await list.locator('.monaco-list-row').first().textContent()) ?? '',
      /no-such-program-of-ours.*missing.*Needed by the checks/,
    );
    await bench.screenshot('doctor-dark');
    await list.locator('input.input').fill('Questions');
    await list.locator('.monaco-list-row', { hasText: 'Questions are answered by Grounded (offline)' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.locator('.sidebar', { hasText: 'tool' }).first().waitFor();
  });

  it('New Task refuses a slug that is taken, and opens a file that is a valid task once it is saved', async () => {
    await bench.palette('InfraBuilder: New Task');
    const widget = window.page.locator('.quick-input-widget');
    await bench.fill('sampler');
    await widget.getByText('There is a task sampler already.').first().waitFor();
    await bench.fill('second');
    await window.page.keyboard.press('Enter');
    await window.page.locator('.tab.active', { hasText: 'second.yaml' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Control+S');
    await bench.row('second').waitFor();
    const task = parse(text('tasks', 'pending', 'second.yaml')) as Record<string, unknown>;
    assert.equal(task.slug, 'second');
    assert.deepEqual(task.blueprint, { epic: 'A1-E1', story: 'A1-S1' });
    assert.deepEqual(task.blueprint_goals, ['G-4']);
    await window.page.locator('.tab.active', { hasText: 'second.yaml' }).waitFor();
    assert.equal(await window.page.locator('.tab.active.dirty').count(), 0);
  });

  it('Show Report offers the reports, and shows the chosen one as a page', async () => {
    await bench.palette('InfraBuilder: Show Report');
    await bench.pick('Milestones');
    await bench.preview().getByText('First sampler').first().waitFor();
  });

  it('Show Progress shows epics and tasks against the blueprint', async () => {
    await bench.palette('View: Close All Editors');
    await bench.palette('InfraBuilder: Show Progress');
    await bench.preview().getByText('A1-E1').first().waitFor();
    await bench.screenshot('progress-dark');
    await bench.palette('View: Close All Editors');
  });

  it('Register Deviation asks for what the register needs, verifies the goals, and opens the entry', async () => {
    await bench.palette('InfraBuilder: Register Deviation');
    await bench.answer('What the blueprint asks for', 'A1-S1');
    await bench.answer('What is done in its place', 'The sampler is fixed');
    await bench.answer('Why the blueprint cannot be followed here', 'The host has one core');
    await bench.tick('G-8');
    await bench.answer('What it does to G-8', 'None');
    await bench.answer('What it covers', 'src/**');
    await bench.answer('The last day on which it holds', undefined);
    const tab = window.page.locator('.tab.active', { hasText: 'A1-S1-the-sampler-is-fixed.yaml' });
    await tab.waitFor({ timeout: 60_000 });
    await window.page.locator('.view-lines', { hasText: 'The host has one core' }).first().waitFor();
    await bench.screenshot('deviation-dark');
    await bench.palette('View: Close All Editors');
  });

  it('a quick check runs again at each save, as long as somebody wants it', async () => {
    await bench.openFile('src/app.go');
    await bench.palette('Test: Start Continuous Run');
    const rows = window.page.locator('.test-explorer .monaco-list-row');
    const finding = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'FIXME is left' }).first();
    await bench.palette('View: Focus Problems');
    await finding.waitFor({ timeout: 60_000 });
    await bench.openFile('src/app.go');
    await bench.replaceInEditor('FIXME', 'NOTE');
    await window.page.keyboard.press('Control+S');
    await finding.waitFor({ state: 'detached', timeout: 60_000 });
    const runs = (): number =>
      readdirSync(path('.infrabuilder', 'logs')).filter((name) => name.startsWith('fmt-')).length;
    await until(() => runs() > 1, 'the check runs again');
    await bench.palette('Testing: Focus on Test Explorer View');
    await rows.filter({ hasText: 'Checks' }).first().click();
    await window.page.keyboard.press('ArrowRight');
    await window.page.locator('.test-explorer .monaco-list-row[aria-label*="fmt (Passed"]').first().waitFor();
    await bench.screenshot('continuous-dark');
    await bench.palette('Test: Stop Continuous Run');
    await bench.palette('View: Hide Panel');
    await bench.openSidebar();
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});

describe('a sign-off', () => {
  const mini = makeMini();
  const path = (...parts: string[]): string => join(mini.folder, ...parts);
  const done = (): boolean => existsSync(path('tasks', 'done', 'sampler.yaml'));
  let window: Window;
  let bench: Workbench;

  before(async () => {
    const app = readFileSync(path('src', 'app.go'), 'utf8');
    writeFileSync(path('src', 'app.go'), app.replace('fixed', 'adaptive'));
    for (const name of ['runbook', 'CHANGELOG'])
      writeFileSync(path('docs', `${name}.md`), `# ${name}\n\nThe sampler adapts.\n`);
    ({ window, bench } = await openWorkbench(mini.folder));
    await bench.row('sampler').waitFor();
  });
  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('all that machines can prove is proven, and the gate asks for a person', async () => {
    for (const [command, next] of [
      ['Open Task', 'next: plan'],
      ['Write Plan of a Task', 'next: arch'],
      ['Write Architecture Review of a Task', 'next: code'],
    ] as const) {
      await bench.palette(`InfraBuilder: ${command}`);
      await bench.pick('sampler');
      await bench.row(new RegExp(`sampler.*${next}`)).waitFor();
    }
    await bench.palette('InfraBuilder: Run Checkpoint');
    await window.page.locator('.statusbar-item', { hasText: '2 of 2 goals pass' }).first().waitFor({ timeout: 60_000 });
    await bench.palette('InfraBuilder: Write Result of a Task');
    await bench.pick('sampler');
    await window.page.locator('.tab.active', { hasText: 'sampler_result.md' }).waitFor();
    await bench.palette('InfraBuilder: Complete Task');
    await bench.pick('sampler');
    await bench.dialog('sampler is proven as far as machines can').waitFor({ timeout: 60_000 });
    await bench.screenshot('sign-off-asked-dark');
  });

  it('nothing is ticked beforehand, and nothing ticked signs nothing', async () => {
    await bench.dialog('sampler is proven').getByRole('button', { name: 'Sign Off...' }).click();
    const widget = window.page.locator('.quick-input-widget');
    const line = widget.locator('.monaco-list-row', { hasText: 'topn_capture_ratio ≥ 95% on replay harness' });
    await line.waitFor();
    assert.equal(await line.getByRole('checkbox').isChecked(), false);
    await bench.screenshot('sign-off-dark');
    await widget.getByRole('button', { name: 'OK' }).click();
    await bench.said('Nothing was ticked, so nothing is signed.');
    assert.equal(done(), false);
    await bench.closeNotifications();
  });

  it('what a person ticks and signs with a name completes the task, and stands in its evidence', async () => {
    await bench.palette('InfraBuilder: Complete Task');
    await bench.pick('sampler');
    await bench.dialog('sampler is proven').getByRole('button', { name: 'Sign Off...' }).click();
    await bench.tick('topn_capture_ratio');
    await bench.answer('Your name', 'Ada Lovelace');
    await bench.said('sampler is done.');
    assert.ok(done());
    await bench.closeNotifications();
    const signed = readdirSync(path('reports', 'evidence')).filter((name) => name.includes('sign-off'));
    const [evidence = ''] = signed;
    assert.equal(signed.length, 1);
    assert.match(readFileSync(path('reports', 'evidence', evidence), 'utf8'), /Ada Lovelace/);
    await bench.palette('InfraBuilder: Open Task Documents');
    await bench.pick('sampler');
    await bench.pick('result');
    await window.page.locator('.view-lines', { hasText: 'Ada Lovelace' }).first().waitFor();
    await window.page.locator('.statusbar-item', { hasText: '2 of 2 goals pass' }).first().waitFor();
    await bench.screenshot('signed-dark');
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
