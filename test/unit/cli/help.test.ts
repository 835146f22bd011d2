import assert from 'node:assert/strict';
import { Command } from 'commander';
import { COMMANDS } from '../../../src/cli/commands/index.ts';
import type { Context } from '../../../src/cli/context.ts';

/** Help never touches the context. */
const program = new Command('infrabuilder');
for (const add of COMMANDS) add(program, {} as Context);

function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  return parts.join('');
}

function withBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withBelow)];
}

function nameOf(command: Command): string {
  return command.parent === null ? '' : `${nameOf(command.parent)} ${command.name()}`.trim();
}

/** The words of a command line; quotes hold words together. */
function words(line: string): string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

describe('help', () => {
  const all = program.commands.flatMap(withBelow);

  it('is there for every command', () => assert.ok(all.length > 30, String(all.length)));

  for (const command of all) {
    const name = nameOf(command);

    it(`of "${name}" says what it does and shows how it is called`, () => {
      assert.ok(command.description().length > 0);
      const text = helpOf(command).replaceAll('\\\n', ' ');
      assert.match(text, /\nExamples:\n {2}infrabuilder /);
      const lines = text.split('\n').filter((line) => /^ {2}infrabuilder /.test(line));
      const own = lines.map((line) => words(line.split(/ {2,}|>/).join(' ')).slice(1));
      assert.ok(
        own.some((line) => line.join(' ').startsWith(name)),
        'an example of this very command',
      );
      for (const line of own) {
        const used = line.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, ''));
        const target = all.filter((one) => `${line.join(' ')} `.startsWith(`${nameOf(one)} `)).at(-1);
        const known = new Set([target, target?.parent].flatMap((one) => one?.options.map(({ long }) => long) ?? []));
        assert.deepEqual(
          used.filter((option) => !known.has(option)),
          [],
          line.join(' '),
        );
      }
    });
  }
});
