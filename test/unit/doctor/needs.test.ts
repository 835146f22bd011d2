import assert from 'node:assert/strict';
import { installHint } from '../../../src/core/doctor/hints.ts';
import { type Needs, neededTools } from '../../../src/core/doctor/needs.ts';
import { npmPrefix, toolPath, withToolPath } from '../../../src/core/doctor/toolPath.ts';
import { PLAN_TOOLS } from '../../../src/core/doctor/tools.ts';
import { checkSchema } from '../../../src/core/model/check.ts';
import { goalSchema } from '../../../src/core/model/goal.ts';

const NINE = ['git', 'go', 'docker', 'protoc', 'buf', 'make', 'kind', 'firecracker', 'toxiproxy-server'];

function needs(checks: Record<string, unknown>, goals: unknown[] = [], platforms: string[] = []): Needs {
  const parsed = Object.entries(checks).map(([name, check]) => [name, checkSchema.parse(check)] as const);
  return { checks: Object.fromEntries(parsed), goals: goals.map((goal) => goalSchema.parse(goal)), platforms };
}

/** Tools that somebody needs, `*` where required. */
function needed(of: Needs): string[] {
  return neededTools(of)
    .filter((tool) => tool.neededBy.length > 0)
    .map((tool) => `${tool.spec.id}${tool.required ? '*' : ''}: ${tool.neededBy.join(', ')}`);
}

describe('needed tools', () => {
  it('always list the nine of the plan', () => {
    assert.deepEqual(
      neededTools(needs({})).map((tool) => tool.spec.id),
      NINE,
    );
    assert.deepEqual(needed(needs({})), []);
  });

  it('are what the checks run; a path is a file of the workspace', () => {
    const checks = {
      lint: { run: ['golangci-lint', 'run', './...'] },
      test: { run: ['go', 'test', '-race', './...'] },
      harness: { run: ['./run_replay.sh'] },
      all: { run: ['gmake', 'all'] },
      docs: { run: ['vale', 'docs'] },
    };
    assert.deepEqual(needed(needs(checks)), [
      'go*: check test',
      'make*: check all',
      'golangci-lint*: check lint',
      'c-compiler*: check test',
      'vale*: check docs',
    ]);
  });

  it('are not required by an optional check or by a goal alone', () => {
    const checks = { lint: { run: ['go', 'vet'], optional: true } };
    const goals = [
      { id: 'G-1', title: 'Schema', kind: 'schema' },
      { id: 'X-1', title: 'Own', kind: 'command', run: ['shellcheck', 'x'] },
      { id: 'X-2', title: 'Off', kind: 'command', run: ['never'], applies: false, reason: 'no' },
    ];
    assert.deepEqual(needed(needs(checks, goals)), [
      'git: goal G-1',
      'go: check lint',
      'buf: goal G-1',
      'shellcheck: goal X-1',
    ]);
  });

  it('are required by a platform that must be served here', () => {
    assert.deepEqual(needed(needs({}, [], ['linux', 'kind', 'firecracker'])), [
      'docker*: platform kind',
      'kind*: platform kind',
      'firecracker*: platform firecracker',
    ]);
  });

  it('come with the way to install them on this system', () => {
    const hints = PLAN_TOOLS.find((tool) => tool.id === 'protoc')?.install ?? { other: '' };
    assert.equal(installHint(hints, 'linux', 'apt'), 'sudo apt-get install protobuf-compiler');
    assert.equal(installHint(hints, 'linux', 'apk'), 'sudo apk add protoc');
    assert.equal(installHint(hints, 'linux', undefined), 'https://github.com/protocolbuffers/protobuf/releases');
    assert.equal(installHint(hints, 'macos', undefined), 'brew install protobuf');
    assert.equal(installHint(hints, 'windows', undefined), 'winget install Google.Protobuf, or: choco install protoc');
    assert.equal(installHint({ other: 'see x' }, 'windows', undefined), 'see x');
  });

  it('installed by us come first on the PATH', () => {
    assert.equal(toolPath('/my ws/'), '/my ws/.infrabuilder/tools/bin');
    assert.deepEqual(withToolPath('/ws', { PATH: '/bin' }, 'linux'), { PATH: '/ws/.infrabuilder/tools/bin:/bin' });
    assert.deepEqual(withToolPath('/ws', {}, 'linux'), { PATH: '/ws/.infrabuilder/tools/bin' });
    assert.deepEqual(withToolPath('C:\\ws', { Path: 'C:\\bin' }, 'windows'), {
      Path: 'C:\\ws/.infrabuilder/tools/bin;C:\\bin',
    });
    assert.equal(npmPrefix('/ws', 'linux'), '/ws/.infrabuilder/tools');
    assert.equal(npmPrefix('/ws', 'windows'), '/ws/.infrabuilder/tools/bin');
  });
});
