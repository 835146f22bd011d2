import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Engine } from '../core/engine.ts';
import { serve } from './server.ts';

/** Serves on standard input and output until the client closes its end. */
export async function serveStdio(engine: Engine, version: string, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport();
  const stop = (): void => void transport.close();
  process.stdin.once('end', stop);
  try {
    await serve(engine, transport, version, signal);
  } finally {
    process.stdin.off('end', stop);
  }
}
