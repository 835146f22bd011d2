import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { BLUEPRINT, sound, workspace } from './workspace.ts';

const BLUEPRINT_FILE = 'docs/blueprint_vFinal.md';
const WITHOUT = { [BLUEPRINT_FILE]: undefined };

describe('documents', () => {
  it('are found where the plan puts them', async () => {
    const { documents } = await sound({
      'docs/ADR-001.md': '# ADR',
      'docs/decisions/0001-sketch.md': '# ADR',
      'docs/notes.md': '',
      'reports/topn_sampler_plan.md': '',
      'reports/topn_sampler_result.md': '',
    }).snapshot();
    assert.deepEqual(documents, {
      blueprint: BLUEPRINT_FILE,
      runbook: 'docs/runbook.md',
      changelog: 'docs/CHANGELOG.md',
      adrs: ['docs/ADR-001.md', 'docs/decisions/0001-sketch.md'],
      reports: new Map([
        ['topn_sampler', { plan: 'reports/topn_sampler_plan.md', result: 'reports/topn_sampler_result.md' }],
      ]),
    });
  });

  for (const file of [
    'docs/Blueprint_vFinal.md',
    'Blueprint_vFinal.md',
    'docs/agent-blueprint.md',
    'docs/BLUEPRINT.md',
  ]) {
    it(`the blueprint may be ${file}`, async () => {
      const made = sound({ ...WITHOUT, [file]: BLUEPRINT });
      assert.deepEqual(await made.lines(), []);
      const { documents, blueprintGoals } = await made.snapshot();
      assert.deepEqual([documents.blueprint, blueprintGoals.length], [file, 4]);
    });
  }

  it('the blueprint may be anywhere when infrabuilder.yaml says where', async () => {
    const made = sound({
      ...WITHOUT,
      'spec/design.md': BLUEPRINT,
      'infrabuilder.yaml': 'version: 1\nblueprint: ./spec/design.md\n',
    });
    assert.deepEqual(await made.lines(), []);
    assert.equal((await made.snapshot()).blueprint?.file, 'spec/design.md');
    await made.files.remove('spec/design.md');
    made.project.update(['spec/design.md']);
    assert.deepEqual(await made.lines(), ['infrabuilder.yaml:2:12 error blueprint.missing']);
  });

  it('blueprint.missing, runbook.missing, changelog.missing: at the file to create', async () => {
    const made = sound({ ...WITHOUT, 'docs/runbook.md': undefined, 'docs/CHANGELOG.md': undefined });
    assert.deepEqual(await made.lines(), [
      'docs/CHANGELOG.md:1:1 info changelog.missing',
      'docs/blueprint_vFinal.md:1:1 warning blueprint.missing',
      'docs/runbook.md:1:1 warning runbook.missing',
    ]);
  });

  it('blueprint.ambiguous: two names, none of them the plan’s', async () => {
    const made = sound({ ...WITHOUT, 'docs/a_blueprint.md': BLUEPRINT, 'docs/b_blueprint.md': BLUEPRINT });
    assert.deepEqual(await made.lines(), ['docs/a_blueprint.md:1:1 warning blueprint.ambiguous']);
    assert.deepEqual(await sound({ 'docs/blueprint_notes.md': '' }).lines(), []);
  });

  it('document.orphan: a report of no task, mended by its true name', async () => {
    const made = sound({ 'reports/topn_samplr_plan.md': '# Plan' });
    assert.deepEqual(await made.lines(), ['reports/topn_samplr_plan.md:1:1 info document.orphan']);
    assert.deepEqual(await mend(made, 'document.orphan'), [
      'reports/topn_samplr_plan.md -> reports/topn_sampler_plan.md',
    ]);
    const taken = sound({ 'reports/topn_samplr_plan.md': '', 'reports/topn_sampler_plan.md': '' });
    assert.equal((await taken.issue('document.orphan')).fixes, undefined);
    assert.deepEqual(await sound({ 'reports/coverage.md': '', 'reports/evidence/a_plan.md': '' }).lines(), []);
  });
});

describe('an empty folder', () => {
  it('has one hint: what to do next', async () => {
    const made = workspace({});
    assert.deepEqual(await made.lines(), ['.:1:1 info workspace.empty']);
    assert.match((await made.issue('workspace.empty')).message, /Run "infrabuilder init"/);
    const { tasks, goals, mapping, scenarios } = await made.snapshot();
    assert.deepEqual([tasks, goals.length, mapping, scenarios], [[], 10, undefined, []]);
  });

  it('stays empty whatever else lies in it', async () => {
    assert.deepEqual(await workspace({ 'README.md': '', 'src/a.ts': '', 'docs/notes.md': '' }).lines(), [
      '.:1:1 info workspace.empty',
    ]);
  });
});
