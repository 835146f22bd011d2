import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { jsonSchemas } from '../../../src/core/model/jsonschema.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const ajv = new Ajv({ strict: true, allowUnionTypes: true, validateFormats: false });
const validators = new Map([...jsonSchemas()].map(([name, text]) => [name, ajv.compile(JSON.parse(text))]));

function isValid(schema: string, file: string): boolean {
  const validate = validators.get(`${schema}.schema.json`);
  assert.ok(validate);
  return validate(parse(read(`test/fixtures/${file}`)));
}

describe('JSON Schemas', () => {
  it('are the ones in schemas/ (run "npm run schemas")', () => {
    const folder = new URL('../../../schemas/', import.meta.url);
    const names = [...jsonSchemas().keys()];
    assert.deepEqual(
      readdirSync(folder)
        .filter((name) => names.includes(name))
        .sort(),
      [...names].sort(),
    );
    for (const [name, text] of jsonSchemas()) assert.equal(read(`schemas/${name}`), text, name);
  });

  it('have a title, an id, and require nothing that has a default', () => {
    for (const [name, text] of jsonSchemas()) {
      const schema = JSON.parse(text);
      assert.match(schema.title, /InfraBuilder|Mapping/, name);
      assert.ok(schema.$id.endsWith(`/${name}`), name);
      for (const key of schema.required) assert.equal(schema.properties[key].default, undefined, `${name} ${key}`);
    }
  });

  for (const [schema, file] of [
    ['task', 'plan/topn_sampler.yaml'],
    ['blueprint_tasks', 'plan/blueprint_tasks.yaml'],
    ['scenario', 'plan/standard.yml'],
    ['scenario', 'plan/runbook_scenarios.yml'],
  ] as const) {
    it(`accept ${file}`, () => assert.ok(isValid(schema, file)));
  }

  for (const [schema, file] of [
    ['task', 'broken/task_missing_acceptance.yaml'],
    ['task', 'broken/task_acceptance_text.yaml'],
    ['task', 'broken/task_acceptance_empty.yaml'],
    ['task', 'broken/task_bad_slug.yaml'],
    ['task', 'broken/task_bad_goal_id.yaml'],
    ['task', 'broken/task_no_epic.yaml'],
    ['blueprint_tasks', 'broken/mapping_no_slug.yaml'],
    ['blueprint_tasks', 'broken/mapping_tasks_text.yaml'],
    ['scenario', 'broken/scenario_unknown_workload.yml'],
    ['scenario', 'broken/scenario_unknown_fault.yml'],
    ['scenario', 'broken/scenario_unknown_action.yml'],
    ['scenario', 'broken/scenario_wait_without_time.yml'],
    ['scenario', 'broken/scenario_threshold_unknown_key.yml'],
    ['infrabuilder', 'broken/config_unknown_key.yaml'],
    ['infrabuilder', 'broken/config_unknown_section.yaml'],
    ['infrabuilder', 'broken/config_shell_string.yaml'],
    ['infrabuilder', 'broken/config_unknown_parser.yaml'],
    ['infrabuilder', 'broken/config_unknown_kind.yaml'],
    ['infrabuilder', 'broken/config_coverage_too_high.yaml'],
    ['infrabuilder', 'broken/config_bad_check_name.yaml'],
    ['deviation', 'broken/deviation_bad_date.yaml'],
    ['deviation', 'broken/deviation_unknown_status.yaml'],
  ] as const) {
    it(`refuse ${file}`, () => assert.ok(!isValid(schema, file)));
  }
});
