import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CompleteRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { HumanError } from '../core/base/errors.ts';
import { withProtocolErrors } from './errors.ts';
import { complete, type NameKind, namesOf } from './names.ts';
import { findPrompt } from './prompts/handlers.ts';
import { RESOURCE_TEMPLATES } from './resources/templates.ts';
import type { Session } from './session.ts';

/** Completes arguments of prompts and variables of resource templates. */
export function addCompletion(server: Server, session: Session): void {
  server.registerCapabilities({ completions: {} });
  server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument } }) =>
    withProtocolErrors(async () => {
      const kind =
        ref.type === 'ref/prompt' ? argumentKind(ref.name, argument.name) : variableKind(ref.uri, argument.name);
      const names = kind === undefined ? [] : await namesOf(kind, await session.workspace());
      return complete(names, argument.value);
    }),
  );
}

function argumentKind(prompt: string, argument: string): NameKind | undefined {
  return findPrompt(prompt).arguments.find(({ name }) => name === argument)?.names;
}

function variableKind(uri: string, variable: string): NameKind | undefined {
  const template = RESOURCE_TEMPLATES.find(({ uriTemplate }) => uriTemplate === uri);
  if (template !== undefined) return template.variable === variable ? template.kind : undefined;
  throw new HumanError('template.unknown', `There is no resource template ${uri}.`, 'List the resource templates.');
}
