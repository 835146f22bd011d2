import assert from 'node:assert/strict';
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
