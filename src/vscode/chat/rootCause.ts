/** A line of a log that tells a failure. Lines count from 1. */
export interface FailureLine {
  readonly line: number;
  readonly text: string;
}

const MOST_LINES = 5;
/** What is longer nobody reads in an answer. */
const LONGEST_LINE = 300;
const FAILURE =
  /\[FAILURE\]|^--- FAIL|^FAIL\b|^panic:|^\s*\S+:\d+(?::\d+)?: |\b(?:error|ERROR|Error|fatal|FATAL)\b[: ]/;

/** The first lines of a log that tell a failure; lines of JSON are for machines. */
export function failureLines(log: string): FailureLine[] {
  const found: FailureLine[] = [];
  for (const [at, raw] of log.split(/\r?\n/).entries()) {
    const text = raw.trim();
    if (text.startsWith('{') || text.length > LONGEST_LINE || !FAILURE.test(text)) continue;
    found.push({ line: at + 1, text });
    if (found.length === MOST_LINES) break;
  }
  return found;
}
