import assert from 'node:assert/strict';
import { changedResources, InputDigests, type InputGroup } from '../../../src/core/evidence/inputs.ts';
import { Inputs } from '../../../src/core/goals/inputs.ts';
import { checkSchema } from '../../../src/core/model/check.ts';
import { configSchema } from '../../../src/core/model/config.ts';
import { withDefaults } from '../../../src/core/model/defaults.ts';

const FILES = [
  'Makefile',
  'blueprint_tasks.yaml',
  'docs/runbook.md',
  'e2e/kind/services.yaml',
  'e2e/results/standard/r1/metrics.json',
  'e2e/scenarios/standard.yml',
  'final_validation_results.json',
  'infrastructure-agent/README.md',
  'infrastructure-agent/proto/a.proto',
  'infrastructure-agent/sampler/heap.go',
  'infrastructure-agent/sampler/heap_test.go',
  'infrastructure-agent-testbed/results/corpus.jsonl',
  'infrastructure-agent-testbed/run_replay.sh',
  'reports/evidence/x.json',
  'tasks/done/a.yaml',
];
const config = (fields: object = {}) => withDefaults(configSchema.parse({ version: 1, ...fields }));
const inputs = new Inputs(config());
const matching = (group: InputGroup) => FILES.filter((path) => group.matches(path));
const ofCheck = (fields: object, from = inputs) => from.ofCheck(checkSchema.parse({ run: ['go', 'test'], ...fields }));

describe('inputs of a result', () => {
  it('are the parts of the work tree that it depends on, without what runs write', () => {
    assert.deepEqual(matching(inputs.source).length, 4);
    assert.deepEqual(matching(inputs.runtime), [
      'infrastructure-agent/proto/a.proto',
      'infrastructure-agent/sampler/heap.go',
    ]);
    assert.deepEqual(matching(inputs.protos), ['infrastructure-agent/proto/a.proto']);
    assert.deepEqual(matching(inputs.testbed), ['infrastructure-agent-testbed/run_replay.sh']);
    assert.deepEqual(matching(inputs.e2e), ['e2e/kind/services.yaml']);
    assert.deepEqual(matching(inputs.doneTasks), ['tasks/done/a.yaml']);
  });

  it('of a check are its folder; the testbed drives the source, and declared ones win', () => {
    const names = (fields: object) => ofCheck(fields).map(({ name }) => name);
    assert.deepEqual(names({ cwd: 'infrastructure-agent/sampler' }), ['infrastructure-agent']);
    assert.deepEqual(names({ cwd: 'infrastructure-agent-testbed' }), [
      'infrastructure-agent-testbed',
      'infrastructure-agent',
    ]);
    assert.deepEqual(names({ cwd: '.', run: ['make', 'lint'] }), [
      '.',
      'infrastructure-agent',
      'infrastructure-agent-testbed',
      'e2e without scenarios',
    ]);
    assert.deepEqual(names({ cwd: 'infrastructure-agent', inputs: ['docs/runbook.md'] }), ['docs/runbook.md']);
    assert.deepEqual(ofCheck({ inputs: ['docs'] }).flatMap(matching), ['docs/runbook.md']);
    assert.deepEqual(ofCheck({ inputs: ['blueprint_tasks.yaml'] }).flatMap(matching), ['blueprint_tasks.yaml']);
  });

  it('leave the state of the workspace out where the workspace is the source', () => {
    const own = new Inputs(config({ paths: { source: '.' } }));
    const files = matching(own.source);
    assert.ok(files.includes('infrastructure-agent/sampler/heap.go') && files.includes('Makefile'));
    assert.deepEqual(
      files.filter((path) =>
        /^(?:blueprint_tasks|(?:tasks|reports|docs|e2e|infrastructure-agent-testbed)\/)/.test(path),
      ),
      [],
    );
    assert.deepEqual(
      ofCheck({ cwd: '.' }, own).map(({ name }) => name),
      ['.', 'infrastructure-agent-testbed', 'e2e without scenarios'],
    );
  });

  it('have one digest that changes with any content, name or mode, and with nothing else', async () => {
    const listing = new Map(FILES.map((path) => [path, `100644 ${path.length}`]));
    const digest = async (change: (map: Map<string, string>) => void) => {
      const map = new Map(listing);
      change(map);
      return (await new InputDigests(map).of([inputs.source]))[0]?.digest.sha256;
    };
    const heap = 'infrastructure-agent/sampler/heap.go';
    const same = await digest(() => {});
    assert.equal(await digest((map) => map.set('docs/runbook.md', 'other')), same);
    assert.notEqual(await digest((map) => map.set(heap, 'other')), same);
    assert.notEqual(await digest((map) => map.set(heap, `100755 ${heap.length}`)), same);
    assert.notEqual(await digest((map) => map.delete(heap)), same);
    assert.notEqual(await digest((map) => map.set('infrastructure-agent/new.go', '1')), same);
  });

  it('tell what changed', () => {
    const resource = (name: string, sha256: string) => ({ name, digest: { sha256 } });
    assert.deepEqual(
      changedResources([resource('a', '1'), resource('b', '1')], [resource('a', '1'), resource('c', '1')]),
      ['c', 'b'],
    );
    assert.deepEqual(changedResources([resource('a', '1')], [resource('a', '1')]), []);
  });
});
