import type { Issue } from '../../model/issue.ts';
import type { Path } from '../../parse/parsed.ts';
import { closest } from '../../parse/suggest.ts';
import type { Context, Edge } from '../context.ts';
import { isGlob, matchesGlob } from '../glob.ts';

/** Whether an import leads to what `target` names: a component, `std:<glob>` or `import:<glob>`. */
export function leadsTo(edge: Edge, target: string): boolean {
  if (target.startsWith('std:')) return edge.target.kind === 'std' && matchesGlob(target.slice(4), edge.target.name);
  if (target.startsWith('import:'))
    return edge.target.kind === 'external' && matchesGlob(target.slice(7), edge.target.name);
  return edge.to === target;
}

/** Names that are neither components nor, where allowed, something else. A typo would make a rule hold for ever. */
export function unknownTargets(
  context: Context,
  names: readonly string[],
  path: Path,
  accept: 'sources' | 'imports' | 'globs' | 'components',
): Issue[] {
  return names.flatMap((name, index) => {
    if (context.isComponent(name)) return [];
    if (accept === 'sources' && name === '*') return [];
    if (accept === 'imports' && /^(std|import):./.test(name)) return [];
    if (accept === 'globs' && (isGlob(name) || name.includes('.'))) return [];
    const near = closest(name, context.components.names);
    const help =
      near === undefined ? `Components: ${context.components.names.join(', ') || 'none'}.` : `Did you mean "${near}"?`;
    const at = context.document.locate([...path, index]);
    const issue = context.issue('conformance.unknown-component', `"${name}" is no component. ${help}`, at);
    if (near === undefined) return [issue];
    const edits = [{ file: context.document.path, range: at, newText: near }];
    return [{ ...issue, fixes: [{ title: `Replace by "${near}"`, edits }] }];
  });
}
