import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createProject } from '../../../src/core/project/project.ts';
import { createFiles } from '../../../src/node/files.ts';
import { line, TODAY, workspace } from './workspace.ts';

const PLAN = new URL('../../fixtures/plan/', import.meta.url);

function plan(name: string): string {
  return readFileSync(new URL(name, PLAN), 'utf8');
}

/** The files of the plan where its bootstrap script and its sections put them. */
function planWorkspace(): Record<string, string> {
  return {
    'blueprint_tasks.yaml': plan('blueprint_tasks.yaml'),
    'docs/blueprint_vFinal.md': plan('goals.md'),
    'docs/ADR-001.md': '',
    'docs/runbook.md': '',
    'docs/CHANGELOG.md': '',
    'tasks/pending/topn_sampler.yaml': plan('topn_sampler.yaml'),
    'e2e/scenarios/standard.yml': plan('standard.yml'),
    'e2e/scenarios/runbook_scenarios.yml': plan('runbook_scenarios.yml'),
    'e2e/kind/cluster.yaml': plan('cluster.yaml'),
    'e2e/kind/services.yaml': plan('services.yaml'),
    '.github/workflows/ci.yml': plan('ci.yml'),
  };
}

describe('the plan’s own files in the plan’s layout', () => {
  it('have no issue of any severity', async () => {
    const made = workspace(planWorkspace());
    assert.deepEqual(await made.lines(), []);
    const snapshot = await made.snapshot();
    assert.deepEqual(
      [snapshot.tasks.length, snapshot.blueprintGoals.length, snapshot.goals.length, snapshot.milestones.length],
      [1, 10, 10, 5],
    );
    assert.deepEqual(
      snapshot.scenarios.map(({ value }) => value.name),
      ['runbook_scenarios', 'standard'],
    );
  });

  it('as the bootstrap script leaves them, before the first task is written, have one hint', async () => {
    const { 'tasks/pending/topn_sampler.yaml': _, ...fresh } = planWorkspace();
    assert.deepEqual(await workspace(fresh).lines(), ['blueprint_tasks.yaml:9:19 info mapping.unknown-task']);
  });

  it('with the plan’s milestones and goals written out have no issue either', async () => {
    const config = `version: 1
milestones:
  - {id: M1, title: Process scanner refactored}
  - {id: M2, title: Top-N sampler implemented, tasks: [topn_sampler], verify: {scenario: high_pid_churn}}
`;
    assert.deepEqual(await workspace({ ...planWorkspace(), 'infrabuilder.yaml': config }).lines(), []);
  });
});

describe('the embedded workspace', () => {
  it('has no issue', async () => {
    const sample = new URL('../../../templates/sample/', import.meta.url);
    assert.ok(readdirSync(sample).includes('infrabuilder.yaml'));
    const project = createProject(createFiles(fileURLToPath(sample)), { today: () => TODAY });
    assert.deepEqual((await project.snapshot()).issues.map(line), []);
  });
});
