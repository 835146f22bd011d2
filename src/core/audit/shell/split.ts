/** One command of a list, and what stands behind it: `&&`, `||`, `|`, `;`, `&` or nothing. */
export interface Part {
  readonly text: string;
  readonly operator: '' | '&&' | '||' | '|' | ';' | '&';
}

/** Splits a shell line at its operators. Quotes, substitutions and groups stay whole; a comment ends the line. */
export function splitCommands(line: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let depth = 0;
  let quote = '';
  const push = (end: number, operator: Part['operator']) => {
    const text = line.slice(start, end).trim();
    if (text !== '' || operator !== '') parts.push({ text, operator });
  };
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '\\' && quote !== "'") at++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))) {
      push(at, '');
      return parts;
    } else if (char === '(' || (char === '{' && /[\s$(]/.test(line[at - 1] ?? ' '))) depth++;
    else if (char === ')' || (char === '}' && depth > 0)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && /[;|&]/.test(char) && !isRedirection(line, at)) {
      const operator = line[at + 1] === char && char !== ';' ? char + char : char;
      push(at, operator as Part['operator']);
      at += operator.length - 1;
      if (operator === ';' && line[at + 1] === ';') at++;
      start = at + 1;
    }
  }
  push(line.length, '');
  return parts;
}

/** `2>&1`, `&>`, `>|`. */
function isRedirection(line: string, at: number): boolean {
  const [before, char, after] = [line[at - 1], line[at], line[at + 1]];
  return (char === '&' && (before === '>' || before === '<' || after === '>')) || (char === '|' && before === '>');
}

/** The words of one command, without their quotes. Redirections keep their sign in front: `>out.txt`. */
export function words(command: string): string[] {
  const found: string[] = [];
  const pattern = /(\d?>>?|<)\s*(?=\S)|((?:[^\s'"\\<>]|\\.|'[^']*'|"(?:\\.|[^"\\])*")+)/g;
  let sign = '';
  for (const [, redirect, word] of command.matchAll(pattern)) {
    if (redirect !== undefined) sign = redirect.replace(/^\d/, '');
    else if (word !== undefined) {
      found.push(sign + unquote(word));
      sign = '';
    }
  }
  return found;
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_all, single, double, escaped) => {
    return single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped;
  });
}
