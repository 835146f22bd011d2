import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { TOOLS } from '../../src/core/operations/index.ts';
import { CLI, runCli } from '../support/cli.ts';
import { callText, connectClient, ENDLESS_CHECK, endlessPid, failure } from '../support/mcpClient.ts';
import { until } from '../support/until.ts';

describe('infrabuilder mcp', () => {
  let folder: string;
  let client: Client;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-'));
    await runCli(['init', '--sample', '--no-containers', '--no-git', '.'], { cwd: folder });
    const config = join(folder, 'infrabuilder.yaml');
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace(/^checks:\n/m, `checks:\n  endless: ${ENDLESS_CHECK}\n`),
    );
    client = await connectClient({ cwd: folder });
  });
  after(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('offers the operations, read-only ones marked', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    );
    const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name);
    for (const name of ['validate', 'tasks', 'task_show', 'ask']) assert.ok(readOnly.includes(name), name);
    for (const name of ['check', 'verify', 'task_open', 'task_complete']) assert.ok(!readOnly.includes(name), name);
    assert.match(client.getInstructions() ?? '', /fresh evidence/);
  });

  it('answers with typed results', async () => {
    const result = await client.callTool({ name: 'tasks', arguments: { status: 'pending' } });
    const { tasks } = result.structuredContent as { tasks: { slug: string }[] };
    assert.ok(tasks.some((task) => task.slug === 'topn_sampler'));
  });

  it('answers a line that is no message, and goes on', async () => {
    const child = spawn(process.execPath, [CLI, 'mcp', '--cwd', folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    const answers: { id: unknown; error?: { code: number } }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => answers.push(JSON.parse(line)));
    child.stdin.write(
      '{bad json\n[]\n{"jsonrpc":"1.0","id":7,"method":"ping"}\n{"jsonrpc":"2.0","id":8,"method":"ping"}\n',
    );
    await until(() => answers.length === 4, 'four answers');
    child.stdin.end();
    await ended;
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error?.code]).sort((a, b) => String(a).localeCompare(String(b))),
      [
        [null, -32600],
        [null, -32600],
        [null, -32700],
        [8, undefined],
      ],
    );
  });

  it('says what is wrong with arguments and names, and goes on', async () => {
    assert.equal((await callText(client, 'tasks', { status: 'lost' })).isError, true);
    assert.match((await callText(client, 'tasks', { stauts: 'done' })).text, /stauts/);
    assert.match((await callText(client, 'task_show', { slug: 7 })).text, /expected string/);
    assert.match((await callText(client, 'no_such_tool')).text, /no_such_tool not found/);
    const unknown = await callText(client, 'task_show', { slug: 'nope' });
    assert.deepEqual(unknown, {
      text: 'No task is called nope.\nList the tasks with "infrabuilder tasks".',
      isError: true,
    });
    assert.equal((await callText(client, 'validate')).isError, false);
  });

  it('runs a check, with progress', async () => {
    const seen: string[] = [];
    const result = await client.callTool({ name: 'check', arguments: { name: 'format' } }, undefined, {
      onprogress: ({ message }) => seen.push(message ?? ''),
    });
    assert.equal((result.structuredContent as { verdict: string }).verdict, 'pass');
    assert.deepEqual(seen, ['format: gofmt -l . (in infrastructure-agent)']);
  });

  it('ends what a cancelled call has started, and goes on', async () => {
    const stop = new AbortController();
    const call = client.callTool({ name: 'check', arguments: { name: 'endless' } }, undefined, {
      signal: stop.signal,
    });
    const pid = await endlessPid(folder);
    stop.abort('enough');
    assert.match(await failure(call), /enough/);
    await until(() => !isAlive(pid), 'the check ends');
    assert.equal((await callText(client, 'tasks')).isError, false);
  });

  it('tells what the evidence says without a run, where that is asked for', async () => {
    const result = await client.callTool({ name: 'verify', arguments: { goals: ['G-8'], measure: false } });
    const { goals } = result.structuredContent as { goals: { verdict: string; evidence: string[] }[] };
    assert.deepEqual(
      goals.map(({ verdict, evidence }) => [verdict, evidence]),
      [['not-run', []]],
    );
  });

  it('ends what it has started for a client that leaves', async () => {
    rmSync(join(folder, 'endless.pid'));
    const other = await connectClient({ cwd: folder });
    const call = failure(callText(other, 'check', { name: 'endless' }));
    const pid = await endlessPid(folder);
    await other.close();
    assert.match(await call, /Connection closed/);
    await until(() => !isAlive(pid), 'the check ends');
  });

  it('serves two clients at once, each with what the other has done', async () => {
    const other = await connectClient({ cwd: tmpdir(), args: ['--cwd', folder] });
    try {
      const answers = await Promise.all(
        [client, other, client, other].map((one) => callText(one, 'ask', { question: 'What does the sampler do?' })),
      );
      assert.deepEqual(new Set(answers.map(({ text }) => text)).size, 1);
      assert.equal((await callText(client, 'task_open', { slug: 'topn_sampler' })).isError, false);
      const shown = await other.callTool({ name: 'task_show', arguments: { slug: 'topn_sampler' } });
      assert.equal((shown.structuredContent as { task: { status: string } }).task.status, 'in_progress');
      const again = await callText(other, 'task_open', { slug: 'topn_sampler' });
      assert.match(again.text, /topn_sampler is in_progress|already|not pending/);
    } finally {
      await other.close();
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
