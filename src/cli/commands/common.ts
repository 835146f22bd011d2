import type { Command } from 'commander';
import type { Approval } from '../../core/ports.ts';

/** What `--yes` puts in the person's place. */
export const AGREE: Approval = { confirm: async () => true };

export interface CommonOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

/** The options that every command on a workspace has. */
export function addCommon(command: Command): Command {
  return command
    .option('--cwd <dir>', 'the workspace; by default it is found upwards from here')
    .option('--json', 'print the result as JSON on standard output');
}

/** Help on how a command is called, one line for each way. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`), ''].join('\n');
}
