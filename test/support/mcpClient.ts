import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { CLI } from './cli.ts';
import { until } from './until.ts';

export interface ClientOptions {
  /** Folder of the server. */
  readonly cwd: string;
  /** Arguments behind `infrabuilder mcp`. */
  readonly args?: readonly string[];
  /** URIs that the client answers with when it is asked for its roots; without it, it offers none. */
  readonly roots?: () => readonly string[];
}

/** The official client on a server of its own, over standard input and output. */
export async function connectClient({ cwd, args = [], roots }: ClientOptions): Promise<Client> {
  const capabilities = roots === undefined ? {} : { roots: { listChanged: true } };
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  if (roots !== undefined) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots().map((uri) => ({ uri })) }));
  }
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp', ...args], cwd }));
  return client;
}

/** The message of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It did not fail.');
}

/** What a tool said, as text, and whether it failed. */
export async function callText(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  const [first] = content as { text?: string }[];
  return { text: first?.text ?? '', isError };
}

const ENDLESS = 'require("fs").writeFileSync("endless.pid", String(process.pid)); setInterval(() => {}, 1000)';

/** For `checks` of infrabuilder.yaml: a check that says who it is and then never ends. */
export const ENDLESS_CHECK = JSON.stringify({ run: [process.execPath, '-e', ENDLESS] });

/** The process of the endless check, once it runs. */
export async function endlessPid(workspace: string): Promise<number> {
  const file = join(workspace, 'endless.pid');
  const text = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await until(() => text() !== '', 'the check starts');
  return Number(text());
}
