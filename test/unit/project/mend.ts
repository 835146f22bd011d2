import assert from 'node:assert/strict';
import { applyFix } from '../../support/applyFix.ts';
import { line, type Workspace } from './workspace.ts';

/**
 * Applies the fix with this title (default: the only one) of the first issue with this code. Asserts that the issue is
 * gone and that no other issue came. Returns what changed: `a.yaml:3 -old`, `a.yaml:3 +new`, `a.yaml -> b.yaml`.
 */
export async function mend(workspace: Workspace, code: string, title?: string): Promise<string[]> {
  const { files, project } = workspace;
  const before = (await project.snapshot()).issues;
  const issue = await workspace.issue(code);
  const fixes = (issue.fixes ?? []).filter((fix) => title === undefined || fix.title === title);
  const [fix] = fixes;
  assert.ok(fix && fixes.length === 1, `fixes of ${code}: ${issue.fixes?.map((one) => one.title).join(' | ')}`);
  const texts = files.texts();
  project.update(await applyFix(files, fix));
  const after = (await project.snapshot()).issues;
  const count = (issues: typeof before) => issues.filter((one) => one.code === code).length;
  assert.equal(count(after), count(before) - 1, `${code} is still there:\n${after.map(line).join('\n')}`);
  assert.equal(after.length, before.length - 1, `the fix made new issues:\n${after.map(line).join('\n')}`);
  return difference(texts, files.texts());
}

function difference(before: Record<string, string>, after: Record<string, string>): string[] {
  const gone = Object.keys(before).filter((file) => after[file] === undefined);
  const come = Object.keys(after).filter((file) => before[file] === undefined);
  const moved = gone.map((file) => [file, come.find((other) => after[other] === before[file])] as const);
  const changed = Object.keys(before).filter((file) => after[file] !== undefined && after[file] !== before[file]);
  return [
    ...moved.map(([from, to]) => `${from} -> ${to}`),
    ...changed.flatMap((file) => lineDifference(file, before[file] ?? '', after[file] ?? '')),
  ];
}

/** One changed region: equal lines at both ends are left out. */
function lineDifference(file: string, before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const part = (lines: string[], sign: string) =>
    lines.slice(start, lines.length - end).map((text, at) => `${file}:${start + at + 1} ${sign}${text}`);
  return [...part(a, '-'), ...part(b, '+')];
}
