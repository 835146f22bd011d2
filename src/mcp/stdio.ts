import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serve } from './server.ts';
import type { McpHost } from './session.ts';

/** Serves on standard input and output until the client closes its end. */
export async function serveStdio(host: McpHost, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport();
  const stop = (): void => void transport.close();
  process.stdin.once('end', stop);
  try {
    await serve(host, transport, signal);
  } finally {
    process.stdin.off('end', stop);
  }
}
