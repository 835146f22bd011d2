import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMini } from '../harness/mini.ts';
import { openVsCode } from '../harness/world.ts';
import { Workbench } from './support.ts';

describe('the first minutes', () => {
  it('an empty folder offers to make a workspace, and makes the sample in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infrabuilder-empty-'));
    const window = await openVsCode({ folder });
    try {
      const bench = new Workbench(window.page);
      await window.page.locator('.activitybar .action-label[aria-label="InfraBuilder"]').first().click();
      const button = window.page.locator('.sidebar .monaco-button', { hasText: 'Open Sample Workspace' }).first();
      await button.waitFor();
      await bench.screenshot('welcome-dark');
      await button.click();
      await bench.row('topn_sampler').waitFor({ timeout: 60_000 });
      await bench.row('G-4').waitFor();
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  });

  it('a workspace that is not trusted is read, and nothing in it is run', async () => {
    const mini = makeMini();
    const window = await openVsCode({ folder: mini.folder, trust: true });
    try {
      const bench = new Workbench(window.page);
      await bench.openSidebar();
      await bench.row('sampler').waitFor();
      await bench.row('G-4').waitFor();
      await window.page
        .locator('.sidebar', { hasText: 'Nothing is run in a workspace that you do not trust.' })
        .waitFor();
      await bench.row('sampler').click();
      await bench.lens('Pending · next: open').waitFor();
      await bench.openFile('Makefile');
      await window.page.waitForTimeout(1_500);
      assert.equal(await bench.lens('Run quick').count(), 0);
      await bench.screenshot('untrusted-dark');
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      mini.remove();
    }
  });

  it('the walkthrough leads from an empty folder to a task', async () => {
    const mini = makeMini();
    const window = await openVsCode({ folder: mini.folder });
    try {
      const bench = new Workbench(window.page);
      await bench.openSidebar();
      await bench.palette('Welcome: Open Walkthrough...');
      const row = window.page.locator('.quick-input-list .monaco-list-row', {
        hasText: 'Get started with InfraBuilder',
      });
      await row.first().click();
      await window.page.locator('.getting-started-step', { hasText: 'Verify the goals' }).first().click();
      await window.page.waitForTimeout(1_000);
      await bench.screenshot('walkthrough-dark');
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      mini.remove();
    }
  });

  it('two windows on one workspace see the same, and do not disturb each other', async () => {
    const mini = makeMini();
    const [one, two] = [await openVsCode({ folder: mini.folder }), await openVsCode({ folder: mini.folder })];
    try {
      const [first, second] = [new Workbench(one.page), new Workbench(two.page)];
      await first.openSidebar();
      await second.openSidebar();
      await first.row('G-4').waitFor();
      await second.row('G-4').waitFor();
      await Promise.all([
        first.palette('InfraBuilder: Run Checkpoint'),
        second.palette('InfraBuilder: Run Checkpoint'),
      ]);
      for (const bench of [first, second]) await bench.row(/G-4 Top-N Accuracy.*fail/).waitFor({ timeout: 60_000 });
      assert.deepEqual([...one.errors(), ...two.errors()], []);
    } finally {
      await one.close();
      await two.close();
      mini.remove();
    }
  });
});
