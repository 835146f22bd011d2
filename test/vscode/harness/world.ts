import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openWindow } from './browser.ts';
import { installVsCode } from './install.ts';
import { extensionErrors } from './log.ts';
import { makeMini } from './mini.ts';
import { SCREENSHOTS } from './paths.ts';
import { makeSample } from './sample.ts';
import { startServer, type VsCodeServer } from './server.ts';
import { removeStage, stageExtension } from './stage.ts';

/** What all tests share: made on first use, once. */
export const vscodeFolder = once(() => installVsCode((line) => console.log(line)));
export const extensionFolder = once(() => stageExtension('extension', { tests: true }));
export const browser = once(launchBrowser);

export interface Window {
  readonly page: Page;
  /** Changes settings of the machine, which the window takes over at once. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  /** What went wrong in our extension since the window was opened. */
  errors(): readonly string[];
  close(): Promise<void>;
}

export interface WindowRequest {
  /** Absolute path of what is opened. */
  readonly folder: string;
  readonly tests?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly trust?: boolean;
  /** With VS Code's chat. */
  readonly chat?: boolean;
  /** Absolute path of a package to install in place of the extension's folder. */
  readonly vsix?: string;
}

/** Quiet and the same everywhere: no chat, no welcome, nothing that moves. */
const SETTINGS = {
  'workbench.colorTheme': 'Default Dark Modern',
  'window.autoDetectColorScheme': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'window.commandCenter': false,
};

const CHAT = { 'chat.disableAIFeatures': false };

const pages = new Set<Page>();
const servers = new Map<string, Promise<VsCodeServer>>();

/** One server for all windows that ask for the same. */
async function serverFor({ env = {}, trust = false, chat = false, vsix }: WindowRequest): Promise<VsCodeServer> {
  const key = JSON.stringify([env, trust, chat, vsix]);
  let server = servers.get(key);
  if (server === undefined) {
    const options = { vscode: await vscodeFolder(), env, trust, settings: SETTINGS };
    server = startServer({ ...options, ...(vsix !== undefined && { vsix }) });
    servers.set(key, server);
  }
  return server;
}

/** A VS Code window with the extension. */
export async function openVsCode(request: WindowRequest): Promise<Window> {
  const { folder, tests, chat, vsix } = request;
  const settings = { ...SETTINGS, ...(chat === true && CHAT) };
  const extension = await extensionFolder();
  const server = await serverFor(request);
  server.configure(settings);
  const before = new Set(extensionErrors(server.logs()));
  const page = await openWindow(await browser(), {
    authority: server.authority,
    folder,
    ...(vsix === undefined && { extension }),
    ...(tests === true && { tests: join(extension, 'test', 'index.js') }),
  });
  pages.add(page);
  page.once('close', () => pages.delete(page));
  return {
    page,
    configure: (more) => server.configure({ ...settings, ...more }),
    errors: () => extensionErrors(server.logs()).filter((error) => !before.has(error)),
    close: async () => {
      // Leaving the page ends its extension host; a page that is only closed could come back.
      if (page.isClosed()) return;
      await page.goto('about:blank');
      await page.close();
    },
  };
}

/**
 * What the open windows show a person, as text: for whoever has to find out why a test failed on another machine. A picture
 * of the last one is kept as well.
 */
export async function shownInWindows(): Promise<string> {
  const places = [
    '.quick-input-widget:visible',
    '.notification-list-item',
    '.sidebar .monaco-list-row',
    '.statusbar-item',
  ];
  const shown: string[] = [];
  for (const page of pages) {
    await page.screenshot({ path: join(SCREENSHOTS, 'failed.png') }).catch(() => undefined);
    for (const place of places) {
      const texts = await page
        .locator(place)
        .allInnerTexts()
        .catch(() => []);
      const lines = texts.map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter((text) => text !== '');
      if (lines.length > 0) shown.push(`    ${place}: ${lines.join(' | ')}`);
    }
  }
  return shown.length === 0 ? '' : `    The window shows:\n${shown.join('\n')}`;
}

/** The embedded workspace and the mini workspace, in one multi-root workspace. */
export async function makeBoth(): Promise<{ readonly file: string; remove(): void }> {
  const sample = makeSample(await extensionFolder());
  const mini = makeMini();
  const file = join(mini.folder, '..', 'both.code-workspace');
  const folders = [
    { path: sample.folder, name: 'sample' },
    { path: mini.folder, name: 'mini' },
  ];
  writeFileSync(file, JSON.stringify({ folders }));
  return {
    file,
    remove: () => {
      sample.remove();
      mini.remove();
    },
  };
}

export async function closeWorld(): Promise<void> {
  if (browser.made) await (await browser()).close();
  for (const server of servers.values()) await (await server).stop();
  if (extensionFolder.made) removeStage(await extensionFolder());
}

interface Once<T> {
  (): Promise<T>;
  readonly made: boolean;
}

function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  const get = (): Promise<T> => {
    made ??= make();
    return made;
  };
  return Object.defineProperty(get, 'made', { get: () => made !== undefined }) as unknown as Once<T>;
}
