import { CancelledError, HumanError } from '../base/errors.ts';
import type { ToolCall } from '../ports.ts';
import { refusal } from './guards/refusal.ts';
import { capped } from './text.ts';
import { TOOLS } from './tools/index.ts';
import { refused, type ToolContext, type ToolOutcome } from './tools/tool.ts';

/** Characters of a result that a model is shown. */
const LONGEST_RESULT = 16_000;

/** Does what a model asks for, or says why not in words that it can act on. */
export async function act(call: ToolCall, context: ToolContext): Promise<ToolOutcome> {
  const tool = TOOLS.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const names = TOOLS.map(({ name }) => name).join(', ');
    return refused(
      refusal('tool.unknown', `There is no tool ${JSON.stringify(call.name.slice(0, 60))}. The tools are: ${names}.`),
    );
  }
  if (call.input === undefined) {
    const sent = capped(call.raw, 200);
    return refused(
      refusal('tool.malformed', `The arguments of ${tool.name} have to be one JSON object. You sent: ${sent}`),
    );
  }
  const parsed = tool.input.safeParse(call.input);
  if (!parsed.success) {
    const wrong = parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`)
      .join('; ');
    return refused(refusal('tool.arguments', `The arguments of ${tool.name} are not right. ${wrong}.`));
  }
  try {
    return await tool.run(parsed.data, context);
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof HumanError)) throw error;
    return refused(refusal(error.code, `${error.message} ${error.hint ?? ''}`.trim()));
  }
}

/** What the model reads of an outcome. */
export function outcomeText(outcome: ToolOutcome): string {
  switch (outcome.kind) {
    case 'result':
    case 'written':
      return capped(outcome.text, LONGEST_RESULT);
    case 'refused':
      return `Refused (${outcome.refusal.code}): ${capped(outcome.refusal.message, LONGEST_RESULT)}`;
    case 'too-large':
      return `Refused (budget.size): ${outcome.why} The change was taken back.`;
    case 'conflict':
      return 'Noted. A person will look at it.';
    case 'verify':
      return 'Asked for.';
  }
}

export function refusalCode(outcome: ToolOutcome): string | null {
  if (outcome.kind === 'refused') return outcome.refusal.code;
  return outcome.kind === 'too-large' ? 'budget.size' : null;
}
