import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { SCREENSHOTS } from '../harness/paths.ts';
import { openVsCode, type Window } from '../harness/world.ts';

const ATTEMPT_MS = 8_000;
const ATTEMPTS = 4;
/** Evaluated in the window: a list draws its rows again and again, and its elements may come back with another text. */
const IS_TAKEN = '({ row, text }) => !row.isConnected || row.offsetParent === null || row.textContent !== text';

/** Does what a person does in a VS Code window. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens our container and waits for its trees. */
  async openSidebar(): Promise<void> {
    await this.page.locator('.activitybar .action-label[aria-label="InfraBuilder"]').first().click();
    await this.page.locator('.sidebar .pane-header', { hasText: 'Tasks' }).first().waitFor();
  }

  /** A row of any tree in the side bar, by the start of its label. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text }).first();
  }

  /** Runs a command by its whole label; what VS Code adds in brackets is left out. */
  async palette(command: string): Promise<void> {
    const label = this.page.locator('.label-name', {
      hasText: new RegExp(`^${command.replaceAll('.', '\\.')}( \\(.*\\))?$`),
    });
    const row = this.page.locator('.quick-input-list .monaco-list-row', { has: label }).first();
    await this.untilTaken(row, async () => {
      await this.leaveWebview();
      await this.page.keyboard.press('F1');
      const input = this.page.locator('.quick-input-widget input');
      await input.waitFor();
      await input.fill(`>${command}`);
    });
  }

  /** Types into the box that asks; what stood there is replaced. */
  async fill(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(text);
  }

  /** Answers the question that begins so; undefined: with what is offered. */
  async answer(question: string, text: string | undefined): Promise<void> {
    const asking = this.page.locator('.quick-input-widget', { hasText: question });
    await asking.waitFor();
    if (text !== undefined) await this.fill(text);
    await this.page.keyboard.press('Enter');
    // The answer is looked at before it is taken.
    await asking.waitFor({ state: 'hidden' });
  }

  async pick(label: string): Promise<void> {
    await this.untilTaken(this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first());
  }

  /** Clicks a row until its list is gone: VS Code draws a list again under the pointer, and such a click hits nothing. */
  private async untilTaken(row: Locator, ask?: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await ask?.();
        await row.waitFor({ timeout: ATTEMPT_MS });
        const clicked = { row: await row.elementHandle(), text: await row.textContent() };
        await row.click({ timeout: ATTEMPT_MS });
        await this.page.waitForFunction(IS_TAKEN, clicked, { timeout: ATTEMPT_MS });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        if (ask !== undefined) await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Ticks one row of a list with many, and takes the list. */
  async tick(label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    await widget.locator('.monaco-list-row', { hasText: label }).first().getByRole('checkbox').check();
    await widget.getByRole('button', { name: 'OK' }).click();
  }

  /** The page that the preview of a document shows. */
  preview(): FrameLocator {
    return this.page.frameLocator('iframe.webview').last().frameLocator('iframe');
  }

  /** Replaces every occurrence in the active editor, by its own find widget. */
  async replaceInEditor(before: string, after: string): Promise<void> {
    const widget = this.page.locator('.find-widget.visible');
    // An editor that is still opening does not hear the key.
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press('Control+H');
      try {
        await widget.locator('textarea').nth(1).waitFor({ timeout: ATTEMPT_MS });
        break;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
    await widget.locator('textarea').first().fill(before);
    await widget.locator('textarea').nth(1).fill(after);
    await this.page.keyboard.press('Control+Alt+Enter');
    await this.page.keyboard.press('Escape');
  }

  async openFile(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    // The list of files is read by the server and drawn twice: a person who is too quick would try again too.
    for (let attempt = 0; ; attempt++) {
      await this.leaveWebview();
      await this.page.keyboard.press('Control+P');
      const input = this.page.locator('.quick-input-widget input');
      await input.waitFor();
      await input.fill(path);
      try {
        const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
        await row.waitFor({ timeout: 5_000 });
        await row.click();
        await this.page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: 5_000 });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** A page inside the window that has the keyboard would keep its keys. */
  async leaveWebview(): Promise<void> {
    await this.page.evaluate('document.activeElement?.tagName === "IFRAME" && document.activeElement.blur()');
  }

  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first();
  }

  statusItem(): Locator {
    return this.page.locator('.statusbar-item', { hasText: /goals pass/ }).first();
  }

  dialog(text: string): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text }).first();
  }

  /** Waits until the window has told the person this. A toast can be gone before anybody looks; the list keeps it. */
  async said(text: string): Promise<void> {
    await this.palette('Notifications: Show Notifications');
    const item = this.page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
    await item.waitFor({ timeout: 60_000 });
  }

  async closeNotifications(): Promise<void> {
    await this.palette('Notifications: Clear All Notifications');
  }

  /** Kept for a person to look at. */
  async screenshot(name: string): Promise<void> {
    // Hovers and carets make two pictures of the same thing differ.
    await this.page.mouse.move(700, 880);
    await this.page.waitForTimeout(400);
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
}

/** A window on the folder, with our container open. The caller closes the window. */
export async function openWorkbench(folder: string): Promise<{ readonly window: Window; readonly bench: Workbench }> {
  const window = await openVsCode({ folder });
  const bench = new Workbench(window.page);
  await bench.openSidebar();
  return { window, bench };
}
