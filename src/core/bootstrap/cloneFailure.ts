import { EnvironmentError, HumanError } from '../base/errors.ts';
import type { CloneOutcome } from '../ports.ts';
import { type Remote, type RemoteOption, redact } from './remote.ts';

type Failed = Exclude<CloneOutcome, { kind: 'cloned' }>;

const SAMPLE = 'use --sample, which needs no network';

interface Explanation {
  readonly pattern: RegExp;
  readonly code: string;
  readonly environment: boolean;
  readonly what: string;
  readonly hint: (option: RemoteOption) => string;
}

/** In order: the first pattern that matches git's output explains it. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'init.disk-full',
    environment: true,
    what: 'the disk is full',
    hint: () => 'Free some space, then run init again.',
  },
  {
    pattern:
      /could not resolve (host|hostname)|name or service not known|temporary failure in name resolution|network is unreachable|no route to host/i,
    code: 'init.offline',
    environment: true,
    what: 'the network or the host cannot be reached',
    hint: (option) => `Connect and run init again, name a mirror or a local path with ${option}-url, or ${SAMPLE}.`,
  },
  {
    pattern:
      /failed to connect|couldn't connect|could not connect|connection (refused|timed out|reset)|operation (timed out|too slow)|gnutls|unexpected disconnect|early eof/i,
    code: 'init.offline',
    environment: true,
    what: 'the connection failed',
    hint: (option) => `Run init again, name a mirror or a local path with ${option}-url, or ${SAMPLE}.`,
  },
  {
    pattern: /ssl certificate|certificate verif|self[- ]signed certificate/i,
    code: 'init.certificate',
    environment: true,
    what: "the server's certificate is not trusted",
    hint: (option) => `Install the certificate of your proxy, or name a mirror with ${option}-url.`,
  },
  {
    pattern: /host key verification failed/i,
    code: 'init.host-key',
    environment: true,
    what: 'the SSH host is not known yet',
    hint: () => 'Connect once by ssh and accept its key, then run init again.',
  },
  {
    pattern:
      /pathspec .* did not match|invalid reference|remote branch .* not found|reference is not a tree|unknown revision/i,
    code: 'init.unknown-ref',
    environment: false,
    what: 'the remote has no such branch, tag or commit',
    hint: (option) => `Correct ${option}-ref.`,
  },
  {
    pattern:
      /could not read (username|password)|authentication failed|permission denied \(|terminal prompts disabled|403/i,
    code: 'init.no-access',
    environment: false,
    what: 'it asks for a login, or there is no such repository',
    hint: (option) => `Check ${option}-url, log in with a git credential helper or SSH key, or ${SAMPLE}.`,
  },
  {
    pattern: /repository .*(not found|does not exist)|does not appear to be a git repository|not found|404/i,
    code: 'init.not-a-repository',
    environment: false,
    what: 'there is no repository',
    hint: (option) => `Correct ${option}-url, or ${SAMPLE}.`,
  },
  {
    pattern: /permission denied|read-only file system/i,
    code: 'init.no-permission',
    environment: true,
    what: 'the folder cannot be written',
    hint: () => 'Check its owner and mode, then run init again.',
  },
];

/** Why a clone failed and what to do next, from git's own words. Passwords are taken out. */
export function cloneFailure(failed: Failed, remote: Remote, option: RemoteOption): HumanError {
  const name = redact(remote.url) + (remote.ref === undefined ? '' : ` at ${remote.ref}`);
  const said = lastWords(redact(failed.output));
  if (failed.kind === 'timed-out') {
    return new EnvironmentError(
      'init.clone-timeout',
      `Cloning ${name} took too long and was stopped.`,
      `Run init again, name a nearer mirror or a local path with ${option}-url, or ${SAMPLE}.`,
    );
  }
  if (failed.kind === 'no-git') {
    return new EnvironmentError('init.no-git', `git cannot be run: ${said}`, `Install git, or ${SAMPLE}.`);
  }
  if (failed.kind === 'no-commits') {
    return new HumanError('init.empty-repository', `${name} has no commits.`, `Correct ${option}-url, or ${SAMPLE}.`);
  }
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(failed.output));
  const kind = known === undefined || known.environment ? EnvironmentError : HumanError;
  return new kind(
    known?.code ?? 'init.clone-failed',
    `Cloning ${name} failed${known ? `: ${known.what}` : ''}. git says: ${said || 'nothing'}`,
    known?.hint(option) ?? `Try "git clone ${redact(remote.url)}" yourself, or ${SAMPLE}.`,
  );
}

/** The lines of git that say what went wrong. */
function lastWords(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean);
  const telling = lines.filter((line) => /^(fatal|error|remote|ssh):?/i.test(line));
  return (telling.length > 0 ? telling : lines).slice(-3).join(' ');
}
