import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResourceListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { runCli } from '../support/cli.ts';
import { callText, connectClient, ENDLESS_CHECK, endlessPid } from '../support/mcpClient.ts';
import { until } from '../support/until.ts';

describe('infrabuilder mcp: roots', () => {
  let top: string;
  let client: Client | undefined;
  let roots: string[] = [];

  before(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-roots-')));
    for (const name of ['one', 'two', 'both/three', 'both/four']) {
      mkdirSync(join(top, name, 'tasks', 'pending'), { recursive: true });
      const slug = name.replace('both/', '');
      writeFileSync(join(top, name, 'tasks', 'pending', `${slug}.yaml`), `slug: ${slug}\nacceptance: [it works]\n`);
    }
    writeFileSync(join(top, 'one', 'infrabuilder.yaml'), `version: 1\nchecks:\n  endless: ${ENDLESS_CHECK}\n`);
    mkdirSync(join(top, 'none'));
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
  });
  after(() => rmSync(top, { recursive: true, force: true }));

  const uri = (name: string) => pathToFileURL(join(top, name)).href;
  const connect = async (names: readonly string[], options: { cwd?: string; args?: string[] } = {}) => {
    roots = names.map(uri);
    client = await connectClient({
      cwd: join(top, options.cwd ?? 'none'),
      args: options.args ?? [],
      roots: () => roots,
    });
    return client;
  };
  const served = async (one: Client) => {
    const result = await one.callTool({ name: 'tasks', arguments: {} });
    if (result.isError) return (result.content as { text: string }[])[0]?.text ?? '';
    return (result.structuredContent as { tasks: { slug: string }[] }).tasks.map(({ slug }) => slug).join();
  };

  it('picks the workspace that is a root, or lies directly in one', async () => {
    assert.equal(await served(await connect(['none', 'two'])), 'two');
    await client?.close();
    assert.match(
      await served(await connect(['both'])),
      /^Several workspaces are in the client's roots: .*four, .*three/,
    );
    await client?.close();
    assert.equal(await served(await connect(['both'], { cwd: 'both/three' })), 'three');
    await client?.close();
    assert.match(await served(await connect(['none'])), /^There is no workspace in the client's roots/);
  });

  it('serves a named workspace only inside of the roots', async () => {
    assert.equal(await served(await connect(['one'], { args: ['--cwd', join(top, 'one')] })), 'one');
    await client?.close();
    const outside = await connect(['one'], { args: ['--cwd', join(top, 'two')] });
    assert.match(await served(outside), /^The workspace .*two is outside of the client's roots: file:.*one/);
    await assert.rejects(outside.listResources(), /outside of the client's roots/);
    await assert.rejects(outside.readResource({ uri: 'infrabuilder://task/two' }), /outside of the client's roots/);
    await assert.rejects(outside.getPrompt({ name: 'next' }), /outside of the client's roots/);
  });

  it('without roots serves what was named, else what is around the server', async () => {
    assert.equal(await served(await connect([], { args: ['--cwd', join(top, 'two')] })), 'two');
    await client?.close();
    client = await connectClient({ cwd: join(top, 'one', 'tasks') });
    assert.equal(await served(client), 'one');
    await client.close();
    client = await connectClient({ cwd: join(top, 'none') });
    assert.match(await served(client), /^No workspace was named, and none is around the server\.\n.*--cwd/);
  });

  it('follows the roots when they change', async () => {
    const one = await connect(['one']);
    let lists = 0;
    one.setNotificationHandler(ResourceListChangedNotificationSchema, () => void lists++);
    assert.equal(await served(one), 'one');
    await one.listResources();
    roots = [uri('two')];
    await one.sendRootsListChanged();
    await until(() => lists > 0, 'the client is told that the resources are others');
    assert.equal(await served(one), 'two');
    roots = [uri('none')];
    await one.sendRootsListChanged();
    assert.match(await served(one), /^There is no workspace/);
    const before = lists;
    roots = [uri('one')];
    await one.sendRootsListChanged();
    await until(() => lists > before, 'the client is told that there are resources again');
    assert.equal(await served(one), 'one');
  });

  it('ends a call that is under way in a workspace that leaves the roots', async () => {
    const one = await connect(['one']);
    const call = callText(one, 'check', { name: 'endless' });
    await endlessPid(join(top, 'one'));
    roots = [uri('two')];
    await one.sendRootsListChanged();
    const { text, isError } = await call;
    assert.equal(isError, true);
    assert.match(text, /The client took .*one out of its roots/);
  });

  it('refuses a folder that does not exist before anything is served', async () => {
    const { code, stderr } = await runCli(['mcp', '--cwd', 'lost'], { cwd: top });
    assert.equal(code, 2);
    assert.match(stderr, /lost is not a folder/);
  });
});
