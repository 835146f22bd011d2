/** Where a cursor stands in block YAML: the keys that lead to it, `-` for an item of a list. */
export interface KeyPath {
  readonly keys: readonly string[];
  /** True where the text before the cursor could be the start of a value; false where a key is being typed. */
  readonly inValue: boolean;
}

const KEY = /^(\s*)((?:- +)*)(?:"([^"]+)"|'([^']+)'|([^\s#"'[\]{}:][^:#]*?))\s*:(?:\s|$)/;

/**
 * Reads the key path from the lines alone, since the text is broken exactly while somebody types in it. `before` is the
 * text of the last line up to the cursor.
 */
export function keyPathAt(lines: readonly string[], before: string): KeyPath {
  const keys: string[] = [];
  const own = KEY.exec(before);
  const flow = /\{[^}]*$/.test(before) && !/:\s*[^,{}]*$/.test(before.slice(before.lastIndexOf('{')));
  const dash = /^(\s*)-(?:\s|$)/.exec(before);
  let indent: number;
  if (own !== null) {
    keys.unshift(nameOf(own));
    indent = own[1]?.length ?? 0;
    if (own[2] !== '') keys.unshift('-');
    // `- key:` belongs to the item, the item to the key above at no greater indent.
    indent = own[2] !== '' ? indent + 1 : indent;
  } else if (dash !== null) {
    keys.unshift('-');
    indent = (dash[1]?.length ?? 0) + 1;
  } else indent = before.length - before.trimStart().length;
  for (let at = lines.length - 1; at >= 0 && indent > 0; at--) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const key = KEY.exec(line);
    if (key === null) continue;
    const outer = key[1]?.length ?? 0;
    const inner = outer + (key[2]?.length ?? 0);
    if (inner >= indent && outer >= indent) continue;
    if (inner < indent) {
      keys.unshift(nameOf(key));
      indent = inner;
    }
    if (key[2] !== '' && outer < indent) {
      keys.unshift('-');
      indent = outer + 1;
    }
  }
  return { keys, inValue: (own !== null || dash !== null) && !flow };
}

function nameOf(match: RegExpExecArray): string {
  return (match[3] ?? match[4] ?? match[5] ?? '').trim();
}
