import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CancelledError, HumanError } from '../core/base/errors.ts';
import type { Operation } from '../core/operations/operation.ts';
import { textOf } from './errors.ts';
import type { Session } from './session.ts';

export function addTool(server: McpServer, session: Session, operation: Operation): void {
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
      const { engine, signal } = await session.workspace();
      const options = { signal: AbortSignal.any([extra.signal, signal]), onProgress };
      try {
        const result = await operation.run(engine, operation.input.parse(input), options);
        return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
      } catch (error) {
        if (!(error instanceof CancelledError) || !signal.aborted) throw error;
        throw new HumanError('workspace.withdrawn', `The client took ${engine.root} out of its roots.`);
      }
    } catch (error) {
      if (!(error instanceof HumanError || error instanceof CancelledError)) throw error;
      return { isError: true, content: [{ type: 'text', text: textOf(error) }] };
    }
  });
}
