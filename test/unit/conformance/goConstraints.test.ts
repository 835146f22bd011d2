import assert from 'node:assert/strict';
import { constraintOf, isBuiltFor, isEverBuilt } from '../../../src/core/conformance/go/constraints.ts';

const linux = { os: 'linux', arch: 'amd64', cgo: true };
const windows = { os: 'windows', arch: 'arm64', cgo: false };
const android = { os: 'android', arch: 'arm64', cgo: false };

describe('build constraints of Go', () => {
  it('come from the name of the file', () => {
    const cases: Record<string, string | undefined> = {
      'scan.go': undefined,
      'scan_linux.go': 'linux',
      'scan_linux_test.go': 'linux',
      'scan_windows_arm64.go': 'windows && arm64',
      'scan_linux.pb.go': 'linux',
      'scan_arm64.go': 'arm64',
      'linux.go': undefined,
      'linux_test.go': undefined,
      'scan_unix.go': undefined,
      'scan_amd64_linux.go': 'linux',
    };
    for (const [name, expected] of Object.entries(cases)) assert.equal(constraintOf(name, undefined), expected, name);
    assert.equal(constraintOf('a_linux.go', 'cgo || x'), 'linux && (cgo || x)');
  });

  it('hold or do not hold on a platform', () => {
    const cases: [string, boolean, boolean, boolean][] = [
      ['linux', true, false, true],
      ['!windows', true, false, true],
      ['unix', true, false, true],
      ['cgo && amd64', true, false, false],
      ['android', false, false, true],
      ['(linux || darwin) && !android', true, false, false],
      ['go1.21', true, true, true],
      ['gc', true, true, true],
      ['custom', false, false, false],
    ];
    for (const [text, ...expected] of cases) {
      assert.deepEqual(
        [linux, windows, android].map((target) => isBuiltFor(text, target)),
        expected,
        text,
      );
    }
    assert.equal(isBuiltFor('custom', { ...linux, tags: ['custom'] }), true);
    assert.equal(isBuiltFor('go1.30', { ...linux, version: 22 }), false);
  });

  it('that cannot be read never hold', () => {
    for (const text of ['linux &&', '(linux', 'linux darwin', '&& x', 'a | b', ''])
      assert.equal(isBuiltFor(text, linux), false, text);
  });

  it('leave out what no build holds, and nothing else', () => {
    assert.equal(isEverBuilt('ignore'), false);
    assert.equal(isEverBuilt('ignore && linux'), false);
    assert.equal(isEverBuilt('ignore || linux'), true);
    assert.equal(isEverBuilt('!ignore'), true);
    assert.equal(isEverBuilt('integration && plan9'), true);
  });
});
