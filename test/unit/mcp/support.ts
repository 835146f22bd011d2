import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Engine } from '../../../src/core/engine.ts';
import { serve } from '../../../src/mcp/server.ts';

/** The official client on a server in the same process. `close` ends both. */
export async function connected(engine: Engine): Promise<{ client: Client; close: () => Promise<void> }> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const host = { version: '1', given: '/workspace', open: () => engine };
  const served = serve(host, ours, new AbortController().signal);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(theirs);
  return {
    client,
    close: async () => {
      await client.close();
      await served;
    },
  };
}
