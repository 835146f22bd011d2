import { posix } from 'node:path';
import type { Files } from '../../ports.ts';
import { foldedPath, isBelow, plainPath } from './path.ts';
import { isTestPath, PROTECTED } from './protected.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Where a model may write. Paths are relative to the workspace root. */
export interface EditRules {
  /** `paths.source`; `.` where the workspace is the source repository. */
  readonly source: string;
  /** Documents beside the source that a task has to mention itself in. */
  readonly documents: readonly string[];
  /** Folders that no edit reaches, also where the source holds them: testbed, scenarios, tasks, reports, documents. */
  readonly closed: readonly string[];
  /** Commands of the checks: a file that one names decides about passing. */
  readonly commands: readonly { readonly run: readonly string[]; readonly cwd: string }[];
}

export interface GuardPorts {
  readonly files: Pick<Files, 'list'>;
  /** Text of a file at the base of the run; undefined where there was none. */
  readonly before: (path: string) => Promise<string | undefined>;
}

const INSTEAD =
  'Edit the source itself, add a new test file, or call flag_conflict if the task cannot be done without this change.';

/** Whether a model may write this file: its path as the workspace names it, or why not. First the allow-list, then the rest. */
export async function guardWrite(
  given: string,
  rules: EditRules,
  ports: GuardPorts,
): Promise<{ readonly path: string } | Refusal> {
  const plain = plainPath(given);
  if ('code' in plain) return plain;
  const { path } = plain;
  const listed = protectedBy(path, rules) ?? outsideOf(path, rules);
  if (listed !== undefined) return listed;
  const real = await realPlace(path, ports.files);
  if (real !== undefined) return real;
  if (isTestPath(path) && (await ports.before(path)) !== undefined) {
    return protectedPath('guard.test-file', path, 'an existing test');
  }
  return { path };
}

/** Whether a model may read this file. Only links, what leaves the workspace, and the innards of git are closed. */
export async function guardRead(
  given: string,
  files: GuardPorts['files'],
): Promise<{ readonly path: string } | Refusal> {
  const plain = plainPath(given);
  if ('code' in plain) return plain;
  const { path } = plain;
  if (/(?:^|\/)\.(?:git|infrabuilder)(?:\/|$)|(?:^|\/)\.env/.test(foldedPath(path))) {
    return refusal('guard.closed', `${path} cannot be read: it holds state or secrets. Nothing in it is needed here.`);
  }
  return (await realPlace(path, files)) ?? { path };
}

function protectedBy(path: string, rules: EditRules): Refusal | undefined {
  const folded = foldedPath(path);
  const isDocument = rules.documents.some((document) => foldedPath(document) === folded);
  const named = PROTECTED.find(({ pattern }) => pattern.test(folded));
  if (named !== undefined && !isDocument) return protectedPath(named.code, path, named.what);
  if (commandFiles(rules).has(folded)) return protectedPath('guard.check-script', path, 'run by a check');
  return undefined;
}

function outsideOf(path: string, { source, documents, closed }: EditRules): Refusal | undefined {
  const folded = foldedPath(path);
  if (documents.some((document) => foldedPath(document) === folded)) return undefined;
  const shut = closed.find((folder) => folder !== '.' && isBelow(folded, foldedPath(folder)));
  if (shut === undefined && path !== '.' && path !== source && isBelow(folded, foldedPath(source))) return undefined;
  const where = [source === '.' ? 'the source' : `${source}/`, ...documents].join(', ');
  const why = shut === undefined ? 'lies outside what a task may change' : `lies in ${shut}/, which no edit reaches`;
  return refusal('guard.outside', `${path} ${why}. It was not changed. Files that may be edited: ${where}.`);
}

/** Files that the commands name, as far as a word can be a path. */
function commandFiles({ commands }: EditRules): ReadonlySet<string> {
  const words = commands.flatMap(({ run, cwd }) =>
    run.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)].map((one) => posix.join(cwd, one))),
  );
  return new Set(words.map(foldedPath));
}

/** Links are never followed, and a name counts only in the very spelling that the folder has. */
async function realPlace(path: string, files: GuardPorts['files']): Promise<Refusal | undefined> {
  const parts = path === '.' ? [] : path.split('/');
  for (const [at, part] of parts.entries()) {
    const folder = parts.slice(0, at).join('/') || '.';
    const entries = await files.list(folder);
    const entry = entries.find(({ name }) => name === part);
    const other = entries.find(({ name }) => name !== part && foldedPath(name) === foldedPath(part));
    if (other !== undefined) {
      const right = [...parts.slice(0, at), other.name].join('/');
      return refusal('guard.case', `${path} is written otherwise here: ${right}. Use that spelling.`);
    }
    if (entry === undefined) return undefined;
    const isLast = at === parts.length - 1;
    if (entry.kind === 'link') {
      return refusal(
        'guard.link',
        `${path} leads through the link ${part}. Links are not followed; use the real path.`,
      );
    }
    if (entry.kind === 'other' || (!isLast && entry.kind !== 'folder')) {
      return refusal('guard.path', `${path} cannot be a file: ${part} is no folder.`);
    }
  }
  return undefined;
}

function protectedPath(code: string, path: string, what: string): Refusal {
  return refusal(code, `${path} is ${what}, so it is protected and was not changed. ${INSTEAD}`);
}
