import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { makeMini } from '../harness/mini.ts';
import type { Window } from '../harness/world.ts';
import { openWorkbench, type Workbench } from './support.ts';

const CANARIES = `canaries:
  - goal: G-99
    title: a goal that is not there
    edits: [{file: tool.mjs, search: "all is well", replace: ""}]
  - goal: G-4
    title: edits that fit nothing
    edits:
      - {file: src/nowhere.go, search: "a", replace: "b"}
      - {file: src/app.go, search: "sample adapted", replace: "b"}
      - {file: src/app.go, search: "return", replace: "b"}
      - {file: infrabuilder.yaml, content: ""}
`;
/** What each problem underlines. */
const PLACES = {
  'canary.unknown-goal': 'G-99',
  'canary.unknown-file': 'src/nowhere.go',
  'canary.search-missing': '"sample adapted"',
  'canary.search-twice': '"return"',
  'canary.not-a-subject': 'infrabuilder.yaml, content',
};

describe('canaries that fit no file', () => {
  const mini = makeMini();
  const config = join(mini.folder, 'infrabuilder.yaml');
  let window: Window;
  let bench: Workbench;

  const problem = (code: string): Locator =>
    window.page.locator('.markers-panel .monaco-list-row', { hasText: code }).first();

  before(async () => {
    writeFileSync(config, `${readFileSync(config, 'utf8')}${CANARIES}`);
    ({ window, bench } = await openWorkbench(mini.folder));
    await bench.palette('View: Focus Problems');
  });
  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('are problems at the part that must be mended, with nothing run', async () => {
    const lines = readFileSync(config, 'utf8').split('\n');
    for (const [code, underlined] of Object.entries(PLACES)) {
      await problem(code).waitFor();
      const at = lines.findIndex((line) => line.includes(underlined));
      const column = (lines[at] ?? '').indexOf(underlined);
      assert.match(
        (await problem(code).textContent()) ?? '',
        new RegExp(`\\[Ln ${at + 1}, Col ${column + 1}\\]`),
        code,
      );
    }
    await bench.screenshot('canaries-dark');
  });

  it('are cleared by what is typed, before it is saved', async () => {
    await bench.openFile('src/app.go');
    await bench.replaceInEditor('sample fixed', 'sample adapted');
    await problem('canary.search-missing').waitFor({ state: 'detached' });
    assert.match(readFileSync(join(mini.folder, 'src', 'app.go'), 'utf8'), /sample fixed/);
  });

  it('and by a file that is made', async () => {
    writeFileSync(join(mini.folder, 'src', 'nowhere.go'), 'a\n');
    await problem('canary.unknown-file').waitFor({ state: 'detached' });
    await problem('canary.search-twice').waitFor();
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
