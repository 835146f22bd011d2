import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { G4, keepEvidence } from '../harness/measured.ts';
import { makeSample, type Sample } from '../harness/sample.ts';
import { extensionFolder, openVsCode, type Window } from '../harness/world.ts';
import { Workbench } from './support.ts';

const THEMES = [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
  ['high-contrast', 'Default High Contrast'],
] as const;

describe('the embedded workspace', () => {
  let sample: Sample;
  let window: Window;
  let bench: Workbench;

  before(async () => {
    sample = makeSample(await extensionFolder());
    window = await openVsCode({ folder: sample.folder });
    bench = new Workbench(window.page);
    await bench.openSidebar();
  });
  after(async () => {
    await window?.close();
    sample?.remove();
  });

  it('shows ten goals, and says why a task is blocked', async () => {
    await bench.row('topn_sampler').waitFor();
    await bench.row('G-10').waitFor();
    const label = await bench.row('capture_ratio_metric').getAttribute('aria-label');
    assert.match(label ?? '', /blocked.*It depends on topn_sampler, which is pending/);
  });

  it('a red G-4 is in the tree, the lenses, the Problems pane at its line, and the status bar', async () => {
    const { page } = window;
    await keepEvidence(sample.folder, 'high_pid_churn', G4);
    await bench.row(/^G-4.*fail/).waitFor({ timeout: 60_000 });
    await page.locator('.statusbar-item .codicon-error').first().waitFor();
    assert.match((await bench.statusItem().getAttribute('aria-label')) ?? '', /0 of 10 goals pass/);
    await bench.openFile('tasks/pending/topn_sampler.yaml');
    await bench.lens(/G-4: fail · topn_capture_ratio 69\.92 % < 95 %/).waitFor();
    await bench.openFile('infrabuilder.yaml');
    await bench.palette('View: Focus Problems');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'does not hold' }).first();
    await problem.waitFor();
    const place = (await problem.textContent()) ?? '';
    assert.match(place, /G-4 .* does not hold\. Measured: topn_capture_ratio 69\.92 % < 95 %/);
    const line = Number(/\[Ln (\d+), Col \d+\]/.exec(place)?.[1]);
    const configuration = readFileSync(join(sample.folder, 'infrabuilder.yaml'), 'utf8').split('\n');
    assert.match(configuration[line - 1] ?? '', /id: G-4/);
    await bench.screenshot('goal-red-dark');
    await bench.palette('View: Hide Panel');
  });

  for (const [name, theme] of THEMES) {
    it(`is shown in a ${name} theme: trees, lenses and dashboard`, async () => {
      window.configure({ 'workbench.colorTheme': theme });
      await bench.openFile('tasks/pending/topn_sampler.yaml');
      await bench.lens('G-4: ').waitFor();
      await bench.screenshot(`task-${name}`);
      await bench.palette('InfraBuilder: Show Dashboard');
      const frame = window.page.frameLocator('iframe.webview').frameLocator('iframe');
      await frame.locator('li.card', { hasText: 'G-10' }).waitFor();
      await bench.screenshot(`dashboard-${name}`);
    });
  }

  it('activates because the folder is a workspace; the figure is printed, for a machine at rest', async () => {
    await bench.palette('Developer: Show Running Extensions');
    const row = window.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'infrabuilder' }).first();
    const [figure] = /Activation: \d+ms/.exec((await row.textContent()) ?? '') ?? [];
    assert.ok(figure);
    console.log(`      ${figure} (bar: 50ms)`);
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
