import { HumanError } from '../base/errors.ts';

/** A repository to clone: a URL or a local path, and a branch, tag or commit. */
export interface Remote {
  readonly url: string;
  readonly ref: string | undefined;
}

export type RemoteOption = '--source' | '--testbed';

const SECRET_PARAMETER = /([?&](?:[a-z_-]*token|[a-z_-]*key|password|secret)=)[^&#\s'"]+/gi;
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^/@\s'"]*@/gi;

/** Takes user names, passwords and tokens out of every URL in a text. */
export function redact(text: string): string {
  return text.replace(USER_INFO, '$1***@').replace(SECRET_PARAMETER, '$1***');
}

export function hasPassword(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/@]+@/i.test(url);
}

/** Throws HumanError for what git would read as an option, or as a command to run. */
export function checkRemote(remote: Remote, option: RemoteOption): Remote {
  const { url, ref } = remote;
  if (url.trim() === '') throw bad(option, 'is empty');
  if (url.startsWith('-')) throw bad(option, `starts with "-": ${redact(url)}`);
  if (hasControlCharacter(url)) throw bad(option, 'holds a control character');
  if (/^[a-z0-9]+::/i.test(url)) throw bad(option, `names a remote helper, which can run any command: ${redact(url)}`);
  if (ref !== undefined && (ref.trim() === '' || ref.startsWith('-') || /\s/.test(ref) || hasControlCharacter(ref))) {
    throw new HumanError('init.bad-ref', `"${ref}" is not a branch, tag or commit.`, 'Name one as the remote has it.');
  }
  return remote;
}

function bad(option: RemoteOption, why: string): HumanError {
  return new HumanError(
    'init.bad-url',
    `The URL of ${option}-url ${why}.`,
    'Give an https, ssh or file URL, or the path of a local repository.',
  );
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\x7f');
}
