// npm run test:vscode [-- --suite | --ui] [--grep TEXT]: the extension in a real VS Code, in a headless Chromium.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { findChromium } from './harness/browser.ts';
import { SCREENSHOTS } from './harness/paths.ts';
import { mainBundleBytes } from './harness/stage.ts';
import { closeWorld, extensionFolder, makeBoth, openVsCode } from './harness/world.ts';

const SUITE_MS = 5 * 60_000;
const UI_TEST_MS = 90_000;
const MAIN_BUNDLE_BYTES = 400_000;

const { values } = parseArgs({
  options: { suite: { type: 'boolean' }, ui: { type: 'boolean' }, grep: { type: 'string' } },
});
const both = values.suite !== true && values.ui !== true;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

if (findChromium() === undefined) {
  console.error('No Chromium found. Install it (Debian: apt-get install chromium), or name it in CHROMIUM.');
  process.exit(3);
}
mkdirSync(SCREENSHOTS, { recursive: true });
const outcomes: Outcome[] = [];
try {
  const bytes = mainBundleBytes(await extensionFolder());
  console.log(`Main bundle: ${(bytes / 1000).toFixed(0)} KB (bar: ${MAIN_BUNDLE_BYTES / 1000} KB)`);
  outcomes.push(bytes <= MAIN_BUNDLE_BYTES ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  if (both || values.suite === true) outcomes.push(await runSuite());
  if (both || values.ui === true) outcomes.push(await runUi());
} finally {
  await closeWorld();
}
const sum = (key: keyof Outcome): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n  ${sum('passed')} passing\n  ${sum('failed')} failing`);
process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);

/** The tests that run inside the extension host, on two workspaces in one window. */
async function runSuite(): Promise<Outcome> {
  console.log('\n== in the extension host');
  const folder = mkdtempSync(join(tmpdir(), 'infrabuilder-report-'));
  const report = join(folder, 'report.txt');
  const workspace = await makeBoth();
  const env = {
    INFRABUILDER_TEST_REPORT: report,
    ...(values.grep !== undefined && { INFRABUILDER_TEST_GREP: values.grep }),
  };
  const window = await openVsCode({ folder: workspace.file, tests: true, env });
  try {
    const text = await waitForReport(report);
    const count = (word: string): number => Number(new RegExp(`^${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    const errors = window.errors();
    for (const error of errors) console.log(`  FAIL in the extension host's log: ${error}`);
    if (!text.includes('\nEND')) console.log('  FAIL the suite did not end in time');
    const broken = errors.length + (text.includes('\nEND') ? 0 : 1);
    return { passed: count('PASSED'), failed: count('FAILED') + broken };
  } finally {
    await window.close();
    workspace.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the report as it grows. */
async function waitForReport(report: string): Promise<string> {
  const end = Date.now() + SUITE_MS;
  let shown = 0;
  let text = '';
  while (Date.now() < end && !text.includes('\nEND')) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    const lines = text.slice(shown).replace(/^(PASSED|FAILED|END).*\n/gm, '');
    process.stdout.write(lines);
    shown = text.length;
  }
  return text;
}

/** The tests that use the window as a person does. */
async function runUi(): Promise<Outcome> {
  console.log('\n== as a person');
  const mocha = new Mocha({ ui: 'bdd', timeout: UI_TEST_MS, reporter: 'spec', forbidOnly: true, forbidPending: true });
  if (values.grep !== undefined) mocha.grep(values.grep);
  const folder = new URL('ui/', import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.test.ts')) mocha.addFile(new URL(file, folder).pathname);
  }
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed: failures });
    });
  });
}
