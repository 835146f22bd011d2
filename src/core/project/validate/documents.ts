import type { Issue } from '../../model/issue.ts';
import { FILE_START } from '../../model/source.ts';
import { REPORT_KINDS } from '../documents.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { folderOf, inFolder } from '../layout.ts';
import { at, didYouMean } from './report.ts';

/** Which documents are missing, doubtful or belong to nothing. */
export function checkDocuments(index: Index, hints: Hints): Issue[] {
  const presence = index.unreadable.has(index.layout.docs) ? [] : [...checkBlueprint(index), ...checkPresence(index)];
  return [...presence, ...checkReports(index, hints)];
}

function checkBlueprint(index: Index): Issue[] {
  const { layout, documents, configEntry, blueprintCandidates } = index;
  const [chosen, ...others] = blueprintCandidates;
  if (documents.blueprint === undefined) {
    if (layout.blueprint !== undefined && configEntry !== undefined) {
      const message = `There is no blueprint at ${layout.blueprint}. Correct the path, or put the blueprint there.`;
      return [at(configEntry, ['blueprint'], { code: 'blueprint.missing', severity: 'error', message })];
    }
    const file = inFolder(layout.docs, 'blueprint_vFinal.md');
    const message = `There is no blueprint. Put it at ${file}, or name it under "blueprint" in infrabuilder.yaml.`;
    return [{ code: 'blueprint.missing', severity: 'warning', message, file, range: FILE_START }];
  }
  if (chosen === undefined || others.length === 0 || layout.blueprint !== undefined) return [];
  const message = `Several files can be the blueprint: ${blueprintCandidates.join(', ')}. ${chosen} is used. Name the right one under "blueprint" in infrabuilder.yaml.`;
  return [{ code: 'blueprint.ambiguous', severity: 'warning', message, file: chosen, range: FILE_START }];
}

function checkPresence({ documents, layout }: Index): Issue[] {
  const missing = (code: string, name: string, severity: 'warning' | 'info', what: string): Issue => {
    const file = inFolder(layout.docs, name);
    return { code, severity, message: `There is no ${what}. Create ${file}.`, file, range: FILE_START };
  };
  return [
    ...(documents.runbook === undefined ? [missing('runbook.missing', 'runbook.md', 'warning', 'runbook')] : []),
    ...(documents.changelog === undefined ? [missing('changelog.missing', 'CHANGELOG.md', 'info', 'change log')] : []),
  ];
}

function checkReports(index: Index, hints: Hints): Issue[] {
  const found: Issue[] = [];
  for (const [slug, reports] of index.documents.reports) {
    if (index.tasksBySlug.has(slug)) continue;
    for (const kind of REPORT_KINDS) {
      const file = reports[kind];
      if (file === undefined) continue;
      const free = (name: string) => index.documents.reports.get(name)?.[kind] === undefined;
      const names = hints.nearest('task', slug, () => index.tasksBySlug.keys()).filter(free);
      const message = `This report belongs to the task "${slug}", which is unknown.${didYouMean(names)}`;
      const fixes = names.map((name) => {
        const to = inFolder(folderOf(file), `${name}_${kind}.md`);
        return { title: `Rename the file to ${name}_${kind}.md`, edits: [], moves: [{ from: file, to }] };
      });
      const help = fixes.length > 0 ? { fixes } : {};
      found.push({ code: 'document.orphan', severity: 'info', message, file, range: FILE_START, ...help });
    }
  }
  return found;
}
