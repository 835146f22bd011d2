import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { layTemplates } from '../../../src/core/bootstrap/layout.ts';
import { configSchema, pathsSchema } from '../../../src/core/model/config.ts';
import { withDefaults } from '../../../src/core/model/defaults.ts';
import { scenarioSchema } from '../../../src/core/model/scenario.ts';
import type { TemplateFile } from '../../../src/core/ports.ts';
import { createTemplates } from '../../../src/node/templates.ts';

const FOLDER = fileURLToPath(new URL('../../../templates', import.meta.url));
const PLAN = new URL('../../fixtures/plan/', import.meta.url);

describe('templates of a workspace', () => {
  let files: readonly TemplateFile[];
  const text = (path: string) => files.find((file) => file.path === path)?.content ?? '';

  before(async () => {
    files = await createTemplates(FOLDER).load('workspace');
  });

  it('are the files of plan section 2.1', () => {
    assert.deepEqual(
      files.map((file) => file.path + (file.executable ? ' *' : '')),
      [
        'Makefile',
        'blueprint_tasks.yaml',
        'checkpoint.sh *',
        'docs/CHANGELOG.md',
        'docs/runbook.md',
        'e2e/e2e_run.sh *',
        'e2e/kind/cluster.yaml',
        'e2e/kind/services.yaml',
        'e2e/scenarios/failover.yml',
        'e2e/scenarios/runbook_scenarios.yml',
        'e2e/scenarios/standard.yml',
        'e2e/validate_goal.sh *',
        'infrabuilder.yaml',
      ],
    );
  });

  it("hold the plan's YAML word for word", () => {
    for (const path of [
      'blueprint_tasks.yaml',
      'e2e/kind/cluster.yaml',
      'e2e/kind/services.yaml',
      'e2e/scenarios/runbook_scenarios.yml',
      'e2e/scenarios/standard.yml',
    ]) {
      assert.equal(text(path), readFileSync(new URL(path.replace(/.*\//, ''), PLAN), 'utf8'), path);
    }
  });

  it('hold a configuration that equals the defaults', () => {
    const config = withDefaults(configSchema.parse(parse(text('infrabuilder.yaml'))));
    assert.deepEqual(config, withDefaults(undefined));
  });

  it('hold scenarios that load, and each that a goal or the Makefile names', () => {
    const named = new Set(['standard']);
    for (const goal of withDefaults(undefined).goals) if ('scenario' in goal) named.add(goal.scenario);
    for (const [, name = ''] of text('Makefile').matchAll(/--scenario=(\w+)/g)) named.add(name);
    for (const name of named) {
      assert.equal(scenarioSchema.parse(parse(text(`e2e/scenarios/${name}.yml`))).name, name);
    }
  });

  it("hold the plan's Makefile targets, each one call of the CLI", () => {
    const recipes = [...text('Makefile').matchAll(/^([a-z0-9-]+):\n\t\$\(INFRABUILDER\) (.*)$/gm)];
    assert.deepEqual(
      recipes.map(([, target, call]) => `${target}: ${call}`),
      [
        'lint: check lint',
        'test: check test',
        'bench: check bench',
        'harness: check harness',
        'integration: check integration',
        'e2e: e2e run --scenario=standard',
        'e2e-matrix: e2e matrix',
        'chaos: e2e run --scenario=failover',
        'verify: verify',
      ],
    );
  });

  it('give way to the sample, and move to the folders of the configuration', () => {
    const file = (path: string, content: string): TemplateFile => ({ path, content, executable: false });
    const paths = pathsSchema.parse({ docs: 'documents', source: '.' });
    const laid = layTemplates(
      [file('Makefile', 'plain'), file('docs/runbook.md', 'plain')],
      [file('docs/runbook.md', 'sample'), file('infrastructure-agent/go.mod', 'module a')],
      paths,
    );
    assert.deepEqual(
      laid.map(({ path, content }) => `${path}: ${content}`),
      ['Makefile: plain', 'documents/runbook.md: sample', 'go.mod: module a'],
    );
  });
});
