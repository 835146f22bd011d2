import assert from 'node:assert/strict';
import { OPERATIONS, TOOLS } from '../../../src/core/operations/index.ts';
import { sampleEngine } from '../../support/sampleEngine.ts';
import { connected } from './support.ts';

const MOST_TOOLS = 12;
/** Characters. Each description is sent to a model with every request. */
const LONGEST_DESCRIPTION = 140;
/** Bytes of names, descriptions and inputs of all tools: some 1,500 tokens. */
const LARGEST_LIST = 6_000;

describe('the tools that a model is offered', () => {
  it('are at most a dozen, each an operation', () => {
    assert.ok(TOOLS.length > 0 && TOOLS.length <= MOST_TOOLS);
    assert.deepEqual(
      TOOLS.filter((tool) => !OPERATIONS.includes(tool)),
      [],
    );
    assert.equal(new Set(TOOLS.map(({ name }) => name)).size, TOOLS.length);
  });

  for (const { name, title, description } of TOOLS) {
    it(`${name}: says in one or two short sentences what it does`, () => {
      assert.match(name, /^[a-z][a-z0-9_]{0,30}$/);
      assert.ok(title.length > 0 && title.length <= 40, title);
      assert.match(description, /^[A-Z][^\n]*\.$/);
      assert.ok(description.length <= LONGEST_DESCRIPTION, `${description.length} characters`);
    });
  }

  it('cost little together', async () => {
    const { client, close } = await connected((await sampleEngine()).engine);
    const { tools } = await client.listTools();
    await close();
    const list = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    assert.ok(Buffer.byteLength(JSON.stringify(list)) <= LARGEST_LIST);
  });
});
