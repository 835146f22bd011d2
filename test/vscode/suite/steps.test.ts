import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, lenses, read, sessionOf } from './support.ts';

const { executeCommand } = vscode.commands;
const slug = 'sampler';

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

describe('the steps of a task', () => {
  const open = (): vscode.Uri => at('mini', 'tasks/in_progress/sampler.yaml');
  let session: unknown;

  before(async () => {
    session = await sessionOf('mini');
  });
  after(async () => {
    await closeAll();
    if (await exists(open())) {
      await vscode.workspace.fs.rename(open(), at('mini', 'tasks/pending/sampler.yaml'));
    }
  });

  it('opening moves the file, and the file says what comes next', async () => {
    await executeCommand('infrabuilder.taskOpen', { session, slug });
    assert.ok(await exists(open()));
    assert.equal(await exists(at('mini', 'tasks/pending/sampler.yaml')), false);
    await eventually('the next step', async () =>
      (await lenses(open())).some((one) => /In progress · next: plan/.test(one)),
    );
  });

  it('writes plan and architecture review, and opens them', async () => {
    for (const [command, kind, next] of [
      ['taskPlan', 'plan', 'arch'],
      ['taskArch', 'arch', 'code'],
    ] as const) {
      await executeCommand(`infrabuilder.${command}`, { session, slug });
      const file = at('mini', `reports/sampler_${kind}.md`);
      assert.match(await read(file), /sampler/);
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), file.toString());
      await eventually(`next: ${next}`, async () =>
        (await lenses(open())).some((one) => one.includes(`next: ${next}`)),
      );
    }
  });

  it('the gate refuses what is not proven, with all that is missing', async () => {
    const result = await executeCommand<{ readonly completed: boolean; readonly missing: readonly unknown[] }>(
      'infrabuilder.taskComplete',
      { session, slug },
    );
    assert.equal(result.completed, false);
    assert.ok(result.missing.length > 1);
    assert.ok(await exists(open()));
    await executeCommand('workbench.action.closeQuickOpen');
  });

  it('a task that waits for another one is not opened', async () => {
    await executeCommand('infrabuilder.taskOpen', { session: await sessionOf('sample'), slug: 'capture_ratio_metric' });
    assert.ok(await exists(at('sample', 'tasks/pending/capture_ratio_metric.yaml')));
  });
});
