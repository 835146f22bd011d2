import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CancelledError, errorMessage, HumanError } from '../core/base/errors.ts';
import type { Engine } from '../core/engine.ts';
import { TOOLS } from '../core/operations/index.ts';
import type { Operation } from '../core/operations/operation.ts';

/** Serves the operations for models as tools until the client leaves or `signal` aborts. */
export async function serve(engine: Engine, transport: Transport, version: string, signal: AbortSignal): Promise<void> {
  const server = new McpServer({ name: 'infrabuilder', version });
  for (const operation of TOOLS) addTool(server, engine, operation);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  signal.addEventListener('abort', () => void server.close(), { once: true });
  await server.connect(transport);
  await closed;
}

function addTool(server: McpServer, engine: Engine, operation: Operation): void {
  const { name, title, description, readOnly } = operation;
  const config = {
    title,
    description,
    // A misspelt argument is refused: left out, it would widen what the model asked for.
    inputSchema: operation.input.strict(),
    outputSchema: operation.output.shape,
    annotations: { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false },
  };
  server.registerTool(name, config, async (input, extra) => {
    const token = extra._meta?.progressToken;
    let sent = 0;
    const onProgress = (message: string): void => {
      if (token === undefined) return;
      sent += 1;
      const params = { progressToken: token, progress: sent, message };
      // A client that has left cannot be told; the call itself ends through its signal.
      extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
    };
    try {
      const result = await operation.run(engine, operation.input.parse(input), { signal: extra.signal, onProgress });
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    } catch (error) {
      if (!(error instanceof HumanError || error instanceof CancelledError)) throw error;
      const hint = error instanceof HumanError && error.hint !== undefined ? `\n${error.hint}` : '';
      return { isError: true, content: [{ type: 'text', text: errorMessage(error) + hint }] };
    }
  });
}
