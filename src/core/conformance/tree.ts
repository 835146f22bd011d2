import type { SyntaxNode } from '../ports.ts';
import type { Place } from './facts.ts';

/** Named children without comments. */
export function children(node: SyntaxNode | null): SyntaxNode[] {
  return (node?.namedChildren ?? []).filter((child) => child !== null && child.type !== 'comment') as SyntaxNode[];
}

export function placeOf(node: SyntaxNode): Place {
  const { startPosition: start, endPosition: end } = node;
  return [start.row + 1, start.column + 1, end.row + 1, end.column + 1];
}

/** As many as are worth showing for one file. */
const MAX_BROKEN = 3;

/** Places where the text does not parse, outermost first. */
export function brokenPlaces(root: SyntaxNode): Place[] {
  const places: Place[] = [];
  const visit = (node: SyntaxNode): void => {
    if (places.length >= MAX_BROKEN || !node.hasError) return;
    if (node.isError || node.isMissing) places.push(startOf(node));
    else for (const child of node.children) if (child !== null && (child.hasError || child.isMissing)) visit(child);
  };
  visit(root);
  return places;
}

function startOf(node: SyntaxNode): Place {
  const [line, column, endLine, endColumn] = placeOf(node);
  return endLine === line ? [line, column, endLine, Math.max(endColumn, column)] : [line, column, line, column + 1];
}
