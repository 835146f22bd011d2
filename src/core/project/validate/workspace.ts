import type { Issue } from '../../model/issue.ts';
import { FILE_START } from '../../model/source.ts';
import type { Index } from '../index.ts';
import { inFolder, MAPPING_FILES, nameOf } from '../layout.ts';

/** True where nothing of a workspace is there yet. */
export function isEmpty(index: Index): boolean {
  const { documents } = index;
  return (
    index.configEntry === undefined &&
    index.mappingEntry === undefined &&
    index.unreadable.size + index.tasks.size + index.scenarios.size + index.deviations.size === 0 &&
    index.strayTasks.length + documents.reports.size + documents.adrs.length === 0 &&
    [documents.blueprint, documents.runbook, documents.changelog].every((file) => file === undefined)
  );
}

export function emptyWorkspace(): Issue {
  const message = 'There is no InfraBuilder workspace here yet. Run "infrabuilder init" to make one.';
  return { code: 'workspace.empty', severity: 'info', message, file: '.', range: FILE_START };
}

/** The shape of the workspace as a whole. */
export function checkWorkspace(index: Index): Issue[] {
  const found: Issue[] = [];
  const [mappingFile] = MAPPING_FILES;
  if (
    index.mappingEntry === undefined &&
    index.tasks.size > 0 &&
    !MAPPING_FILES.some((file) => index.unreadable.has(file))
  ) {
    const message = `There is no ${mappingFile}, so no task is linked to the blueprint. Write it, or run "infrabuilder init".`;
    found.push({ code: 'mapping.missing', severity: 'warning', message, file: mappingFile, range: FILE_START });
  }
  for (const file of index.strayTasks) {
    const to = inFolder(index.layout.tasks.pending, nameOf(file));
    const message = `This file is in none of the folders pending, in_progress and done, so it is no task yet.`;
    const fixes = index.tasks.has(to) ? [] : [{ title: `Move it to ${to}`, edits: [], moves: [{ from: file, to }] }];
    const help = fixes.length > 0 ? { fixes } : {};
    found.push({ code: 'task.outside-folders', severity: 'warning', message, file, range: FILE_START, ...help });
  }
  for (const file of index.strayFolders) {
    const message = `${file} is not looked into: tasks lie directly in pending, in_progress and done.`;
    found.push({ code: 'task.unknown-folder', severity: 'info', message, file, range: FILE_START });
  }
  return found;
}
