import type { Issue, Severity } from '../model/issue.ts';
import { FILE_START, type Range } from '../model/source.ts';
import type { Context, Edge } from './context.ts';
import { type FileFacts, placeRange } from './facts.ts';
import { mayImportInternal } from './go/modules.ts';
import { folderOf } from './sources.ts';
import { isSource } from './walk.ts';

/** What each file says about itself, whatever the rules: it does not parse, no component holds it, an import misleads. */
export function fileIssues(context: Context): Issue[] {
  return [
    ...[...context.sources.files].flatMap(([path, facts]) => ofFile(context, path, facts)),
    ...context.edges.flatMap((edge) => ofImport(context, edge)),
    ...unattached(context),
  ];
}

function ofFile(context: Context, path: string, facts: FileFacts): Issue[] {
  const issues: Issue[] = [];
  const add = (code: string, severity: Severity, message: string, range: Range = FILE_START) =>
    issues.push({ code: `conformance.${code}`, severity, message, file: context.path(path), range });
  if (facts.notUtf8) add('not-utf8', 'warning', 'This file is not UTF-8; what could be read of it counts.');
  const [place] = facts.broken;
  if (place !== undefined) {
    const message = 'The grammar cannot parse this place, so results for this file may be partial.';
    add('syntax', 'warning', message, placeRange(place));
  }
  if (facts.cut === true && facts.generated)
    add('large-generated', 'info', 'Of this large generated file only the imports were read.');
  return issues;
}

function ofImport(context: Context, { file, fact, facts, target, to }: Edge): Issue[] {
  if (target.kind !== 'own') return [];
  const issues: Issue[] = [];
  const add = (code: string, severity: Severity, message: string) => {
    const range = placeRange(fact.place);
    issues.push({ code: `conformance.${code}`, severity, message, file: context.path(file), range });
  };
  if (target.wrongCase === true)
    add('wrong-case', 'error', `"${fact.path}" is ${target.path} but for its case: other systems will not find it.`);
  if (facts.language !== 'go') return issues;
  const isLeftOut = context.sources.find([target.path]) === undefined;
  // Go imports testdata and linked folders like any other, so they would be a way round every rule.
  const isHidden = !isSource(`${target.path}/x.go`) || context.sources.isLinked(target.path);
  if (isLeftOut && (isHidden || to === undefined)) {
    const message = `"${fact.path}" leads to code that the scan leaves out, so no rule covers what it imports.`;
    add('unscanned-import', isHidden ? 'error' : 'warning', message);
  }
  if (!mayImportInternal(folderOf(file), target.path)) {
    const message = `"${fact.path}" is internal: only code below the folder that holds "internal" may import it.`;
    add('internal-import', 'error', message);
  }
  return issues;
}

function unattached(context: Context): Issue[] {
  const severity = context.rules.unattached;
  if (severity === 'off' || context.components.names.length === 0) return [];
  const message = 'No component holds this file, so rules on components do not cover it. Add it to a component.';
  return [...context.sources.files.keys()]
    .filter((path) => context.components.of(path) === undefined)
    .map((path) => ({
      code: 'conformance.unattached',
      severity,
      message,
      file: context.path(path),
      range: FILE_START,
    }));
}
