import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMini } from '../harness/mini.ts';
import type { Window } from '../harness/world.ts';
import { openWorkbench, type Workbench } from './support.ts';

describe('what a window tells unasked', () => {
  const mini = makeMini();
  let window: Window;
  let bench: Workbench;

  function edit(path: string, before: string, after: string): void {
    const text = readFileSync(join(mini.folder, path), 'utf8');
    assert.ok(text.includes(before), `${path} has no ${before}`);
    writeFileSync(join(mini.folder, path), text.replace(before, after));
  }

  before(async () => {
    ({ window, bench } = await openWorkbench(mini.folder));
    await bench.row('sampler').waitFor();
  });
  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('that a check needs a tool which is missing, and no longer once none does', async () => {
    const welcome = window.page.locator('.sidebar', { hasText: 'Some tools that the checks need are missing.' });
    await welcome.waitFor();
    await bench.screenshot('tools-missing-dark');
    edit('infrabuilder.yaml', '  missing: {run: [no-such-program-of-ours]}\n', '');
    await welcome.waitFor({ state: 'detached' });
    await window.page.locator('.sidebar', { hasText: 'Nothing has run in this window yet.' }).waitFor();
  });

  it('that a document is older than the task that it plans, until it is written again', async () => {
    const writePlan = async (): Promise<void> => {
      await bench.palette('InfraBuilder: Write Plan of a Task');
      await bench.pick('sampler');
      await window.page.locator('.tab.active', { hasText: 'sampler_plan.md' }).waitFor();
    };
    await bench.palette('InfraBuilder: Open Task');
    await bench.pick('sampler');
    await bench.row(/sampler.*next: plan/).waitFor();
    await writePlan();
    await bench.palette('View: Focus Problems');
    const stale = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'document.stale' }).first();
    edit('tasks/in_progress/sampler.yaml', 'phase: P0', 'phase: P1');
    await stale.waitFor();
    await writePlan();
    await stale.waitFor({ state: 'detached' });
  });

  it('and leaves no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
