import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { serve } from './server.ts';
import type { McpHost } from './session.ts';

/** Serves on standard input and output until the client closes its end. */
export async function serveStdio(host: McpHost, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport();
  const stop = (): void => void transport.close();
  // The library drops a line that it cannot read, and whoever sent it would wait for ever.
  transport.onerror = (error) => {
    const refused = refusal(error);
    if (refused !== undefined) process.stdout.write(`${JSON.stringify(refused)}\n`);
  };
  process.stdin.once('end', stop);
  try {
    await serve(host, transport, signal);
  } finally {
    process.stdin.off('end', stop);
  }
}

/** JSON-RPC's answer to a line that is no message; it has no id, because none could be read. */
function refusal(error: Error): object | undefined {
  const answer = (code: number, message: string) => ({ jsonrpc: '2.0', id: null, error: { code, message } });
  if (error instanceof SyntaxError) return answer(ErrorCode.ParseError, `This line is not JSON: ${error.message}`);
  if (error.name !== 'ZodError') return undefined;
  return answer(
    ErrorCode.InvalidRequest,
    'This line is no JSON-RPC 2.0 message: it needs "jsonrpc": "2.0" and "method".',
  );
}
