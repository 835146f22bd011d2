// node scripts/l10n.mjs: collects the texts of the extension into l10n/bundle.l10n.json. A unit test fails when they differ.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CALL = /\bl10n\s*\.t\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/g;

/** The bundle as text: every literal that is given to `l10n.t` in the extension, sorted. */
export function l10nBundle() {
  const folder = join(root, 'src', 'vscode');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
  const texts = new Set();
  for (const file of [join(root, 'src', 'extension.ts'), ...files.map((name) => join(folder, name))]) {
    for (const [, single, double] of readFileSync(file, 'utf8').matchAll(CALL)) {
      texts.add((single ?? double).replace(/\\(['"\\])/g, '$1'));
    }
  }
  const sorted = [...texts].sort().map((text) => [text, text]);
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'l10n'), { recursive: true });
  writeFileSync(join(root, 'l10n', 'bundle.l10n.json'), l10nBundle());
}
