import type { Command } from 'commander';
import type { Answer } from '../../core/grounding/answer.ts';
import { OFFLINE_NAME } from '../../core/grounding/provider.ts';
import { askJson, askWorkspace } from '../../core/operations/ask.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { paint } from '../io.ts';
import { addCommon, type CommonOptions } from './common.ts';

interface AskOptions extends CommonOptions {
  readonly offline?: boolean;
  readonly baseUrl?: string;
  readonly model?: string;
}

export function addAsk(program: Command, context: Context): void {
  addCommon(program.command('ask'))
    .description('answer from blueprint, ADRs, runbook, tasks and evidence, with citations that are checked')
    .argument('<question...>', 'the question')
    .option('--offline', 'quote the documents; use no model')
    .option('--base-url <url>', 'the OpenAI-compatible endpoint of a model, such as http://127.0.0.1:11434/v1')
    .option('--model <name>', 'the model; by default the first one that the endpoint offers')
    .addHelpText('after', HELP)
    .action((words: string[], options: AskOptions) => run(words.join(' '), options, context));
}

async function run(question: string, options: AskOptions, context: Context): Promise<void> {
  const { io } = context;
  const { offline, baseUrl, model, json } = options;
  let end = '';
  const show = (piece: string): void => {
    end = piece.slice(-1);
    context.print(printable(piece));
  };
  const answer = await askWorkspace(context.engine(options), {
    question,
    choice: { offline, baseUrl, model },
    signal: io.signal,
    onText: json ? undefined : show,
  });
  if (json) context.printJson(askJson(answer));
  else {
    if (end !== '\n') context.print('\n');
    for (const note of answer.notes) context.say(`${paint(io.err, 'yellow', 'note')}: ${printable(note)}\n`);
    context.say(`${summary(answer)}\n`);
  }
  context.exitCode = answer.abstained ? EXIT.notRun : EXIT.holds;
}

/** A quote is true to its lines; that it answers the question nobody has checked. */
function summary({ claims, provider }: Answer): string {
  if (claims.length === 0) return `${printable(provider)}: nothing is claimed.`;
  const verified = claims.filter((claim) => claim.verdict === 'verified').length;
  if (provider === OFFLINE_NAME && verified === claims.length) {
    const quotes = claims.length === 1 ? 'quote' : 'quotes';
    return `${provider}: ${claims.length} ${quotes}, word for word from the lines cited. Whether they answer it is yours to judge.`;
  }
  const statements = claims.length === 1 ? 'statement' : 'statements';
  return `${printable(provider)}: ${verified} of ${claims.length} ${statements} verified.`;
}

/** Without control characters: a document or a model must not move the cursor or recolour what stands above. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

const HELP = `
The model comes from --base-url and --model, else from INFRABUILDER_BASE_URL and INFRABUILDER_MODEL, else from "llm" in
infrabuilder.yaml. Its key is read from INFRABUILDER_API_KEY and goes only to an endpoint that you named or to this
machine. Without a model the documents are quoted.

Every statement is checked against the lines that it cites. Exit code 4: the documents do not tell.

Examples:
  infrabuilder ask why does G-4 fail?
  infrabuilder ask --offline "What is the default of export_queue_size?" --json
  infrabuilder ask --base-url http://127.0.0.1:11434/v1 --model llama3.2 "How do I take a profile?"
`;
