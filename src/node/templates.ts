import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HumanError } from '../core/base/errors.ts';
import type { TemplateFile, Templates } from '../core/ports.ts';

const OWNER_MAY_RUN = 0o100;

/** The Templates port on the product's own folder: `folder` holds `workspace` and `sample`. */
export function createTemplates(folder: string): Templates {
  return {
    async load(set) {
      const root = join(folder, set);
      if (statSync(root, { throwIfNoEntry: false }) === undefined) {
        throw new HumanError('template.missing', `The templates are missing: ${root}.`, 'Install InfraBuilder again.');
      }
      return [...walk(root, '')].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}

function* walk(root: string, folder: string): Generator<TemplateFile> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.isFile()) yield readTemplate(join(root, path), path);
  }
}

function readTemplate(absolute: string, path: string): TemplateFile {
  const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(absolute));
  // Packages lose the right to run on some systems; the first line tells as well.
  const executable = (statSync(absolute).mode & OWNER_MAY_RUN) !== 0 || content.startsWith('#!');
  return { path: path.replace(/(^|\/)gitignore$/, '$1.gitignore'), content, executable };
}
