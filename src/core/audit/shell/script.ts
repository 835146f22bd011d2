import { nameOf } from '../../project/layout.ts';
import { scriptKind } from '../kinds.ts';

/** A logical line: continuations are joined, comments and here-documents left out. */
export interface Line {
  /** Where it starts, from 1. */
  readonly line: number;
  readonly text: string;
  /** Of a make recipe: its signs, `@`, `-`, `+`. */
  readonly signs: string;
}

/** Commands that run one after another in one shell: a script, a recipe, a CI step, an npm script. */
export interface Unit {
  readonly file: string;
  readonly kind: 'shell' | 'make' | 'ci' | 'package';
  /** The target, step or script. */
  readonly name: string;
  readonly lines: readonly Line[];
  /** Whether a failing command ends it: `set -e`, or what make and CI do by themselves. */
  readonly stopsOnError: boolean;
  readonly pipefail: boolean;
}

/** The units of a file that holds shell commands; none for others. */
export function readUnits(file: string, text: string): Unit[] {
  switch (scriptKind(file)) {
    case 'shell':
      return [unit(file, 'shell', nameOf(file), logicalLines(text.split(/\r?\n/), 1))];
    case 'make':
      return recipes(file, text);
    case 'ci':
      return steps(file, text);
    case 'package':
      return packageScripts(file, text);
    default:
      return [];
  }
}

function unit(file: string, kind: Unit['kind'], name: string, lines: readonly Line[], shell = ''): Unit {
  const all = [shell, ...lines.map(({ text }) => text)].join('\n');
  const sets = [...all.matchAll(/\bset\s+([-+])(\w*e\w*)\b|\bset\s+([-+])o\s+errexit\b/g)];
  const first = sets[0]?.[1] ?? sets[0]?.[3];
  return {
    file,
    kind,
    name,
    lines,
    stopsOnError: first === undefined ? kind !== 'shell' || /^#!.*\s-\w*e/m.test(all) : first === '-',
    pipefail: /\bpipefail\b|\bPIPESTATUS\b|\bshell:\s*bash\b/.test(all),
  };
}

function logicalLines(raw: readonly string[], firstLine: number): Line[] {
  const found: Line[] = [];
  let end = '';
  for (let index = 0; index < raw.length; index++) {
    let text = raw[index] ?? '';
    const line = firstLine + index;
    if (end !== '') {
      if (text.trim() === end) end = '';
      continue;
    }
    while (/(?:^|[^\\])\\$/.test(text) && index + 1 < raw.length)
      text = `${text.slice(0, -1)} ${(raw[++index] ?? '').trim()}`;
    end = /<<-?\s*\\?(['"]?)([A-Za-z_]\w*)\1/.exec(text)?.[2] ?? '';
    const trimmed = text.trim();
    if (trimmed !== '' && (!trimmed.startsWith('#') || trimmed.startsWith('#!')))
      found.push({ line, text: trimmed, signs: '' });
  }
  return found;
}

function recipes(file: string, text: string): Unit[] {
  const raw = text.split(/\r?\n/);
  const found: Unit[] = [];
  let name = '';
  let body: Line[] = [];
  const flush = () => {
    if (body.length > 0) found.push(unit(file, 'make', name, body, /\bpipefail\b/.test(text) ? 'pipefail' : ''));
    body = [];
  };
  for (let index = 0; index < raw.length; index++) {
    const line = raw[index] ?? '';
    const target = /^([^\s#:=][^:=]*):(?![=:])/.exec(line);
    if (target !== null) {
      flush();
      name = target[1]?.trim() ?? '';
    }
    if (!line.startsWith('\t')) continue;
    const [at] = [index + 1];
    let command = line.trim();
    while (command.endsWith('\\') && index + 1 < raw.length)
      command = `${command.slice(0, -1)} ${(raw[++index] ?? '').trim()}`;
    const [, signs = '', rest = ''] = /^([@+\-\s]*)(.*)$/.exec(command) ?? [];
    if (rest !== '' && !rest.startsWith('#'))
      body.push({ line: at, text: rest.replaceAll('$$', '$'), signs: signs.replace(/\s/g, '') });
  }
  flush();
  return found;
}

/** `run:` of GitHub, `script:` of GitLab and their like: one line, a block, or a list. */
function steps(file: string, text: string): Unit[] {
  const raw = text.split(/\r?\n/);
  const found: Unit[] = [];
  let name = '';
  for (let index = 0; index < raw.length; index++) {
    const line = raw[index] ?? '';
    const named = /^\s*(?:-\s+)?name:\s*(.+)$/.exec(line);
    if (named !== null) name = named[1]?.trim() ?? '';
    const [, lead = '', value = ''] =
      /^(\s*(?:-\s+)?)(?:run|script|command|before_script|after_script):\s*(.*)$/.exec(line) ?? [];
    if (lead === '' && !/^\s*(?:-\s+)?(?:run|script|command)/.test(line)) continue;
    const depth = lead.length;
    const inline = value.replace(/^["'](.*)["']$/, '$1').trim();
    if (inline !== '' && !/^[|>][-+\d]*$/.test(inline)) {
      found.push(unit(file, 'ci', name, [{ line: index + 1, text: inline, signs: '' }], shellOf(raw, index, depth)));
      continue;
    }
    const from = index + 1;
    while (index + 1 < raw.length && isDeeper(raw[index + 1] ?? '', depth)) index++;
    const body = raw.slice(from, index + 1).map((one) => one.replace(/^\s*-\s+/, '').replace(/^"(.*)"$/, '$1'));
    found.push(unit(file, 'ci', name, logicalLines(body, from + 1), shellOf(raw, from, depth)));
  }
  return found;
}

function isDeeper(line: string, depth: number): boolean {
  return (
    line.trim() === '' ||
    (line.length - line.trimStart().length > depth - 1 &&
      /^\s/.test(line) &&
      line.length - line.trimStart().length >= depth + (/^\s*-\s/.test(line) ? 0 : 1))
  );
}

/** The step's own `shell:`, which decides about pipefail. */
function shellOf(raw: readonly string[], from: number, depth: number): string {
  const near = raw.slice(Math.max(0, from - 6), from + 40);
  const own = near.find(
    (line) => /^\s*shell:/.test(line) && Math.abs(line.length - line.trimStart().length - depth) <= 2,
  );
  return own ?? '';
}

function packageScripts(file: string, text: string): Unit[] {
  let scripts: unknown;
  try {
    scripts = (JSON.parse(text) as { readonly scripts?: unknown }).scripts;
  } catch {
    return [];
  }
  if (typeof scripts !== 'object' || scripts === null) return [];
  const raw = text.split(/\r?\n/);
  const block = raw.findIndex((line) => /"scripts"\s*:/.test(line));
  return Object.entries(scripts).flatMap(([name, command]) => {
    if (typeof command !== 'string') return [];
    const at = raw.findIndex((line, index) => index > block && line.includes(`${JSON.stringify(name)}:`));
    return [unit(file, 'package', name, [{ line: Math.max(at, 0) + 1, text: command, signs: '' }])];
  });
}
