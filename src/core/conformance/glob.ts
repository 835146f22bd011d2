const cache = new Map<string, RegExp>();

/**
 * Matches a whole path, case-sensitively on every system: `*` and `?` within a part, `**` across parts, `[a-z]`, and
 * `{a,b}`. A pattern whose last part has none of these may name a folder, and holds all that is in it.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  let expression = cache.get(pattern);
  if (expression === undefined) {
    const alternatives = expandBraces(pattern).map(toExpression);
    expression = new RegExp(`^(?:${alternatives.join('|')})$`);
    cache.set(pattern, expression);
  }
  return expression.test(path);
}

/** `{a,b}/**` is `a/**` and `b/**`; braces may nest. An unclosed brace stands for itself. */
export function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open < 0) return [pattern];
  const commas: number[] = [];
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '{') depth++;
    else if (character === ',' && depth === 1) commas.push(at);
    else if (character === '}' && --depth === 0) {
      const edges = [open, ...commas, at];
      const rest = expandBraces(pattern.slice(at + 1));
      return edges.slice(1).flatMap((edge, index) => {
        const inner = pattern.slice((edges[index] ?? open) + 1, edge);
        return expandBraces(pattern.slice(0, open) + inner).flatMap((head) => rest.map((tail) => head + tail));
      });
    }
  }
  return [pattern];
}

/** The part before the first special character: how specific a pattern is. */
export function literalPrefix(pattern: string): string {
  return /^[^*?[{]*/.exec(pattern)?.[0] ?? '';
}

export function isGlob(text: string): boolean {
  return /[*?[{/]/.test(text);
}

function toExpression(pattern: string): string {
  const clean = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  let result = '';
  for (let at = 0; at < clean.length; ) {
    if (clean.startsWith('**/', at)) {
      result += '(?:[^/]+/)*';
      at += 3;
    } else if (clean.startsWith('**', at)) {
      result += '.*';
      at += 2;
    } else {
      const set = clean[at] === '[' ? /^\[(!?)([^\]/]+)\]/.exec(clean.slice(at)) : null;
      if (set !== null) {
        result += `[${set[1] === '!' ? '^/' : ''}${(set[2] ?? '').replace(/[\\^[]/g, '\\$&')}]`;
        at += set[0].length;
      } else {
        const character = clean[at] ?? '';
        result +=
          character === '*' ? '[^/]*' : character === '?' ? '[^/]' : character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
        at++;
      }
    }
  }
  const isFolder = !/[*?[]/.test(clean.slice(clean.lastIndexOf('/') + 1));
  return isFolder ? `${result}(?:/.*)?` : result;
}
