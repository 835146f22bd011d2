import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBlueprint } from '../../../src/core/parse/blueprint.ts';
import { parseConfig } from '../../../src/core/parse/config.ts';
import { parseConformance } from '../../../src/core/parse/conformance.ts';
import { parseDeviation } from '../../../src/core/parse/deviation.ts';
import { parseMapping } from '../../../src/core/parse/mapping.ts';
import type { Parsed } from '../../../src/core/parse/parsed.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import { parseTask } from '../../../src/core/parse/task.ts';

const SAMPLE = fileURLToPath(new URL('../../../templates/sample/', import.meta.url));

const FORMATS: readonly (readonly [glob: string, parse: (text: string, file: string) => Parsed<unknown>])[] = [
  ['infrabuilder.yaml', parseConfig],
  ['blueprint_tasks.yaml', parseMapping],
  ['conformance.yaml', parseConformance],
  ['tasks/*/*.yaml', parseTask],
  ['e2e/scenarios/*.{yml,yaml}', parseScenario],
  ['docs/deviations/*.yaml', parseDeviation],
  ['docs/*lueprint*.md', parseBlueprint],
];

describe('the sample workspace', () => {
  const files = FORMATS.flatMap(([glob, parse]) => globSync(glob, { cwd: SAMPLE }).map((file) => ({ file, parse })));

  for (const { file, parse } of files) {
    it(file, () => {
      const { value, issues } = parse(readFileSync(`${SAMPLE}${file}`, 'utf8'), file);
      assert.deepEqual(issues, []);
      assert.notEqual(value, undefined);
    });
  }

  it('has tasks, scenarios and a blueprint', () => {
    assert.ok(existsSync(SAMPLE));
    const names = files.map(({ file }) => basename(file)).join(' ');
    assert.match(names, /topn_sampler\.yaml/);
    assert.match(names, /standard\.yml/);
    assert.match(names, /blueprint_vFinal\.md/);
  });
});
