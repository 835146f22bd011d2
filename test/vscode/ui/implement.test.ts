import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { CASES } from '../../e2e/agent/scripts.ts';
import { GoWorkspace, RIGHT_BODY, SLUG } from '../../e2e/agent/workspace.ts';
import { call, play, type Script, type ScriptedServer, scriptedServer } from '../../support/scriptedModel.ts';
import { openVsCode, type Window } from '../harness/world.ts';
import { Chat } from './chat.ts';
import { Workbench } from './support.ts';

const SOURCE = 'agent/stats/median.go';
const FOR_EVER_MS = 300_000;
const RUN_MS = 40_000;

const honest: Script = (conversation) => {
  const found = CASES.find(({ name }) => name === 'honest');
  assert.ok(found);
  return found.script(conversation);
};
const asksPerson = play({
  calls: [call('flag_conflict', { reason: 'Two rules differ.', specification: 'A1-S1', test: 'TestMedianEven' })],
});

describe('a model writes a task, in the chat and from the palette', () => {
  let workspace: GoWorkspace;
  let server: ScriptedServer;
  let window: Window;
  let chat: Chat;
  let bench: Workbench;

  before(async () => {
    workspace = GoWorkspace.create();
    server = await scriptedServer(honest);
    const env = { INFRABUILDER_BASE_URL: server.baseUrl, INFRABUILDER_MODEL: 'scripted' };
    window = await openVsCode({ folder: workspace.root, chat: true, env });
    chat = new Chat(window.page);
    bench = new Workbench(window.page);
    await chat.open();
  });
  after(async () => {
    await window?.close();
    await server?.close();
    workspace?.dispose();
  });

  /** A message, in the list of them: it stays there when its toast is gone. */
  async function message(text: string): Promise<Locator> {
    const center = window.page.locator('.notifications-center.visible');
    if ((await center.count()) === 0) await bench.palette('Notifications: Show Notifications');
    const found = center.locator('.notification-list-item', { hasText: text }).first();
    await found.waitFor({ timeout: RUN_MS });
    return found;
  }

  it('/implement with the model that only quotes says that it cannot write', async () => {
    await chat.chooseModel('Grounded (offline)');
    assert.match(await chat.ask(`/implement ${SLUG}`, /endpoint/), /There is no model that can write code/);
  });

  it('a stopped answer stops the run, which can go on', async () => {
    const before = workspace.picture();
    server.play(play({ calls: [call('read_file', { path: SOURCE })] }, { slow: FOR_EVER_MS }));
    await chat.chooseModel('scripted');
    await chat.start(`/implement ${SLUG}`);
    while (server.requests < 2) await window.page.waitForTimeout(100);
    await chat.stop();
    await bench.row(/implement median.*cancelled/s).waitFor();
    assert.equal(workspace.picture(), before);
  });

  it('/implement tells what the model does, the verdicts, and the change', async () => {
    const before = workspace.picture();
    server.play(honest);
    const answer = await chat.ask(`/implement ${SLUG}`, /median: done\.[\s\S]*Discard/);
    assert.match(answer, /gate: holds/);
    assert.match(answer, /median\.go[\s\S]*Show diff[\s\S]*Accept/);
    assert.equal(workspace.picture(), before);
    await bench.screenshot('implement-chat-dark');
  });

  it('the change opens as a diff of several files', async () => {
    await chat.last.getByRole('button', { name: 'Show diff' }).click();
    await window.page.locator('.tab.active', { hasText: 'Change of run' }).waitFor();
    await window.page.locator('.multiDiffEntry', { hasText: 'median.go' }).first().waitFor();
    await bench.screenshot('implement-diff-dark');
  });

  it('Accept brings it into the files', async () => {
    await chat.last.getByRole('button', { name: 'Accept' }).click();
    await message('files are as the run made them');
    assert.ok(workspace.read(SOURCE).includes(RIGHT_BODY));
    await window.page.locator('.tab', { hasText: 'Change of run' }).waitFor({ state: 'detached' });
  });

  it('in the Runs view, what is accepted offers nothing to decide, and what was stopped still does', async () => {
    const deciding = ['Show Diff', 'Accept', 'Resume', 'Discard'].map((verb) => new RegExp(`^${verb}`));
    const shown = async (row: RegExp): Promise<string[]> => {
      await bench.row(row).click({ button: 'right' });
      const items = window.page.locator('.monaco-menu .action-label');
      await items.filter({ hasText: 'Open Transcript' }).waitFor();
      const texts = await items.allTextContents();
      await window.page.keyboard.press('Escape');
      await items.first().waitFor({ state: 'detached' });
      return texts.filter((text) => deciding.some((one) => one.test(text)));
    };
    assert.deepEqual(await shown(/implement median.*accepted/s), []);
    assert.equal((await shown(/implement median.*cancelled/s)).length, deciding.length);
  });

  it('from the palette, a run that needs a person says why, and can be discarded', async () => {
    const before = workspace.picture();
    server.play(asksPerson);
    await bench.palette('InfraBuilder: Implement Task');
    await bench.pick(SLUG);
    const end = await message('median: needs a person.');
    assert.match(await end.innerText(), /Two rules differ/);
    await bench.screenshot('implement-outcome-dark');
    await end.getByRole('button', { name: 'Discard' }).click();
    await message('Your files are as they were');
    assert.equal(workspace.picture(), before);
  });

  it('the run that was stopped is still there, with its transcript', async () => {
    await bench.palette('Notifications: Hide Notifications');
    await bench.palette('InfraBuilder: Implementation Runs');
    await bench.pick('interrupted');
    await bench.pick('Open transcript');
    await window.page.locator('.tab.active', { hasText: 'Transcript of run' }).waitFor();
    const frame = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await frame.getByText('Transcript of').first().waitFor();
    await bench.screenshot('implement-transcript-dark');
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});

describe('a model in a workspace that is not trusted', () => {
  it('writes nothing', async () => {
    const workspace = GoWorkspace.create();
    const server = await scriptedServer(honest);
    const env = { INFRABUILDER_BASE_URL: server.baseUrl, INFRABUILDER_MODEL: 'scripted' };
    const window = await openVsCode({ folder: workspace.root, trust: true, chat: true, env });
    try {
      const chat = new Chat(window.page);
      await chat.open();
      const answer = await chat.ask(`/implement ${SLUG}`, /trust/i);
      assert.match(answer, /Nothing is run in a workspace that you do not trust/);
      assert.equal(server.requests, 0);
      assert.equal(workspace.git('branch', '--list', 'infrabuilder/*'), '');
    } finally {
      await window.close();
      await server.close();
      workspace.dispose();
    }
  });
});
