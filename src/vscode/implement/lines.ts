import type { Implementation, TranscriptEntry } from '../../core/model/implementation.ts';

const LONGEST = 160;
const LONGEST_REASON = 400;
const SHOWN_ARGUMENTS = ['path', 'id', 'question', 'text', 'folder', 'reason', 'summary'];

/** What a line of a transcript says to whoever watches the run; nothing where only the transcript needs it. */
export function entryText(entry: TranscriptEntry): readonly string[] {
  switch (entry.type) {
    case 'run':
      return [`Run ${entry.run}: ${entry.task} with ${oneLine(entry.model)}`];
    case 'baseline':
      return entry.checks.map(({ check, verdict, reason }) => `  baseline ${check}: ${verdict}. ${oneLine(reason)}`);
    case 'state':
      return [`${entry.state}: ${oneLine(entry.why, LONGEST_REASON)}`];
    case 'response':
      return [
        ...(entry.text.trim() === '' ? [] : [`  model: ${oneLine(entry.text)}`]),
        ...entry.toolCalls.map(({ name, input }) => `  ${[name, argumentOf(input)].join(' ').trim()}`),
      ];
    case 'tool':
      return entry.refused === null ? [] : [`  refused [${entry.refused}] ${oneLine(entry.result)}`];
    case 'verdict':
      return [
        `  ${entry.stage}: ${entry.holds ? 'holds' : 'does not hold'}`,
        ...entry.missing.map(({ message }) => `    ${oneLine(message, LONGEST_REASON)}`),
      ];
    default:
      return [];
  }
}

/** How a run ended (`outcome` as a person reads it), with all that is missing and what mends it. */
export function resultText(result: Implementation, outcome: string): readonly string[] {
  const { slug, reason, missing, tampering, steps, usage } = result;
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    `${slug}: ${outcome}. ${oneLine(reason, LONGEST_REASON)}`,
    ...missing.map(({ message, mend }) => `  missing: ${oneLine(message, LONGEST_REASON)} (${oneLine(mend)})`),
    ...tampering.map(({ file, line, message }) => `  tampering: ${file}:${line}: ${oneLine(message, LONGEST_REASON)}`),
    `  steps ${steps}, tokens ${tokens}${usage.estimated ? ' (estimated)' : ''}, branch ${result.branch}`,
  ];
}

/** A text of a model or a program as one line that cannot move the cursor or turn the text around. */
export function oneLine(text: string, longest = LONGEST): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
  const line = printable.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)} …`;
}

function argumentOf(input: Readonly<Record<string, unknown>> | null): string {
  const name = SHOWN_ARGUMENTS.find((one) => typeof input?.[one] === 'string' && input[one] !== '');
  return name === undefined ? '' : oneLine(String(input?.[name]), 80);
}
