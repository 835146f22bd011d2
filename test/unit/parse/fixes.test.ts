import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/core/parse/config.ts';
import type { Parsed } from '../../../src/core/parse/parsed.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import { parseTask } from '../../../src/core/parse/task.ts';
import { applyEdits } from './apply.ts';

/** The text after the first fix of the first issue that has one. */
function mended(text: string, { issues }: Parsed<unknown>): { readonly title: string; readonly text: string } {
  const fix = issues.find((issue) => issue.fixes !== undefined)?.fixes?.[0];
  assert.ok(fix, 'there is a fix');
  return { title: fix.title, text: applyEdits(text, fix.edits) };
}

describe('fixes', () => {
  it('rename an unknown key', () => {
    const text = 'version: 1\nchecks:\n  test: {run: [go, test], covrage: {min: 80}}\n';
    const after = mended(text, parseConfig(text, 'infrabuilder.yaml'));
    assert.equal(after.title, 'Rename the key to "coverage"');
    assert.equal(after.text, text.replace('covrage', 'coverage'));
    assert.deepEqual(parseConfig(after.text, 'infrabuilder.yaml').issues, []);
  });

  it('rename a key that a missing one was meant by', () => {
    const text = 'slug: a\r\nAcceptance:\r\n  - CPU ≤ 1%\r\n';
    const after = mended(text, parseTask(text, 'a.yaml'));
    assert.equal(after.title, 'Rename the key to "acceptance"');
    assert.deepEqual(parseTask(after.text, 'a.yaml').issues, []);
  });

  it('rename a key that is nearly a known one, with a warning only', () => {
    const text = 'slug: a\nacceptance: [x]\ndepends-on: [b]\n';
    const parsed = parseTask(text, 'a.yaml');
    assert.deepEqual(
      parsed.issues.map(({ severity }) => severity),
      ['warning'],
    );
    assert.deepEqual(parseTask(mended(text, parsed).text, 'a.yaml').value?.depends_on, ['b']);
  });

  it('leave own keys alone', () => {
    assert.deepEqual(
      parseTask('slug: a\nacceptance: [x]\nestimate: 3\nlabels: [x]\nBlueprint_url: y\n', 'a.yaml').issues,
      [],
    );
  });

  it('replace a name that is nearly a known one', () => {
    const text = 'name: s\nworkload:\n  type: "memory-presure" # tight\n';
    const after = mended(text, parseScenario(text, 's.yml'));
    assert.equal(after.text, 'name: s\nworkload:\n  type: memory_pressure # tight\n');
    assert.deepEqual(parseScenario(after.text, 's.yml').issues, []);
  });

  it('are not offered where nothing is near', () => {
    const { issues } = parseConfig('version: 1\nzebra: 1\n', 'infrabuilder.yaml');
    assert.equal(issues[0]?.fixes, undefined);
    assert.equal(
      issues[0]?.message,
      'The key "zebra" is unknown. Known keys: version, paths, blueprint, checks, agent, goals, milestones, canaries, llm.',
    );
  });
});
