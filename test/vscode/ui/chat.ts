import type { Locator, Page } from 'playwright-core';
import { Workbench } from './support.ts';

export interface ShownCitation {
  readonly label: string;
  /** Absolute. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly link: Locator;
}

const ANSWER_MS = 40_000;
const SUGGEST_MS = 5_000;
const TRIES = 5;
const always = () => true;
const never = () => false;
const START_MS = 15_000;

/** Does in the chat view what a person does. */
export class Chat {
  readonly #page: Page;
  readonly #bench: Workbench;

  constructor(page: Page) {
    this.#page = page;
    page.setDefaultTimeout(12_000);
    this.#bench = new Workbench(page);
  }

  /** The latest answer. */
  get last(): Locator {
    return this.#page.locator('.interactive-response').last();
  }

  async open(): Promise<void> {
    await this.#bench.openSidebar();
    await this.#bench.palette('Chat: Open Chat');
    await this.#input.waitFor();
  }

  /** Types a question to `@infrabuilder` and gives the answer, once it has `end` in it. */
  async ask(question: string, end: RegExp = /statements verified|goals pass|Take this step/): Promise<string> {
    await this.start(question);
    return this.answer(end);
  }

  /** Types a question, and waits for its answer to begin. */
  async start(question: string): Promise<void> {
    const before = await this.#rows();
    await this.#input.click();
    await this.#page.keyboard.press('Control+End');
    // After the first question the participant stays.
    const typed = (await this.#input.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ');
    if (!typed.startsWith('@infrabuilder')) await this.#mention();
    await this.#page.keyboard.type(question, { delay: 15 });
    // What is completed as one types must not take the Enter.
    await this.#page.keyboard.press('Escape');
    await this.#page.keyboard.press('Enter');
    // Rows that are scrolled away are not there any more: what grows is the number of the last one.
    const end = Date.now() + START_MS;
    while ((await this.#rows()) < before + 2) {
      if (Date.now() > end) throw new Error(`The chat view did not take "${question}".`);
      await this.#page.waitForTimeout(100);
    }
  }

  async stop(): Promise<void> {
    await this.#page.locator('.interactive-input-part .codicon-stop-circle').first().click();
    await this.#page.locator('.interactive-input-part .codicon-stop-circle').first().waitFor({ state: 'detached' });
  }

  async #mention(): Promise<void> {
    const rows = this.#page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: '@infrabuilder' });
    // A window that has just opened may not know its participants yet: then it is typed once more.
    for (let left = TRIES; ; left--) {
      await this.#page.keyboard.type('@infrabuilder', { delay: 15 });
      const shown = rows.first().waitFor({ timeout: SUGGEST_MS });
      if (left === 0) await shown;
      if (await shown.then(always, never)) break;
      await this.#page.keyboard.press('Escape');
      await this.#page.keyboard.press('Control+A');
      await this.#page.keyboard.press('Delete');
    }
    await this.#page.keyboard.press('Tab');
  }

  async answer(end: RegExp): Promise<string> {
    await this.last.filter({ hasText: end }).waitFor({ timeout: ANSWER_MS });
    await this.#page.locator('.chat-response-loading').waitFor({ state: 'detached', timeout: ANSWER_MS });
    // The last pieces of a stream are drawn a moment after they came.
    await this.#page.waitForTimeout(700);
    return this.last.innerText();
  }

  async followup(label: string): Promise<void> {
    await this.#page
      .locator('.interactive-session-followups a, .interactive-input-followups a', { hasText: label })
      .first()
      .click();
  }

  /** The list of models fills while they are resolved, and may be drawn anew meanwhile: then it is opened once more. */
  async chooseModel(name: string): Promise<void> {
    const rows = this.#page.locator('.action-widget .monaco-list-row');
    for (let left = TRIES; ; left--) {
      await this.#page.locator('.model-picker-item .model-picker-name').last().click();
      await rows.first().waitFor();
      const row = rows.filter({ hasText: name }).first();
      if (!(await row.isVisible())) await this.#page.keyboard.type(name, { delay: 15 });
      const chosen = row.click({ timeout: SUGGEST_MS });
      if (left === 0) await chosen;
      if (await chosen.then(always, never)) return;
      await this.#page.keyboard.press('Escape');
    }
  }

  /** The places that the latest answer links to. */
  async citations(): Promise<ShownCitation[]> {
    const links = await this.last.locator('.chat-inline-anchor-widget').all();
    return Promise.all(
      links.map(async (link) => {
        const label = (await link.textContent()) ?? '';
        const [, start = '0', end = start] = /:(\d+)(?:-(\d+))?$/.exec(label) ?? [];
        const { pathname } = new URL((await link.getAttribute('data-href')) ?? '');
        return { label, path: decodeURIComponent(pathname), startLine: Number(start), endLine: Number(end), link };
      }),
    );
  }

  async click({ link, path }: ShownCitation): Promise<void> {
    await link.click();
    const name = path.slice(path.lastIndexOf('/') + 1);
    await this.#page.locator('.tab.active', { hasText: name }).first().waitFor();
  }

  /** Waits until the editor has selected this many characters, the last of them in this line. */
  async selection(endLine: number, characters: number): Promise<void> {
    const text = new RegExp(`Ln ${endLine}, Col \\d+ \\(${characters} selected\\)`);
    await this.#page.locator('.statusbar-item', { hasText: text }).first().waitFor();
  }

  async #rows(): Promise<number> {
    const rows = this.#page.locator('.interactive-list .monaco-list-row');
    const numbers = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-index'))));
    return Math.max(-1, ...numbers) + 1;
  }

  get #input(): Locator {
    return this.#page.locator('.interactive-input-part .monaco-editor, .chat-input-container .monaco-editor').last();
  }
}
