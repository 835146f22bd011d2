import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { HumanError } from '../../core/base/errors.ts';
import { withProtocolErrors } from '../errors.ts';
import { namesOf } from '../names.ts';
import { MIME_TYPES, readContent } from '../resources/content.ts';
import { uriOf } from '../resources/uri.ts';
import type { OpenWorkspace, Session } from '../session.ts';
import { DATA_RULE, PROMPTS, type PromptDefinition } from './prompts.ts';

/** List and get. A request stands beside the task file that it is about, which is data. */
export function addPrompts(server: Server, session: Session): void {
  server.registerCapabilities({ prompts: {} });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: PROMPTS.map((prompt) => ({
      name: prompt.name,
      title: prompt.title,
      description: prompt.description,
      arguments: prompt.arguments.map(({ name, description, required }) => ({ name, description, required })),
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    withProtocolErrors(async () => {
      const prompt = findPrompt(params.name);
      const workspace = await session.workspace();
      const given = await checkArguments(prompt, params.arguments ?? {}, workspace);
      return { description: prompt.description, messages: await messagesOf(prompt, given, workspace) };
    }),
  );
}

/** Throws HumanError for an unknown name. */
export function findPrompt(name: string): PromptDefinition {
  const prompt = PROMPTS.find((one) => one.name === name);
  if (prompt !== undefined) return prompt;
  const known = PROMPTS.map((one) => one.name).join(', ');
  throw new HumanError('prompt.unknown', `There is no prompt "${name}".`, `There are: ${known}.`);
}

/** Only names that are there pass, so no argument can bring text of its own into a request. An empty one counts as left out. */
async function checkArguments(
  prompt: PromptDefinition,
  raw: Readonly<Record<string, string>>,
  workspace: OpenWorkspace,
): Promise<Readonly<Record<string, string>>> {
  const problem = (message: string, hint: string) => new HumanError('prompt.argument', message, hint);
  const known = prompt.arguments.map(({ name }) => name).join(', ');
  const stranger = Object.keys(raw).find((key) => !prompt.arguments.some(({ name }) => name === key));
  if (stranger !== undefined) {
    throw problem(`The prompt ${prompt.name} has no argument "${stranger}".`, `It knows: ${known}.`);
  }
  const given: Record<string, string> = {};
  for (const { name, names, required } of prompt.arguments) {
    const value = raw[name]?.trim() ?? '';
    if (value === '') {
      if (required) throw problem(`The prompt ${prompt.name} needs the argument "${name}".`, 'Give it.');
      continue;
    }
    const all = await namesOf(names, workspace);
    if (!all.includes(value)) {
      const some = all.slice(0, MOST_NAMED).join(', ') || 'none';
      const what = names === 'goal' ? 'goal' : names === 'open-task' ? 'task that is not done' : 'task';
      throw problem(`No ${what} is called ${JSON.stringify(value)}.`, `There are: ${some}.`);
    }
    given[name] = value;
  }
  return given;
}

const MOST_NAMED = 20;

async function messagesOf(
  prompt: PromptDefinition,
  given: Readonly<Record<string, string>>,
  { engine, snapshot }: OpenWorkspace,
): Promise<GetPromptResult['messages']> {
  const request = { type: 'text' as const, text: `${prompt.text(given)}\n\n${DATA_RULE}` };
  if (given.slug === undefined) return [{ role: 'user', content: request }];
  const task = { kind: 'task', name: given.slug } as const;
  const text = await readContent(engine.files, await snapshot(), task);
  const resource = { uri: uriOf(task), mimeType: MIME_TYPES.task, text };
  return [
    { role: 'user', content: request },
    { role: 'user', content: { type: 'resource', resource } },
  ];
}
