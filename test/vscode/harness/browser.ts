import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium that is installed on this machine, or undefined. */
export function findChromium(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path));
}

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium found. Install it (Debian: apt-get install chromium), or name it in CHROMIUM.');
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export interface WindowOptions {
  readonly authority: string;
  /** Absolute path of a folder, or of a .code-workspace file. */
  readonly folder: string;
  /** Absolute path of an extension to load from its folder. */
  readonly extension?: string;
  /** Absolute path of the module with the tests to run in the extension host. */
  readonly tests?: string;
}

export function windowUrl({ authority, folder, extension, tests }: WindowOptions): string {
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  const payload = [
    ...(extension === undefined ? [] : [['extensionDevelopmentPath', remote(extension)]]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
    ['skipWelcome', 'true'],
  ];
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `http://${authority}/?${kind}=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** Opens a VS Code window and waits for the workbench. */
export async function openWindow(browser: Browser, options: WindowOptions): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(windowUrl(options));
  await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
  return page;
}
