import type { CompleteJson } from '../../core/operations/complete.ts';
import { paint, type Stream } from '../io.ts';

/** Where the task is, or all that is missing, each with what mends it. Names of persons are always shown. */
export function completeText(stream: Stream, result: CompleteJson): string {
  const people = [
    ...result.signOffs.map(({ line, by, terminal }) => `  signed off by ${by}${seat(terminal)}: ${line}\n`),
    ...result.waivers.map(
      ({ finding, by, reason, terminal }) => `  waived by ${by}${seat(terminal)}: ${finding}: ${reason}\n`,
    ),
  ];
  if (result.completed) return `${result.slug} is done: ${result.file}\n${people.join('')}`;
  const missing = result.missing.map(({ code, message, mend }) => {
    return `- ${message} ${paint(stream, 'dim', `[${code}]`)}\n    mend: ${mend}\n`;
  });
  const count = `${result.missing.length} thing${result.missing.length === 1 ? ' is' : 's are'} missing`;
  return `${result.slug} is not done: ${count}.\n${missing.join('')}${people.join('')}`;
}

function seat(terminal: boolean): string {
  return terminal ? '' : ' (not at a terminal)';
}
