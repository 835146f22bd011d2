import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { TOOLS } from '../../src/core/operations/index.ts';
import { CLI, runCli } from '../support/cli.ts';

describe('infrabuilder mcp', () => {
  let folder: string;
  let client: Client;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-'));
    await runCli(['init', '--sample', '--no-containers', '.'], { cwd: folder });
    client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp', '--cwd', folder] }));
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
    assert.ok(tools.length <= 12);
    const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name);
    for (const name of ['validate', 'tasks', 'task_show', 'ask']) assert.ok(readOnly.includes(name), name);
    for (const name of ['check', 'verify']) assert.ok(!readOnly.includes(name), name);
  });

  it('answers with typed results', async () => {
    const result = await client.callTool({ name: 'tasks', arguments: { status: 'pending' } });
    const { tasks } = result.structuredContent as { tasks: { slug: string }[] };
    assert.ok(tasks.some((task) => task.slug === 'topn_sampler'));
  });

  it('says what is wrong with arguments and names, and goes on', async () => {
    const bad = await client.callTool({ name: 'tasks', arguments: { status: 'lost' } });
    assert.equal(bad.isError, true);
    const misspelt = await client.callTool({ name: 'tasks', arguments: { stauts: 'done' } });
    assert.equal(misspelt.isError, true);
    assert.match(JSON.stringify(misspelt.content), /stauts/);
    const unknown = await client.callTool({ name: 'task_show', arguments: { slug: 'nope' } });
    assert.equal(unknown.isError, true);
    assert.match(JSON.stringify(unknown.content), /No task is called nope/);
    assert.equal((await client.callTool({ name: 'validate', arguments: {} })).isError, undefined);
  });

  it('runs a check, with progress', async () => {
    const seen: string[] = [];
    const result = await client.callTool({ name: 'check', arguments: { name: 'format' } }, undefined, {
      onprogress: ({ message }) => seen.push(message ?? ''),
    });
    assert.equal((result.structuredContent as { verdict: string }).verdict, 'pass');
    assert.deepEqual(seen, ['format: gofmt -l . (in infrastructure-agent)']);
  });
});
