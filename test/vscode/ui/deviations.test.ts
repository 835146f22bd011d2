import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { makeMini } from '../harness/mini.ts';
import type { Window } from '../harness/world.ts';
import { openWorkbench, type Workbench } from './support.ts';

const ID = 'A1-S1-core-exports';

const RULES = `version: 1
components:
  core: {in: [core/**]}
  export: {in: [export/**]}
unattached: "off"
rules:
  - {id: core-knows-no-export, kind: boundary, from: core, deny: [export]}
`;

const deviation = (expires: string): string => `id: ${ID}
date: 2020-01-01
blueprint_item: A1-S1
change: The core calls the exporter
justification: The exporter has no queue yet
impact_analysis:
  G-8: none
scope:
  - core-knows-no-export
expires: ${expires}
status: proposed
`;

// Nobody can deviate from a goal. What a deviation covers is a violation, and the goal that counts violations holds by it.
describe('a deviation', () => {
  const mini = makeMini();
  let window: Window;
  let bench: Workbench;

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(mini.folder, path)), { recursive: true });
    writeFileSync(join(mini.folder, path), text);
  }
  function edit(path: string, before: string, after: string): void {
    write(path, readFileSync(join(mini.folder, path), 'utf8').replace(before, after));
  }
  const status = (text: string): Locator => window.page.locator('.statusbar-item', { hasText: text }).first();
  const problem = (text: string | RegExp): Locator =>
    window.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
  const goal = (state: RegExp): Locator => bench.row(new RegExp(`G-9 Conformance.*${state.source}`));

  async function checkpoint(outcome: RegExp): Promise<void> {
    await bench.palette('InfraBuilder: Run Checkpoint');
    await goal(outcome).waitFor({ timeout: 60_000 });
    // The output of a run that did not pass has come to the front.
    await bench.palette('View: Focus Problems');
    // VS Code forgets to draw lenses anew where an editor loses the keyboard at that moment.
    await bench.openFile('infrabuilder.yaml');
  }

  before(async () => {
    edit('src/app.go', 'fixed', 'adaptive');
    edit('infrabuilder.yaml', 'milestones:', '  - {id: G-9, title: Conformance, kind: conformance}\nmilestones:');
    edit(
      'docs/blueprint_vFinal.md',
      '\n\n## Epic',
      '\n| **G-9** | **Conformance** | no violation | conformance |\n\n## Epic',
    );
    write('conformance.yaml', RULES);
    write('src/core/core.go', 'package core\n\nimport _ "example.com/app/export"\n');
    write('src/export/export.go', 'package export\n');
    ({ window, bench } = await openWorkbench(mini.folder));
    await bench.row('G-9 Conformance').waitFor();
    await bench.openFile('infrabuilder.yaml');
    await bench.palette('View: Focus Problems');
  });
  after(async () => {
    await window?.close();
    mini.remove();
  });

  it('without one, a violation is a problem at its line and its goal is red everywhere', async () => {
    await problem(/"core" must not import "export".*core-knows-no-export/).waitFor();
    await checkpoint(/fail(?!.*stale)/);
    await bench.lens(/G-9: fail(?!.*stale)/).waitFor();
    await status('2 of 3 goals pass').waitFor();
    await problem('G-9 Conformance does not hold').waitFor();
  });

  it('one that nobody has approved on record covers nothing, whatever it says of itself', async () => {
    const byHand = deviation('2999-12-31').replace('proposed', 'approved\napproved_by: Ada Lovelace');
    write(`docs/deviations/${ID}.yaml`, byHand);
    await problem(/no evidence tells that Ada Lovelace approved/).waitFor();
    write(`docs/deviations/${ID}.yaml`, deviation('2999-12-31'));
    await problem(`Deviation ${ID} names it, but is proposed.`).waitFor();
  });

  it('once it is approved, the problem says what covers it; the goal needs another look', async () => {
    await bench.palette('InfraBuilder: Approve Deviation');
    await bench.pick(ID);
    await bench.answer('Your name', 'Ada Lovelace');
    await window.page.locator('.tab.active', { hasText: `${ID}.yaml` }).waitFor();
    await problem(`Deviation ${ID} covers it.`).waitFor();
    await goal(/fail.*stale/).waitFor();
  });

  it('the goal holds, and tree, lens and status bar name the deviation that it holds by', async () => {
    await checkpoint(new RegExp(`pass · .*covered by deviation ${ID}`));
    await bench.lens(new RegExp(`G-9: pass · .*covered by deviation ${ID}`)).waitFor();
    await status(`3 of 3 goals pass · by deviation: ${ID}`).waitFor();
    await problem('does not hold').waitFor({ state: 'detached' });
    await goal(/pass/).click();
    await window.page.keyboard.press('ArrowRight');
    await bench.row('violations covered: 1').waitFor();
    await bench.screenshot('deviation-covers-dark');
    await bench.row('violations covered: 1').click();
    await window.page.locator('.tab.active', { hasText: `${ID}.yaml` }).waitFor();
  });

  it('once it has expired, the violation is an error again and nothing rests on it any more', async () => {
    edit(`docs/deviations/${ID}.yaml`, '2999', '2020');
    await problem(`Deviation ${ID} covered it until 2020-12-31.`).waitFor();
    await problem('The deviation expired on 2020-12-31').waitFor();
    await goal(/stale/).waitFor();
    await status('2 of 3 goals pass').waitFor();
    await checkpoint(/fail(?!.*stale)/);
    await bench.lens(/G-9: fail/).waitFor();
    await problem('G-9 Conformance does not hold').waitFor();
    assert.doesNotMatch((await bench.statusItem().textContent()) ?? '', /by deviation/);
    await bench.screenshot('deviation-expired-dark');
  });

  it('has left no error in the extension host', () => {
    assert.deepEqual(window.errors(), []);
  });
});
