import type { SyntaxNode } from '../ports.ts';
import type { Desk } from './desk.ts';

export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Places where a text does not parse, in order; undefined for a language without a grammar. */
export async function syntaxFaults(
  { trees, grammarOf }: Pick<Desk, 'trees' | 'grammarOf'>,
  path: string,
  text: string,
): Promise<readonly SyntaxFault[] | undefined> {
  const language = grammarOf(path);
  if (language === undefined) return undefined;
  const grammar = await trees.grammar(language);
  return grammar.read(text, (root) => faultsBelow(root));
}

const MOST_FAULTS = 20;

function faultsBelow(root: SyntaxNode): SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const open: (SyntaxNode | null)[] = [root];
  while (open.length > 0 && found.length < MOST_FAULTS) {
    const node = open.pop();
    if (!node) continue;
    if (node.isError || node.isMissing) {
      const { row, column } = node.startPosition;
      const text = node.isMissing ? `missing ${node.type}` : (node.text.split('\n')[0]?.slice(0, 80) ?? '');
      found.push({ line: row + 1, column: column + 1, text });
    } else if (node.hasError) open.push(...[...node.children].reverse());
  }
  return found;
}
