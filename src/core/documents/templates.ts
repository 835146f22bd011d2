import type { Files, Templates } from '../ports.ts';
import type { Template } from './template.ts';

/** Where a workspace keeps templates of its own, by the names of those that the product ships. */
export const TEMPLATE_FOLDER = 'templates/documents';

/** The template to use, and the built-in one that says which fields there are. */
export async function loadTemplate(
  ports: { readonly files: Files; readonly templates: Templates },
  name: string,
): Promise<{ readonly template: Template; readonly builtIn: Template }> {
  const shipped = (await ports.templates.load('documents')).find(({ path }) => path === `${name}.md`);
  if (shipped === undefined) throw new Error(`The product ships no template ${name}.md.`);
  const builtIn = { file: `${name}.md`, text: shipped.content };
  const file = `${TEMPLATE_FOLDER}/${name}.md`;
  const own = await ports.files.read(file);
  return { template: own === undefined ? builtIn : { file, text: own }, builtIn };
}
