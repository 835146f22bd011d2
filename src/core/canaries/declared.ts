import { errorMessage, HumanError } from '../base/errors.ts';
import { compareIssues, type Issue } from '../model/issue.ts';
import type { Files } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { Defect, Unplantable } from './defect.ts';
import { type ResolvedEdits, resolveEdits } from './edits.ts';

/** The defects that `infrabuilder.yaml` declares for these goals. */
export async function declaredDefects(
  snapshot: Snapshot,
  goals: ReadonlySet<string>,
  files: Files,
): Promise<(Defect | Unplantable)[]> {
  const found: (Defect | Unplantable)[] = [];
  for (const [at, { goal, title, duration_seconds: durationSeconds }] of snapshot.config.canaries.entries()) {
    if (!goals.has(goal)) continue;
    const resolved = await resolve(snapshot, at, files);
    const [problem] = issuesOf(snapshot, at, resolved);
    const common = { goal, title, origin: 'declared' as const };
    if (problem !== undefined) found.push({ ...common, why: `${place(problem)} ${problem.message}` });
    else found.push({ ...common, files: resolved.files, shows: 'fail', durationSeconds });
  }
  return found;
}

/** Edits of declared canaries that do not fit the files: an unknown file, a text that is not there, or there twice. */
export async function canaryIssues(snapshot: Snapshot, files: Pick<Files, 'read'>): Promise<Issue[]> {
  const found: Issue[] = [];
  for (const at of snapshot.config.canaries.keys()) {
    found.push(...issuesOf(snapshot, at, await resolve(snapshot, at, files)));
  }
  return found.sort(compareIssues);
}

async function resolve({ config }: Snapshot, at: number, files: Pick<Files, 'read'>): Promise<ResolvedEdits> {
  const edits = config.canaries[at]?.edits ?? [];
  try {
    return await resolveEdits(edits, config.paths, (file) => files.read(file));
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    const message = errorMessage(error);
    return { files: [], problems: [{ code: 'canary.unknown-file', edit: 0, key: 'file', message }] };
  }
}

function issuesOf({ configFile, source }: Snapshot, at: number, { problems }: ResolvedEdits): Issue[] {
  const parsed = configFile === undefined ? undefined : source(configFile)?.parsed;
  if (configFile === undefined || parsed === undefined) return [];
  return problems.map(({ code, edit, key, message }) => {
    const range = parsed.locate(['canaries', at, 'edits', edit, key]);
    return { code, severity: 'error', message, file: configFile, range };
  });
}

function place({ file, range: { start } }: Issue): string {
  return `${file}:${start.line}:${start.column}:`;
}
