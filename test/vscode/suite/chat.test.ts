import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { type ModelServer, modelServer, says } from '../../e2e/providers/modelServer.ts';
import { at, closeAll, eventually, open } from './support.ts';

const PREFIX = 'infrabuilder_';
const VENDOR = 'infrabuilder';
const stopped = new vscode.CancellationTokenSource().token;

interface Manifest {
  readonly contributes: {
    readonly languageModelTools: readonly { readonly name: string }[];
  };
}

async function call(name: string, input: object): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`${PREFIX}${name}`, options, stopped);
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

async function models(): Promise<readonly vscode.LanguageModelChat[]> {
  return vscode.lm.selectChatModels({ vendor: VENDOR });
}

async function say(model: vscode.LanguageModelChat, text: string): Promise<string> {
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(text)], {}, stopped);
  let answer = '';
  for await (const piece of response.text) answer += piece;
  return answer;
}

describe('chat: tools for language models', () => {
  beforeEach(async () => {
    await open(at('mini', 'infrabuilder.yaml'));
  });
  afterEach(closeAll);

  it('every contributed tool is there for a model', () => {
    const extension = vscode.extensions.getExtension<void>('infrabuilder.infrabuilder');
    assert.ok(extension);
    const { contributes } = extension.packageJSON as Manifest;
    const registered = vscode.lm.tools.filter(({ name }) => name.startsWith(PREFIX));
    assert.deepEqual(
      registered.map(({ name }) => name).sort(),
      contributes.languageModelTools.map(({ name }) => name).sort(),
    );
    assert.ok(registered.every(({ description }) => description.length > 20));
  });

  it('gives the operation as JSON, for the workspace of the open editor', async () => {
    const { tasks } = JSON.parse(await call('tasks', {})) as { readonly tasks: readonly { readonly slug: string }[] };
    assert.deepEqual(
      tasks.map(({ slug }) => slug),
      ['sampler'],
    );
  });

  it('answers a question by quoting, with citations that hold', async () => {
    const answer = JSON.parse(await call('ask', { question: 'What does story A1-S1 ask for?' })) as {
      readonly answer: string;
      readonly citations: readonly { readonly verified: boolean }[];
    };
    assert.match(answer.answer, /sampler that adapts/);
    assert.ok(answer.citations.length > 0 && answer.citations.every(({ verified }) => verified));
  });

  it('lets no model write where there is none, and a tool cannot accept what was written', async () => {
    assert.match(await call('implement', { slug: 'sampler' }), /It is no git repository|cannot write code/);
    assert.doesNotMatch(await call('implement', { slug: '--list' }), /"runs"/);
  });

  it('runs a check in a process of its own, once a person has agreed', async () => {
    // A window under test agrees to every dialog.
    const { verdict, reason } = JSON.parse(await call('check', { name: 'quick' })) as Record<string, string>;
    assert.equal(verdict, 'pass', reason);
  });

  it('a check that is cancelled is taken down', async () => {
    const source = new vscode.CancellationTokenSource();
    const options = { input: { name: 'slow' }, toolInvocationToken: undefined };
    const running = vscode.lm.invokeTool(`${PREFIX}check`, options, source.token);
    setTimeout(() => source.cancel(), 2_000);
    await assert.rejects(async () => running);
    const argv = '--cwd '.concat(at('mini', '').fsPath.replace(/\/$/, ''));
    await eventually(
      'the end of the run',
      () => !execFileSync('ps', ['-eo', 'args=']).toString().includes(`slow --events ${argv}`),
    );
  });

  it('tells the model what was wrong with its call', async () => {
    assert.match(await call('task_show', { slug: 'no_such_task' }), /^task\.unknown: .*no_such_task/);
    assert.match(await call('tasks', { status: 'pending', colour: 'red' }), /colour/);
  });

  it('does not guess which of two workspaces is meant', async () => {
    await closeAll();
    assert.match(await call('tasks', {}), /^workspace\.ambiguous: .*sample, mini/);
  });

  it('a call that is cancelled ends', async () => {
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    const options = { input: { question: 'anything' }, toolInvocationToken: undefined };
    await assert.rejects(async () => vscode.lm.invokeTool(`${PREFIX}ask`, options, source.token));
  });
});

describe('chat: models', () => {
  let server: ModelServer;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('infrabuilder.llm');

  before(async () => {
    server = await modelServer(says('Hello ', 'from the endpoint.'));
  });
  after(async () => {
    await settings().update('baseUrl', undefined, vscode.ConfigurationTarget.Global);
    await server.close();
  });

  it('the offline one is resolved without an account, and quotes the documents', async () => {
    const [offline] = await eventually('the model', async () => {
      const found = await models();
      return found.length > 0 && found;
    });
    assert.equal(offline?.name, 'Grounded (offline)');
    assert.ok(offline);
    assert.match(await say(offline, 'How is Top-N accuracy verified?'), /#L\d+/);
    assert.ok((await offline.countTokens('some words')) > 0);
  });

  it('models of an endpoint join it when a setting names one, and stream', async () => {
    await settings().update('baseUrl', server.baseUrl, vscode.ConfigurationTarget.Global);
    const found = await eventually('the models of the endpoint', async () => {
      const offered = await models();
      return offered.length === 3 && offered;
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['scripted-1', 'scripted-2', 'Grounded (offline)'],
    );
    const [first] = found;
    assert.ok(first);
    assert.equal(await say(first, 'Who are you?'), 'Hello from the endpoint.');
    assert.equal(server.requests.at(-1)?.model, 'scripted-1');
    assert.equal(server.keys.at(-1), undefined);
  });
});
