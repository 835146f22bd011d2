/** What the loop answers to turns that do nothing. */
export const NUDGE =
  'Words change nothing here. Call a tool: read and edit, or request_verification if you think that it holds, or flag_conflict if it cannot be done.';
export const LENGTH_NUDGE =
  'Your answer was cut off by its limit of tokens. Make a smaller step: one tool call, one small edit.';
export const STEP_FAILED = 'It is not verified.';

export function repeatedText(rounds: number, what: string): string {
  return `The same again ${rounds} times in a row with the same result (${what}).`;
}

const CLAIM =
  /\b(?:done|complete[ds]?|finished|implemented|fixed|solved|ready|succeed(?:s|ed)|green|verified|pass(?:es|ed|ing)?)\b/i;
const DENIAL = /\b(?:not|never|cannot|can't|isn't|aren't|won't|fail(?:s|ed|ing)?|unable|still)\b/i;

/** Whether a text without tool calls says that the work is over; it is then taken as a request for verification. */
export function claimsDone(text: string): boolean {
  return text.split(/(?<=[.!?])\s+|\n/).some((sentence) => CLAIM.test(sentence) && !DENIAL.test(sentence));
}
