import type { Issue } from '../../model/issue.ts';
import { nameOf } from '../../project/layout.ts';
import { isRecording } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { candidates, type FileUse, programReads, type Read } from '../shell/reads.ts';
import type { Unit } from '../shell/script.ts';
import { finding, lineText } from './finding.ts';

/** A verdict from a recording: shell commands that read a log or result which is committed, and did not write it before. */
export function recordingsInUnit(repository: Repository, unit: Unit, use: FileUse): Issue[] {
  const written = (read: Read) =>
    use.writes.some(({ line, path }) => line <= read.line && nameOf(path) === nameOf(read.path));
  return use.reads
    .filter((read) => !written(read))
    .flatMap((read) => recordingIssue(repository, unit.file, read, use.folders));
}

/** The same for scripts in a language of their own. */
export function recordingsInProgram(repository: Repository, file: string, text: string): Issue[] {
  return programReads(text)
    .filter(({ path }) => !writes(text, path))
    .flatMap((read) => recordingIssue(repository, file, read, []));
}

function writes(text: string, path: string): boolean {
  const name = nameOf(path).replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
  return (
    new RegExp(`(?:write\\w*|open|dump|to_csv|>)\\W[^\\n]*${name}['"\`]?\\s*[,)]\\s*(?:['"][wax]|[^)\\n])`, 'i').test(
      text,
    ) && new RegExp(`${name}['"\`]\\s*,\\s*['"][wax]|write\\w*\\([^\\n]*${name}`).test(text)
  );
}

function recordingIssue(repository: Repository, file: string, read: Read, folders: readonly string[]): Issue[] {
  const path = trackedPath(repository, file, read, folders);
  if (path === undefined || !isRecording(path)) return [];
  const message = `This reads ${path}, which is committed: whatever it concludes comes from a recording, not from a run.`;
  const place = { file, line: read.line, text: lineText(repository.read(file), read.line) };
  return [finding('recording', 'error', message, place)];
}

function trackedPath(
  { tracked }: Repository,
  file: string,
  read: Read,
  folders: readonly string[],
): string | undefined {
  const exact = candidates(read.path, file, folders).find((path) => tracked.has(path));
  if (exact !== undefined || !read.isPartial) return exact;
  const suffix = `/${read.path.replace(/^\/+/, '')}`;
  const found = [...tracked].filter((path) => path.endsWith(suffix) || `/${path}` === suffix);
  return found.length === 1 ? found[0] : undefined;
}
