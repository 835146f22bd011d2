import assert from 'node:assert/strict';
import { type BootstrapRequest, bootstrapOptions } from '../../../src/core/bootstrap/options.ts';
import { redact } from '../../../src/core/bootstrap/remote.ts';

function refusal(request: BootstrapRequest): string {
  try {
    bootstrapOptions(request);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('remotes', () => {
  it('accepts URLs, SSH names and local paths', () => {
    for (const url of [
      'https://h/a.git',
      'git@h:o/a.git',
      'file:///m/a',
      '/mirror/a b',
      '../ä/agent',
      'C:\\m\\agent',
    ]) {
      assert.equal(refusal({ sourceUrl: url }), 'accepted', url);
    }
  });

  it('refuses what git would read as an option or run as a command', () => {
    assert.equal(
      refusal({ sourceUrl: '--upload-pack=x' }),
      'The URL of --source-url starts with "-": --upload-pack=x.',
    );
    assert.equal(refusal({ testbedUrl: ' ' }), 'The URL of --testbed-url is empty.');
    assert.equal(refusal({ sourceUrl: 'https://h/\na' }), 'The URL of --source-url holds a control character.');
    assert.match(refusal({ sourceUrl: 'ext::sh -c id' }), /names a remote helper, which can run any command/);
    assert.equal(refusal({ sourceRef: '-f' }), '"-f" is not a branch, tag or commit.');
    assert.equal(refusal({ sourceRef: 'a b' }), '"a b" is not a branch, tag or commit.');
  });

  it('refuses a URL beside --sample', () => {
    assert.match(refusal({ sample: true, testbedUrl: '/m' }), /^--sample brings its own source/);
  });

  it('takes secrets out of any text', () => {
    const cases = [
      ['https://bob:s3cret@host/a.git', 'https://***@host/a.git'],
      [
        "fatal: unable to access 'https://ghp_abc@host/a.git/': no",
        "fatal: unable to access 'https://***@host/a.git/': no",
      ],
      ['https://host/a.git?private_token=abc&depth=1', 'https://host/a.git?private_token=***&depth=1'],
      ['ssh://git@host/a and https://x:y@z/b', 'ssh://***@host/a and https://***@z/b'],
      ['git@host:org/a.git', 'git@host:org/a.git'],
      ['/mirror/a@b/c', '/mirror/a@b/c'],
    ];
    for (const [given, expected] of cases) assert.equal(redact(given ?? ''), expected);
  });
});
