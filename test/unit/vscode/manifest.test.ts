import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { toolRows } from '../../../src/vscode/chat/tools/rows.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const { contributes } = JSON.parse(read('package.json')) as {
  readonly contributes: {
    readonly languageModelTools: readonly { readonly modelDescription: string }[];
    readonly chatParticipants: readonly { readonly commands: readonly { readonly name: string }[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
  };
};

describe('what package.json contributes to chats and models', () => {
  it('the tools are those of the operations; "node scripts/tools.mjs" writes them', () => {
    assert.deepEqual(contributes.languageModelTools, JSON.parse(JSON.stringify(toolRows())));
  });

  it('there are at most a dozen tools, each told in a sentence or two', () => {
    assert.ok(contributes.languageModelTools.length <= 12);
    for (const { modelDescription } of contributes.languageModelTools) assert.ok(modelDescription.length <= 160);
  });

  it('every slash command has its row in the table, and the other way round', () => {
    const table = /CHAT_COMMANDS[^{]*\{([^}]*)\}/.exec(read('src/vscode/chat/commands/table.ts'))?.[1] ?? '';
    const rows = table.match(/\w+/g) ?? [];
    const told = contributes.chatParticipants.flatMap(({ commands }) => commands.map(({ name }) => name));
    assert.deepEqual(told.toSorted(), rows.toSorted());
  });

  it('no workspace can name the endpoint that a key goes to', () => {
    assert.equal(contributes.configuration.properties['infrabuilder.llm.baseUrl']?.scope, 'machine');
    assert.equal(contributes.configuration.properties['infrabuilder.llm.model']?.scope, 'machine');
  });

  it('no part of the chat marks text as trusted, or lets HTML in', () => {
    const folder = new URL('../../../src/vscode/chat/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    assert.ok(files.length > 20);
    for (const file of files)
      assert.doesNotMatch(readFileSync(new URL(file, folder), 'utf8'), /\.isTrusted\s*=|supportHtml/);
  });
});
