// npm run bench activation: what VS Code itself counts for our activation (loading the code and calling activate), in
// Running Extensions. Several folders of a built extension, as arguments of this file, are measured in turns.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { launchBrowser, openWindow } from '../vscode/harness/browser.ts';
import { installVsCode } from '../vscode/harness/install.ts';
import { makeSample } from '../vscode/harness/sample.ts';
import { startServer } from '../vscode/harness/server.ts';
import { removeStage, stageExtension } from '../vscode/harness/stage.ts';
import { Workbench } from '../vscode/ui/support.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 6);
const BAR_MS = 50;

const given = process.argv.slice(2);
const staged = given.length === 0 ? await stageExtension('bench', { tests: false }) : undefined;
const folders = staged === undefined ? given : [staged];
const figures = new Map<string, number[]>(folders.map((folder) => [folder, []]));
const server = await startServer({
  vscode: await installVsCode((line) => console.log(line)),
  settings: { 'workbench.startupEditor': 'none', 'chat.disableAIFeatures': true },
});
const browser = await launchBrowser();
try {
  console.log(`load at start ${load()}`);
  for (let round = 0; round < ROUNDS; round++) {
    for (const folder of round % 2 === 0 ? folders : folders.toReversed())
      figures.get(folder)?.push(await once(folder));
  }
  for (const [folder, all] of figures) {
    const sorted = all.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    console.log(
      `${nameOf(folder)}: n=${all.length} median ${median} ms, ${sorted[0]} to ${sorted.at(-1)} ms (bar: ${BAR_MS} ms)`,
    );
    console.log(`  in order: ${all.join(', ')}`);
  }
  console.log(`load at end ${load()}`);
} finally {
  await browser.close();
  await server.stop();
  if (staged !== undefined) removeStage(staged);
}

async function once(extension: string): Promise<number> {
  const sample = makeSample(extension);
  const page = await openWindow(browser, { authority: server.authority, folder: sample.folder, extension });
  try {
    const bench = new Workbench(page);
    await bench.statusItem().waitFor({ timeout: 60_000 });
    await bench.palette('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'infrabuilder' }).first();
    const [, milliseconds = 'NaN'] = /Activation: (\d+)ms/.exec((await row.textContent()) ?? '') ?? [];
    return Number(milliseconds);
  } finally {
    await page.goto('about:blank');
    await page.close();
    sample.remove();
  }
}

function nameOf(folder: string): string {
  const { main } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { readonly main: string };
  return `${folder} (${main})`;
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}
