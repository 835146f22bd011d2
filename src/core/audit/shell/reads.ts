import { posix } from 'node:path';
import { folderOf } from '../../project/layout.ts';
import type { Unit } from './script.ts';
import { splitCommands, words } from './split.ts';

/** A command that reads a file: `grep -q "^## Sampler" docs/runbook.md`. */
export interface Read {
  readonly line: number;
  readonly command: string;
  /** As written, with the variables that are known put in. */
  readonly path: string;
  /** What it looks for; undefined where it reads the whole file, or where that is not known. */
  readonly pattern: string | undefined;
  /** True where a part of the path is a variable that nobody knows before it runs. */
  readonly isPartial: boolean;
}

export interface FileUse {
  readonly reads: readonly Read[];
  /** Names of files that the unit writes, with the line. */
  readonly writes: readonly { readonly line: number; readonly path: string }[];
  /** Folders that it goes to. */
  readonly folders: readonly string[];
}

/** Substitutions and variables that lead to a folder above or beside the script. */
const HERE = /^\s*(?:\w+=\S*\s+)?(?:cd|dirname|pwd|git rev-parse --show-toplevel|realpath|readlink)\b/;
const HERE_VARIABLE = /\$\{?(?:PWD|GITHUB_WORKSPACE|CURDIR|BASH_SOURCE\[0\]%\/\*)\}?|\$\(CURDIR\)/g;
const UNKNOWN = '\u0000';

/** The files that a unit of shell commands reads and writes. */
export function fileUse({ lines }: Unit): FileUse {
  const known = new Map<string, string>();
  const reads: Read[] = [];
  const writes: { line: number; path: string }[] = [];
  const folders: string[] = [];
  for (const { line, text } of lines) {
    for (const part of splitCommands(text)) {
      const command = bare(part.text);
      const assigned = /^(?:(?:local|export|readonly|declare)\s+)?([A-Za-z_]\w*)=(.*)$/.exec(command);
      if (assigned !== null && isWhole(assigned[2] ?? '')) {
        known.set(assigned[1] ?? '', expand(valueIn(assigned[2] ?? ''), known));
      }
      for (const inner of substitutions(command)) take(inner, line);
      take(command, line);
    }
  }
  return { reads, writes: writes.filter(({ path }) => /\w/.test(path)), folders };

  function take(command: string, line: number): void {
    for (const one of splitCommands(command)) {
      const list = words(one.text.replace(/^\w+=(?:"[^"]*"|'[^']*'|\$\([^)]*\)|\S*)\s+(?=\S)/, '')).map((word) =>
        expand(word, known),
      );
      const [program = '', ...args] = list;
      if (program === 'cd') folders.push(clean(args[0] ?? '.').replaceAll(UNKNOWN, ''));
      for (const [at, word] of list.entries()) {
        if (/^>/.test(word)) writes.push({ line, path: clean(word.replace(/^>+/, '')) });
        if (/^(?:-o|--out|--output|-json|--json-file|-coverprofile)$/.test(word))
          writes.push({ line, path: clean(list[at + 1] ?? '') });
        const inline = /^--?(?:out|output|coverprofile|o)=(.+)$/.exec(word)?.[1];
        if (inline !== undefined) writes.push({ line, path: clean(inline) });
      }
      if (posix.basename(program) === 'tee')
        for (const word of args) if (!word.startsWith('-')) writes.push({ line, path: clean(word) });
      for (const { path, pattern } of readsOf(program, args)) {
        if (!/[./]/.test(path) || /^[-<>$]|[*?[\]{}]|^\.+$|^\/dev\//.test(path)) continue;
        const place = clean(path);
        reads.push({
          line,
          command: one.text,
          path: place.replaceAll(UNKNOWN, ''),
          pattern,
          isPartial: place.includes(UNKNOWN),
        });
      }
    }
  }
}

/** Without the words of `if` and loops in front, and without the signs of a group. */
function bare(text: string): string {
  const command = text.replace(/^(?:(?:if|while|until|then|else|do|elif|!)\s+)+/, '');
  return /^[({]\s/.test(command) || command.startsWith('(')
    ? command
        .slice(1)
        .replace(/[)}]\s*$/, '')
        .trim()
    : command;
}

/** Commands inside `$(...)` and back quotes. */
function substitutions(command: string): string[] {
  return [...command.matchAll(/\$\(((?:[^()]|\([^()]*\))*)\)|`([^`]*)`/g)].map(([, a, b]) => a ?? b ?? '');
}

/** What is assigned: quotes around a substitution are not those inside it. */
function valueIn(text: string): string {
  return /^["']?\$\(/.test(text) ? text.replace(/^["']|["']$/g, '') : (words(text)[0] ?? '');
}

/** Nothing follows the value: `A=b c` sets A for c alone. */
function isWhole(value: string): boolean {
  return !/\s\S/.test(resolveSubstitutions(value).replace(/"[^"]*"|'[^']*'/g, 'x'));
}

/** Known folders become `.`, other substitutions unknown. */
function resolveSubstitutions(word: string): string {
  const start = word.indexOf('$(');
  if (start < 0) return word;
  let depth = 0;
  for (let at = start + 1; at < word.length; at++) {
    if (word[at] === '(') depth++;
    else if (word[at] === ')' && --depth === 0) {
      const inside = word.slice(start + 2, at);
      if (/^\w+$/.test(inside)) return word.slice(0, at + 1) + resolveSubstitutions(word.slice(at + 1));
      return word.slice(0, start) + (HERE.test(inside) ? '.' : UNKNOWN) + resolveSubstitutions(word.slice(at + 1));
    }
  }
  return word.slice(0, start) + UNKNOWN;
}

function expand(word: string, known: ReadonlyMap<string, string>): string {
  return resolveSubstitutions(word.replace(HERE_VARIABLE, '.'))
    .replace(/\$\{(\w+)(?::?[-=]([^}]*))?\}|\$\((\w+)\)|\$(\w+)/g, (_all, braced, fallback, made, bare) => {
      return known.get(braced ?? made ?? bare) ?? fallback ?? UNKNOWN;
    })
    .replace(/`[^`]*`/g, UNKNOWN);
}

function clean(path: string): string {
  return posix.normalize(path.replace(/^"|"$/g, '')).replace(/(?<=.)\/$/, '');
}

interface Wanted {
  readonly path: string;
  readonly pattern: string | undefined;
}

const WHOLE = new Set(['cat', 'head', 'tail', 'wc', 'less', 'source', '.']);
const SEARCH = new Set(['grep', 'egrep', 'fgrep', 'rg', 'zgrep', 'ag']);
const FILTER = new Set(['awk', 'gawk', 'sed', 'jq', 'yq', 'xmllint']);

function readsOf(program: string, args: readonly string[]): Wanted[] {
  const name = posix.basename(program);
  const found: Wanted[] = args.flatMap((word) =>
    word.startsWith('<') ? [{ path: word.slice(1), pattern: undefined }] : [],
  );
  const plain = args.filter((word) => !/^[<>]/.test(word));
  if (SEARCH.has(name)) {
    const given = plain.findIndex((word) => word === '-e' || word === '--regexp');
    const rest = plain.filter(
      (word, at) => !word.startsWith('-') && !(at > 0 && /^-[ABCm]$|^--(?:include|exclude)$/.test(plain[at - 1] ?? '')),
    );
    const pattern = given >= 0 ? plain[given + 1] : rest[0];
    const isRecursive = plain.some((word) => /^-\w*[rR]|^--recursive$/.test(word));
    const files = isRecursive ? [] : given >= 0 ? rest.filter((word) => word !== pattern) : rest.slice(1);
    const isFixed = name === 'fgrep' || plain.some((word) => /^-\w*F/.test(word));
    const isUnknown = pattern === undefined || pattern.includes(UNKNOWN) || /\$[{(]/.test(pattern);
    const shown = isUnknown ? undefined : isFixed ? escaped(pattern) : pattern;
    for (const path of files) found.push({ path, pattern: shown });
  } else if (FILTER.has(name)) {
    const rest = plain.filter((word, at) => !word.startsWith('-') && !/^-[vFe]$/.test(plain[at - 1] ?? ''));
    const heading = name === 'jq' || name === 'yq' ? undefined : /\/(\^?#+ [^/]+)\//.exec(rest[0] ?? '')?.[1];
    const script = plain.includes('-e') ? rest : rest.slice(1);
    const isKnown = heading !== undefined && !heading.includes(UNKNOWN) && !heading.includes('$');
    for (const path of script) found.push({ path, pattern: isKnown ? heading : undefined });
  } else if (WHOLE.has(name))
    for (const path of plain) if (!path.startsWith('-')) found.push({ path, pattern: undefined });
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
}

const PROGRAM_READ =
  /\b(?:open|read_text|read_csv|load|readFile(?:Sync)?|readJson(?:Sync)?|loadtxt|createReadStream|IO\.read|File\.read|os\.ReadFile|Path)\(\s*(?:f?r?)(['"`])([^'"`\n]+\.\w+)\1(?!\s*,\s*['"][wax])/g;

/** Reads of a literal path in a Python, JavaScript or Ruby script. */
export function programReads(text: string): Read[] {
  return [...text.matchAll(PROGRAM_READ)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const path = (match[2] ?? '').replace(/\$?\{[^}]*\}/g, '');
    return { line, command: match[0], path: clean(path), pattern: undefined, isPartial: path !== match[2] };
  });
}

/** Where a path that a script names can lie: from the folders it goes to, from its own and from those above. */
export function candidates(path: string, script: string, folders: readonly string[]): string[] {
  const own = folderOf(script);
  const above: string[] = [];
  for (let at = own; ; at = folderOf(at)) {
    above.push(at);
    if (at === '.') break;
  }
  const bases = [...above.flatMap((base) => folders.map((folder) => posix.join(base, folder))), ...above];
  const found = bases.map((base) => posix.join(base, path)).filter((one) => !one.startsWith('..'));
  return [...new Set([...found, path.replace(/^(?:\.\.?\/)+/, '')])];
}
