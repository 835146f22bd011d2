import type { Command } from 'commander';
import type { Context, GlobalOptions } from '../context.ts';
import { findWorkspace, nearestWorkspace } from '../workspace.ts';

export function addMcp(program: Command, context: Context): void {
  program
    .command('mcp')
    .description('serve the Model Context Protocol on standard input and output')
    .option('--cwd <dir>', "the workspace; by default the one in the client's roots, else found upwards from here")
    .addHelpText('after', EXAMPLES)
    .action((options: GlobalOptions) => serve(options, context));
}

async function serve({ cwd }: GlobalOptions, context: Context): Promise<void> {
  const { io } = context;
  const given = cwd === undefined ? undefined : findWorkspace(io.cwd, cwd);
  const open = (root: string) => context.open(root, io.cwd);
  await context.serveMcp({ given, here: nearestWorkspace(io.cwd), open }, io.signal);
}

const EXAMPLES = `
Examples:
  infrabuilder mcp --cwd ~/workspace

An MCP client starts this command itself, and ends it by closing standard input. A workspace outside of the client's roots
is refused.
`;
