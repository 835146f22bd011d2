import assert from 'node:assert/strict';
import { EnvironmentError } from '../../../src/core/base/errors.ts';
import { cloneFailure } from '../../../src/core/bootstrap/cloneFailure.ts';

const REMOTE = { url: 'https://bob:s3cret@h.example/a.git', ref: undefined };

function explained(output: string): string {
  const error = cloneFailure({ kind: 'failed', output }, REMOTE, '--source');
  return `${error.code}${error instanceof EnvironmentError ? ' (environment)' : ''}`;
}

describe('failures of a clone', () => {
  it("are read from git's own words", () => {
    const cases: [string, string][] = [
      ["fatal: unable to access 'https://h/': Could not resolve host: h", 'init.offline (environment)'],
      [
        "fatal: unable to access 'https://h/': Failed to connect to h port 9 after 0 ms: Couldn't connect to server",
        'init.offline (environment)',
      ],
      [
        'error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec transferred',
        'init.offline (environment)',
      ],
      [
        "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate",
        'init.certificate (environment)',
      ],
      ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", 'init.no-access'],
      ['git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'init.no-access'],
      ['Host key verification failed.\nfatal: Could not read from remote repository.', 'init.host-key (environment)'],
      ["fatal: repository '/m/none' does not exist", 'init.not-a-repository'],
      ["fatal: '/m/none' does not appear to be a git repository", 'init.not-a-repository'],
      ["error: pathspec 'nope' did not match any file(s) known to git", 'init.unknown-ref'],
      ['fatal: invalid reference: v99', 'init.unknown-ref'],
      ['fatal: write error: No space left on device', 'init.disk-full (environment)'],
      ["fatal: could not create work tree dir 'x': Permission denied", 'init.no-permission (environment)'],
      ['fatal: something new', 'init.clone-failed (environment)'],
      ['', 'init.clone-failed (environment)'],
    ];
    for (const [output, expected] of cases) assert.equal(explained(output), expected, output);
  });

  it('say what to do, and never show a password', () => {
    const output =
      "Cloning into 'x'...\nfatal: unable to access 'https://bob:s3cret@h.example/a.git/': Could not resolve host: h.example";
    const error = cloneFailure({ kind: 'failed', output }, { ...REMOTE, ref: 'v1' }, '--testbed');
    assert.equal(
      error.message,
      "Cloning https://***@h.example/a.git at v1 failed: the network or the host cannot be reached. git says: fatal: unable to access 'https://***@h.example/a.git/': Could not resolve host: h.example",
    );
    assert.equal(
      error.hint,
      'Connect and run init again, name a mirror or a local path with --testbed-url, or use --sample, which needs no network.',
    );
  });

  it('tell a time-out, a missing git and an empty repository apart', () => {
    const code = (kind: 'timed-out' | 'no-git' | 'no-commits') =>
      cloneFailure({ kind, output: '' }, REMOTE, '--source').code;
    assert.equal(code('timed-out'), 'init.clone-timeout');
    assert.equal(code('no-git'), 'init.no-git');
    assert.equal(code('no-commits'), 'init.empty-repository');
  });
});
