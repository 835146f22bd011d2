import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events, type ModelServer, modelServer, says, text } from '../../e2e/providers/modelServer.ts';
import { G4, keepEvidence } from '../harness/measured.ts';
import { makeMini } from '../harness/mini.ts';
import { makeSample, type Sample } from '../harness/sample.ts';
import { extensionFolder, openVsCode, type Window } from '../harness/world.ts';
import { Chat } from './chat.ts';
import { Workbench } from './support.ts';

const QUESTION = 'why does G-4 fail?';

describe('@infrabuilder, with no network, no account and no model', () => {
  let sample: Sample;
  let window: Window;
  let chat: Chat;

  before(async () => {
    sample = makeSample(await extensionFolder());
    await keepEvidence(sample.folder, 'high_pid_churn', G4);
    window = await openVsCode({ folder: sample.folder, chat: true });
    chat = new Chat(window.page);
    await chat.open();
  });
  after(async () => {
    await window?.close();
    sample?.remove();
  });

  it('answers with the figures of the evidence, and each citation opens exactly its lines', async () => {
    const answer = await chat.ask(QUESTION);
    assert.match(answer, /G-4 Top-N Accuracy: fail/);
    assert.match(answer, /topn_capture_ratio is 69\.92 percent; wanted is at least 95 percent/);
    assert.match(answer, /Grounded \(offline\): (\d+) of \1 statements verified/);
    await new Workbench(window.page).screenshot('chat-answer-dark');
    const cited = await chat.citations();
    assert.ok(cited.length >= 3, cited.map(({ label }) => label).join());
    assert.ok(cited.some(({ path }) => path.includes('/reports/evidence/')));
    for (const citation of cited) {
      const { path, startLine, endLine } = citation;
      assert.ok(path.startsWith(sample.folder), path);
      const lines = readFileSync(path, 'utf8')
        .split('\n')
        .slice(startLine - 1, endLine);
      await chat.click(citation);
      await chat.selection(endLine, lines.join('\n').length);
    }
    await new Workbench(window.page).screenshot('chat-citation-dark');
  });

  it('/goals is a table of verdicts with a button for the checkpoint', async () => {
    const answer = await chat.ask('/goals');
    assert.match(answer, /G-4\s+fail\s+topn_capture_ratio 69\.92 % < 95 %\s+(?:just now|\d min ago)/);
    assert.match(answer, /0 of 10 goals pass/);
    await window.page.getByRole('button', { name: 'Run Checkpoint' }).waitFor();
    await new Workbench(window.page).screenshot('chat-goals-dark');
  });

  it('/why quotes what the checks found; the offered question goes on from there', async () => {
    await chat.followup('Why is G-4 red?');
    const answer = await chat.answer(/Verify G-4 again/);
    assert.match(answer, /The cpu_ms sketch of ticks 60 to 70 holds 7021 observations; we saw 7243\./);
    assert.doesNotMatch(answer, /unsupported/);
    await new Workbench(window.page).screenshot('chat-why-dark');
  });

  it('/next names the task and offers its step', async () => {
    assert.match(await chat.ask('/next'), /topn_sampler, next: open\.[\s\S]*Take this step/);
  });

  it('/plan writes the document and shows it with its places', async () => {
    const answer = await chat.ask('/plan topn_sampler', /topn_sampler_plan\.md\s*Open/);
    assert.match(answer, /Work Plan: [\s\S]*Algorithms and Data Structures[\s\S]*topn_sampler_plan\.md/);
    assert.match(readFileSync(join(sample.folder, 'reports', 'topn_sampler_plan.md'), 'utf8'), /# Work Plan/);
  });

  it('/runbook checks the runbook', async () => {
    assert.match(await chat.ask('/runbook', /entries_with_five_parts \d/), /The runbook holds\./);
  });

  it('a question that the documents do not answer is not answered', async () => {
    const answer = await chat.ask('who won the football world cup?', /Nearest headings/);
    assert.match(answer, /The documents of this workspace do not answer that/);
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});

describe('@infrabuilder, with a model that lies', () => {
  let sample: Sample;
  let window: Window;
  let server: ModelServer;
  let chat: Chat;

  before(async () => {
    sample = makeSample(await extensionFolder());
    await keepEvidence(sample.folder, 'high_pid_churn', G4);
    server = await modelServer(
      events([text('One moment.')], 'silence'),
      says(
        'The goal asks for a `topn_capture_ratio` of at least 95 percent. [infrabuilder.yaml#L69-L74]\n\n',
        'The `topn_capture_ratio` must be at least 80 percent. [infrabuilder.yaml#L69-L74]\n\n',
        'The sampler drops every short-lived process. [docs/sampler-secrets.md#L3-L9]\n\n',
        'The scenario of the goal is `high_pid_churn`. [infrabuilder.yaml#L1-L2]\n\n',
        'The limit is written far below. [infrabuilder.yaml#L9000]\n\n',
        'See [the fix](command:workbench.action.terminal.new) <img src=x onerror=alert(1)>.\n',
      ),
    );
    window = await openVsCode({
      folder: sample.folder,
      chat: true,
      env: { INFRABUILDER_BASE_URL: server.baseUrl, INFRABUILDER_MODEL: 'scripted-1' },
    });
    chat = new Chat(window.page);
    await chat.open();
    await chat.chooseModel('scripted-1');
  });
  after(async () => {
    await window?.close();
    await server?.close();
    sample?.remove();
  });

  it('an answer that is under way can be stopped, and the model is told', async () => {
    await chat.start(QUESTION);
    while (server.requests.length === 0) await window.page.waitForTimeout(100);
    await chat.stop();
    await server.left;
  });

  it('each false statement is marked, and what was made up is no link', async () => {
    const answer = await chat.ask(QUESTION);
    await new Workbench(window.page).screenshot('chat-lies-dark');
    assert.equal(server.requests.length, 2);
    const marked = (statement: string, reason: string): void => {
      const [, said = ''] = answer.split(statement);
      assert.match(said.slice(0, 400), new RegExp(`^[^\\n]*[\\s\\S]{0,200}?\\[unsupported: [^\\]]*${reason}`), answer);
    };
    marked('at least 80 percent.', 'do not state 80 percent');
    marked('drops every short-lived process.', 'There is no document docs/sampler-secrets\\.md');
    marked('The scenario of the goal is high_pid_churn.', 'do not name');
    marked('The limit is written far below.', 'there is no line 9000');
    const [truth = ''] = answer.split('The topn_capture_ratio must be');
    assert.doesNotMatch(truth, /unsupported/);
    assert.match(answer, /scripted-1 at http:\/\/127\.0\.0\.1:\d+\/v1: 2 of 7 statements verified/);
    const labels = (await chat.citations()).map(({ label }) => label).join();
    assert.doesNotMatch(labels, /secrets|9000/);
    assert.equal(await chat.last.locator('a[data-href^="command:"], a[href^="command:"], img[src="x"]').count(), 0);
  });

  it('a key that a person sets goes with the next question; nothing was sent before', async () => {
    assert.deepEqual(server.keys, [undefined, undefined]);
    const bench = new Workbench(window.page);
    await bench.palette('InfraBuilder: Set Model API Key');
    const input = window.page.locator('.quick-input-widget input:visible').last();
    await input.fill(server.baseUrl);
    await window.page.keyboard.press('Enter');
    await window.page.locator('.quick-input-widget', { hasText: 'it is sent nowhere else' }).waitFor();
    await input.fill('key-of-a-test');
    await window.page.keyboard.press('Enter');
    await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    // Storing is not told by anything that stays on the screen.
    await window.page.waitForTimeout(1_500);
    await chat.ask(QUESTION);
    assert.equal(server.keys.at(-1), 'Bearer key-of-a-test');
  });

  it('/plan takes from the model only what is borne out', async () => {
    const answer = await chat.ask('/plan topn_sampler', /topn_sampler_plan\.md\s*Open/);
    assert.match(answer, /design: 1 verified statements, 5 left out/);
    const plan = readFileSync(join(sample.folder, 'reports', 'topn_sampler_plan.md'), 'utf8');
    assert.match(
      plan,
      /The goal asks for a `topn_capture_ratio` of at least 95 percent\. \[infrabuilder\.yaml#L69-L74\]/,
    );
    assert.doesNotMatch(plan, /at least 80 percent|secrets|command:/);
  });

  it('the MCP server of the workspace is offered without a configuration file', async () => {
    await new Workbench(window.page).palette('MCP: List Servers');
    const row = window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'InfraBuilder: sample' });
    await row.first().waitFor();
    await window.page.keyboard.press('Escape');
  });

  it('doctor tells which provider answers', async () => {
    await new Workbench(window.page).palette('InfraBuilder: Doctor: Check the Machine');
    // The list draws what fits: what is typed brings the row into sight.
    await window.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Git' }).first().waitFor();
    await window.page.keyboard.type('answered', { delay: 15 });
    const row = window.page.locator('.quick-input-list .monaco-list-row', {
      hasText: 'Questions are answered by scripted-1',
    });
    await row.first().waitFor();
    await window.page.keyboard.press('Escape');
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});

describe('@infrabuilder, in a workspace that is not trusted', () => {
  it('answers from the documents; writes and runs nothing', async () => {
    const mini = makeMini();
    const window = await openVsCode({ folder: mini.folder, trust: true, chat: true });
    try {
      const chat = new Chat(window.page);
      await chat.open();
      assert.match(await chat.ask('What does story A1-S1 ask for?'), /a sampler that adapts/);
      assert.match(await chat.ask('/plan sampler', /trust/i), /Nothing is run in a workspace that you do not trust/);
      assert.match(await chat.ask('/goals', /goals pass/), /Evidence is not read/);
      await new Workbench(window.page).screenshot('chat-untrusted-dark');
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      mini.remove();
    }
  });
});

describe('questions in a window without a chat', () => {
  it('are asked from the palette, and answered in a document', async () => {
    const mini = makeMini();
    const window = await openVsCode({ folder: mini.folder });
    try {
      const bench = new Workbench(window.page);
      await bench.openSidebar();
      await bench.row('sampler').waitFor();
      await bench.palette('InfraBuilder: Ask the Documents');
      await window.page.locator('.quick-input-widget', { hasText: 'What do you want to know' }).waitFor();
      await window.page.keyboard.type('What does story A1-S1 ask for?');
      await window.page.keyboard.press('Enter');
      const frame = window.page.frameLocator('iframe.webview').frameLocator('iframe');
      await frame.getByText('a sampler that adapts').first().waitFor();
      await frame.getByText('blueprint_vFinal.md:10').first().waitFor();
      await bench.screenshot('chat-document-dark');
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      mini.remove();
    }
  });
});
