import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A question over documents. `file` is undefined where they do not answer it. */
export interface Question {
  readonly text: string;
  readonly file: string | undefined;
  /** What the right lines hold, white space and case left aside. */
  readonly phrase: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SAMPLE_FILES = /^(?:docs\/.*\.md|tasks\/.*\.yaml|e2e\/scenarios\/.*\.yml|[^/]*\.yaml)$/;

/** The documents of the embedded workspace. */
export async function sampleDocuments(): Promise<ReadonlyMap<string, string>> {
  const folder = join(ROOT, 'templates/sample');
  const names = await readdir(folder, { recursive: true });
  return await readAll(
    names.map((name) => name.replaceAll('\\', '/')).filter((name) => SAMPLE_FILES.test(name)),
    (name) => join(folder, name),
  );
}

/** The Markdown that the installed packages bring, as documents of a workspace; the tool chain's Node left out. */
export async function packageDocuments(): Promise<ReadonlyMap<string, string>> {
  const folder = join(ROOT, 'node_modules');
  const packages: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.startsWith('.') || /^node-(?:linux|darwin|win|bin)/.test(name)) continue;
    if (name.startsWith('@')) for (const inner of await readdir(join(folder, name))) packages.push(`${name}/${inner}`);
    else packages.push(name);
  }
  const found: string[] = [];
  for (const name of packages) {
    const entries = await readdir(join(folder, name)).catch(() => []);
    found.push(...entries.filter((entry) => /\.md$/i.test(entry)).map((entry) => `${name}/${entry}`));
  }
  const documents = await readAll(found, (name) => join(folder, name));
  return new Map([...documents].map(([name, text]) => [`docs/${name}`, text]));
}

async function readAll(names: readonly string[], where: (name: string) => string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of [...names].sort()) texts.set(name, await readFile(where(name), 'utf8'));
  return texts;
}

/** Reads `question | file | phrase` lines. Questions whose phrase is not in their file any more are left out and counted. */
export function readQuestions(
  name: string,
  documents: ReadonlyMap<string, string>,
): readonly Question[] & { readonly skipped: number } {
  const text = readFileSync(join(ROOT, `test/fixtures/grounding/${name}.questions.txt`), 'utf8');
  const all = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line): Question => {
      const [question = '', file = '', phrase = ''] = line
        .split(' | ')
        .map((cell) => cell.replace(/\|\s*$/, '').trim());
      const path = name === 'packages' && file !== '' ? `docs/${file}` : file;
      return { text: question, file: path === '' ? undefined : path, phrase };
    });
  const known = all.filter(({ file, phrase }) => {
    const document = file === undefined ? undefined : documents.get(file);
    return file === undefined || document?.toLowerCase().replace(/\s+/g, ' ').includes(phrase.toLowerCase());
  });
  return Object.assign(known, { skipped: all.length - known.length });
}
