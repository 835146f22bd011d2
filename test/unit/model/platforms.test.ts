import assert from 'node:assert/strict';
import { platformsOf } from '../../../src/core/model/scenario.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';

function platforms(yaml: string): string[] {
  const { value, issues } = parseScenario(`name: s\nworkload:\n  type: standard\nplatforms:\n${yaml}`, 's.yml');
  assert.deepEqual(issues, []);
  assert.ok(value);
  return platformsOf(value).map(({ os, versions }) => `${os}: ${versions.join(', ')}`);
}

describe('platforms of a scenario', () => {
  for (const [does, yaml, expected] of [
    ['keeps 5.10 as written', '  - linux:\n      kernels: [5.10]\n', ['linux: 5.10']],
    ['keeps each version as written', '  - linux:\n      kernels: [5.10, 4.14, 6.8]\n', ['linux: 5.10, 4.14, 6.8']],
    [
      'reads a block list and quotes',
      '  - linux:\n      kernels:\n        - 5.10\n        - "5.10"\n        - 6.80\n',
      ['linux: 5.10, 6.80'],
    ],
    ['reads flow style', '  - {linux: {kernels: [5.10, 6.0]}}\n', ['linux: 5.10, 6.0']],
    ['reads a plain name', '  - linux\n', ['linux: ']],
    ['reads a name without details', '  - linux:\n  - macos\n', ['linux: ', 'macos: ']],
    [
      'reads versions of any system',
      '  - windows: {versions: [2016, 2019, 2022], arch: amd64}\n  - Darwin: 14.0\n',
      ['windows: 2016, 2019, 2022', 'macos: 14.0'],
    ],
    ['joins entries of one system', '  - linux: [4.10]\n  - linux: [5.10, 4.10]\n', ['linux: 4.10, 5.10']],
  ] as const) {
    it(does, () => assert.deepEqual(platforms(yaml), expected));
  }
});
