import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function addMcp(program: Command, context: Context): void {
  program
    .command('mcp')
    .description('serve the Model Context Protocol on standard input and output')
    .option('--cwd <dir>', 'the workspace; by default it is found upwards from here')
    .addHelpText('after', EXAMPLES)
    .action((options: { readonly cwd?: string }) => context.serveMcp(context.engine(options), context.io.signal));
}

const EXAMPLES = `
Examples:
  infrabuilder mcp --cwd ~/workspace

An MCP client starts this command itself, and ends it by closing standard input.
`;
