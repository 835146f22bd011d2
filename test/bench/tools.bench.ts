// What the list of tools costs a model in each request. No tokenizer is bundled: tokens are characters / 4, an estimate.
import { sampleEngine } from '../support/sampleEngine.ts';
import { connected } from '../unit/mcp/support.ts';

const CHARACTERS_PER_TOKEN = 4;

const { engine } = await sampleEngine();
const { client, close } = await connected(engine);
const { tools } = await client.listTools();
const { prompts } = await client.listPrompts();
await close();

interface Row {
  readonly name: string;
  readonly description: string;
  /** What clients hand to a model: name, description and input. */
  readonly model: string;
  /** With the schema of the result, which most clients keep to themselves. */
  readonly all: string;
}

const rows = tools.map(({ name, description = '', inputSchema, ...rest }): Row => {
  const model = JSON.stringify({ name, description, inputSchema });
  return { name, description, model, all: JSON.stringify({ name, description, inputSchema, ...rest }) };
});
const tokens = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
const bytes = (text: string) => Buffer.byteLength(text);
const line = (cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(16) : String(cell).padStart(12))).join(''));

console.log(`Tools of the MCP server; tokens are characters / ${CHARACTERS_PER_TOKEN}, an estimate.\n`);
line(['tool', 'description', 'bytes', '~tokens', 'with result', '~tokens']);
for (const { name, description, model, all } of rows) {
  line([name, description.length, bytes(model), tokens(model), bytes(all), tokens(all)]);
}
const whole = (pick: (row: Row) => string) => rows.map(pick).join('');
line([
  `${rows.length} tools`,
  whole(({ description }) => description).length,
  bytes(whole(({ model }) => model)),
  tokens(whole(({ model }) => model)),
  bytes(whole(({ all }) => all)),
  tokens(whole(({ all }) => all)),
]);
const shown = JSON.stringify(prompts);
console.log(`\n${prompts.length} prompts, listed for a person: ${bytes(shown)} bytes, ~${tokens(shown)} tokens`);
