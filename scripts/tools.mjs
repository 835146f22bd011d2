// node scripts/tools.mjs: writes contributes.languageModelTools of package.json from the operations. A unit test fails when
// they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { toolRows } from '../src/vscode/chat/tools/rows.ts';

const file = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(file, 'utf8'));
manifest.contributes.languageModelTools = toolRows();
writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
