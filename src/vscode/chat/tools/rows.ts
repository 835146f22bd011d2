import { z } from 'zod';
import { TOOLS } from '../../../core/operations/index.ts';
import type { Operation } from '../../../core/operations/operation.ts';

/** Before the name of an operation, because all extensions share one space of names. */
export const TOOL_PREFIX = 'infrabuilder_';

/** A row of `contributes.languageModelTools` in package.json. */
export interface ToolRow {
  readonly name: string;
  readonly toolReferenceName: string;
  readonly displayName: string;
  readonly modelDescription: string;
  readonly userDescription: string;
  readonly canBeReferencedInPrompt: true;
  readonly icon: string;
  readonly when: string;
  readonly tags: readonly string[];
  readonly inputSchema: object;
}

/** The rows as the operations say; a unit test holds package.json against them. */
export function toolRows(): ToolRow[] {
  return TOOLS.map(({ name, title, description, readOnly, input }) => ({
    name: `${TOOL_PREFIX}${name}`,
    toolReferenceName: `infrabuilder-${name.replaceAll('_', '-')}`,
    displayName: title,
    modelDescription: description,
    userDescription: description,
    canBeReferencedInPrompt: true,
    icon: readOnly ? '$(search)' : '$(play)',
    when: 'infrabuilder.state == workspace && isWorkspaceTrusted',
    tags: ['infrabuilder'],
    inputSchema: schemaOf(input),
  }));
}

/** A misspelt argument is refused: left out, it would widen what the model asked for. */
function schemaOf(input: Operation['input']): object {
  const { $schema: _, ...schema } = z.toJSONSchema(input.strict(), { target: 'draft-7', io: 'input' });
  return schema;
}
