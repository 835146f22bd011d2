import type { Implementation, TranscriptEntry } from '../../core/model/implementation.ts';
import type { IsolatedRun } from '../../core/ports.ts';
import { paint, type Stream, type Style } from '../io.ts';
import { table } from './table.ts';

const LONGEST = 160;
const SHOWN_ARGUMENTS = ['path', 'id', 'question', 'text', 'folder', 'reason', 'summary'];
const OUTCOMES: Readonly<Record<Implementation['outcome'], readonly [Style, string]>> = {
  done: ['green', 'done'],
  'not-done': ['red', 'not done'],
  'needs-person': ['yellow', 'needs a person'],
};

/** Turns the entries of a transcript into lines, as they come. */
export function entryLines(stream: Stream): (entry: TranscriptEntry) => string {
  const calls = new Map<string, string>();
  return (entry) => {
    if (entry.type === 'response') for (const call of entry.toolCalls) calls.set(call.id, argumentOf(call.input));
    return lines(stream, entry, calls)
      .map((line) => `${line}\n`)
      .join('');
  };
}

/** How a run ended, and what to do now. */
export function implementationText(stream: Stream, result: Implementation): string {
  const [style, words] = OUTCOMES[result.outcome];
  const { usage, refusals, tests, changes } = result;
  const tokens = `${usage.inputTokens} in, ${usage.outputTokens} out${usage.estimated ? ' (estimated)' : ''}`;
  const own = changes.filter(({ path }) => !isEvidence(path));
  const lost = own.reduce((sum, { removedLines }) => sum + removedLines, 0);
  const won = own.reduce((sum, { addedLines }) => sum + addedLines, 0);
  return [
    `${paint(stream, style, `${result.slug}: ${words}`)}. ${oneLine(result.reason, 1000)}`,
    ...result.missing.flatMap(({ code, message, mend }) => [
      `  missing  ${oneLine(message, 400)} [${code}]`,
      `           ${mend}`,
    ]),
    ...result.tampering.map(
      ({ code, message, file, line }) => `  tamper   ${file}:${line}: ${oneLine(message, 400)} [${code}]`,
    ),
    `  changed  ${own.length} files, ${won} lines added, ${lost} removed; ${changes.length - own.length} files of evidence`,
    ...(tests === null ? [] : [`  tests    ${tests.before} before, ${tests.after} now, ${tests.added} of them new`]),
    `  model    ${printable(result.model)}: ${result.steps} steps, ${result.repairs} repairs, tokens ${tokens}`,
    ...(refusals.length === 0
      ? []
      : [`  refused  ${refusals.length}: ${[...new Set(refusals.map(({ code }) => code))].join(', ')}`]),
    `  branch   ${result.branch}`,
    `  look     infrabuilder implement --diff ${result.run}`,
    ...next(result),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** A person who looks at a change looks for code. */
export function isEvidence(path: string): boolean {
  return /(?:^|\/)evidence\//.test(path);
}

export function runsText(runs: readonly (IsolatedRun & { readonly outcome: string })[]): string {
  if (runs.length === 0) return 'No run has a branch here.\n';
  const rows = runs.map(({ run, task, outcome, inUse, branch }) => [run, task, inUse ? 'under way' : outcome, branch]);
  return table(['RUN', 'TASK', 'OUTCOME', 'BRANCH'], rows);
}

function next({ outcome, run }: Implementation): string[] {
  const accept = `infrabuilder implement --accept ${run}`;
  const discard = `  discard  infrabuilder implement --discard ${run}`;
  if (outcome === 'done') return [`  accept   ${accept}`, discard];
  return [`  go on    infrabuilder implement --resume ${run}`, `  accept   ${accept} (as it is)`, discard];
}

function lines(stream: Stream, entry: TranscriptEntry, calls: ReadonlyMap<string, string>): string[] {
  switch (entry.type) {
    case 'run':
      return [`Run ${entry.run}: ${entry.task} with ${printable(entry.model)}`];
    case 'baseline':
      return entry.checks.map(({ check, verdict, executed, reason }) => {
        const tests = executed === null ? '' : `, ${executed} tests`;
        return `  baseline ${check}: ${verdict}${tests}. ${oneLine(reason)}`;
      });
    case 'state':
      return [`${paint(stream, 'bold', entry.state)}  ${oneLine(entry.why, 400)}`];
    case 'response':
      return entry.text.trim() === '' ? [] : [`  ${paint(stream, 'dim', 'model')}    ${oneLine(entry.text)}`];
    case 'tool': {
      const what = [entry.name, calls.get(entry.callId)].filter(Boolean).join(' ');
      if (entry.refused === null) return [`  ${what}`];
      const refused = paint(stream, 'yellow', `refused [${entry.refused}]`);
      return [`  ${what}  ${refused} ${oneLine(entry.result)}`];
    }
    case 'verdict': {
      const words = entry.holds ? paint(stream, 'green', 'holds') : paint(stream, 'red', 'does not hold');
      return [`  ${entry.stage}: ${words}`, ...entry.missing.map(({ message }) => `    ${oneLine(message, 400)}`)];
    }
    default:
      return [];
  }
}

function argumentOf(input: Readonly<Record<string, unknown>> | null): string {
  const name = SHOWN_ARGUMENTS.find((one) => typeof input?.[one] === 'string' && input[one] !== '');
  return name === undefined ? '' : oneLine(String(input?.[name]), 80);
}

/** What a model or a program says must not move the cursor, recolour what stands above, or turn the line around. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
}

function oneLine(text: string, longest = LONGEST): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)} …`;
}
