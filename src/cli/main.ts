import { Command, CommanderError } from 'commander';
import { errorMessage, HumanError } from '../core/base/errors.ts';
import { COMMANDS } from './commands/index.ts';
import { Context, type OpenEngine, type ServeMcp } from './context.ts';
import { EXIT, exitCodeOfError } from './exit.ts';
import { type Io, paint } from './io.ts';

export interface CliHost {
  readonly version: string;
  readonly open: OpenEngine;
  readonly serveMcp: ServeMcp;
}

/** Runs one command line. Never rejects: a bug is reported with its stack and exit code 1. */
export async function main(argv: readonly string[], io: Io, host: CliHost): Promise<number> {
  const context = new Context(io, host.open, host.serveMcp);
  const program = createProgram(context, host.version);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return io.signal.aborted ? EXIT.interrupted : context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.usage;
    return reportError(error, io);
  }
}

function createProgram(context: Context, version: string): Command {
  const { io } = context;
  const program = new Command('infrabuilder')
    .description('Implement tasks under a blueprint. Nothing is done without fresh, machine-verified evidence.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help to see what there is.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      getOutHasColors: () => io.out.color,
      getErrHasColors: () => io.err.color,
    })
    .addHelpText('after', EXIT_CODES);
  for (const add of COMMANDS) add(program, context);
  return program;
}

function reportError(error: unknown, io: Io): number {
  const code = exitCodeOfError(error);
  if (code === EXIT.interrupted) {
    io.err.write('\nInterrupted.\n');
    return code;
  }
  const label = paint(io.err, 'red', 'error');
  if (code === undefined) {
    io.err.write(
      `${label}: this is a bug in InfraBuilder.\n${error instanceof Error ? error.stack : errorMessage(error)}\n`,
    );
    return EXIT.doesNotHold;
  }
  io.err.write(`${label}: ${errorMessage(error)}\n`);
  if (error instanceof HumanError && error.hint !== undefined) io.err.write(`${error.hint}\n`);
  return code;
}

const EXIT_CODES = `
Exit codes:
  0    it holds
  1    it does not hold
  2    wrong usage or configuration
  3    the machine lacks something, such as a tool
  4    not run, or measured but inconclusive
  130  interrupted

Examples:
  infrabuilder init --sample demo     make the embedded workspace in demo/
  infrabuilder doctor                 see which tools are there
  infrabuilder validate               check every file of the workspace
  infrabuilder check test --json      run the tests, machine-readable
`;
