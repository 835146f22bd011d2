import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, lenses, open } from './support.ts';

async function shown(path: string): Promise<string[]> {
  const document = await open(at('mini', path));
  return eventually(`lenses in ${path}`, async () => {
    const found = await lenses(document.uri);
    return found.length > 0 && found;
  });
}

describe('code lenses', () => {
  afterEach(closeAll);

  it('on Makefile targets that run a check or the checkpoint, and on no other', async () => {
    assert.deepEqual(await shown('Makefile'), ['1 $(play) Run quick', '7 $(play) Run checkpoint']);
  });

  it('on checks and goals of the configuration', async () => {
    const found = await shown('infrabuilder.yaml');
    assert.deepEqual(found.slice(0, 5), [
      '4 $(play) Run quick',
      '5 $(play) Run lines',
      '6 $(play) Run slow',
      '7 $(play) Run missing',
      '8 $(play) Run test',
    ]);
    assert.deepEqual(found.slice(5), ['10 $(question) G-4: not run', '11 $(question) G-8: not run']);
  });

  it('on a task: its next step, and where its goals stand', async () => {
    const found = await shown('tasks/pending/sampler.yaml');
    assert.deepEqual(found, ['1 Pending · next: open', '12 $(question) G-4: not run']);
  });

  it('on a scenario and its goals', async () => {
    assert.deepEqual(await shown('e2e/scenarios/standard.yml'), [
      '1 $(play) Run standard',
      '4 $(question) G-4: not run',
    ]);
  });

  it("on the rows of the blueprint's goals table", async () => {
    assert.deepEqual(await shown('docs/blueprint_vFinal.md'), [
      '5 $(question) G-4: not run',
      '6 $(question) G-8: not run',
    ]);
  });

  it('not where they are switched off', async () => {
    const settings = vscode.workspace.getConfiguration('infrabuilder');
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    const document = await open(at('mini', 'Makefile'));
    await eventually('no lens', async () => (await lenses(document.uri)).length === 0);
    await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
  });
});
