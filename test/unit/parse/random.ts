/** A small seeded generator (mulberry32), so that every run sees the same cases. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
}

const PLAIN = [
  'text',
  'two words',
  'G-2',
  '95',
  '5.10',
  '~',
  'true',
  '"quoted"',
  '[a, b]',
  '≥ 95% on harness',
  '-x',
  'a:b',
  'a#b',
];
const SCALARS = [
  'text',
  'two words',
  'G-2',
  '95',
  '-7',
  '5.10',
  '1e3',
  '0o7',
  '0x1F',
  '+1',
  '-0',
  '.5',
  '5.',
  '1_000',
  '12e03',
  '.inf',
  '-.Inf',
  '.nan',
  '~',
  'null',
  'Null',
  'true',
  'True',
  'FALSE',
  'yes',
  'no',
  'on',
  '2026-01-31',
  '12:30',
  'http://x/y',
  'a:b',
  'a#b',
  '"quoted"',
  "'single'",
  "'it''s'",
  '"a\\tb"',
  '"a: b # c"',
  '""',
  "''",
  '[a, b]',
  '[1, 2.50, true]',
  '[]',
  '[ ]',
  '{}',
  '[a b]',
  '[a,]',
  '[-race, -run=^$]',
  '{a: 1}',
  '-x',
  '--flag',
  '-',
  '?x',
  '? x',
  ':x',
  '*star',
  '&anchor x',
  '!tag x',
  '@at',
  '`tick`',
  '%p',
  '| x',
  '>',
  '≥ 95% on harness',
  'ü',
  '12345678901234567890',
  '-.5e-3',
  'a  b',
  'x\u00a0',
  'nan',
  'inf',
  '0b1',
  '1.2.3',
  '=',
  '<<',
  'a, b',
  'a]',
];
const KEYS = [
  'slug',
  'title',
  'a',
  'b',
  'A1-E1',
  'x.y',
  'k_1',
  '_u',
  'a/b',
  'true',
  'null',
  '"q"',
  '1',
  'spaced key',
  '-k',
  '<<',
  '__proto__',
  'K',
];

/** A document in and around the plain block subset: most are valid, some are not. */
export function randomYaml(random: Random): string {
  const eol = random.below(6) === 0 ? '\r\n' : '\n';
  const lines: string[] = [];
  block(random, random.below(12) === 0 ? 2 : 0, 0, lines);
  if (random.below(20) === 0) lines.unshift('---');
  if (random.below(25) === 0) lines.push('...');
  return lines.join(eol) + (random.below(4) === 0 ? '' : eol);
}

function block(random: Random, indent: number, depth: number, lines: string[]): void {
  const isList = random.below(3) === 0;
  const count = 1 + random.below(4);
  for (let at = 0; at < count; at++) {
    if (random.below(9) === 0)
      lines.push(random.pick(['', '   ', '# comment', '      # deep comment', `${' '.repeat(indent)}# here: x`]));
    const wobble = random.below(40) === 0 ? 1 : 0;
    const head =
      ' '.repeat(indent + wobble) + (isList ? '-' : `${random.below(8) === 0 ? random.pick(KEYS) : `key_${at}`}:`);
    entry(random, head, indent, isList, depth, lines);
  }
}

function entry(random: Random, head: string, indent: number, isList: boolean, depth: number, lines: string[]): void {
  const comment = random.below(6) === 0 ? random.pick([' # note', '  # note: x', ' #', '# tight']) : '';
  const kind = random.below(10);
  if (depth < 3 && kind < 3) {
    lines.push(head + comment);
    const step = isList || random.below(3) > 0 ? random.pick([2, 2, 2, 2, 2, 4]) : 0;
    block(random, indent + step, depth + 1, lines);
  } else if (depth < 3 && isList && kind < 6) {
    const inner: string[] = [];
    block(random, indent + 2, depth + 1, inner);
    const [first = '', ...rest] = inner;
    lines.push(`${head} ${first.trimStart()}`, ...rest);
  } else if (kind === 9) lines.push(head + comment);
  else {
    lines.push(
      `${head}${random.pick([' ', ' ', ' ', '  ', ''])}${random.pick(random.below(6) === 0 ? SCALARS : PLAIN)}${comment}${random.pick(['', '', '', ' '])}`,
    );
    if (random.below(30) === 0) lines.push(`${' '.repeat(indent + 2)}continued`);
  }
}

const JUNK = [
  '\t',
  '\r',
  '\u0000',
  '\uFEFF',
  '&a ',
  '*a',
  '{',
  '}',
  '[',
  ']',
  ':',
  '"',
  "'",
  '|',
  '>',
  '---\n',
  '%YAML 9\n',
  '!!binary ',
  '\ud800',
  '?',
  '#',
  ' ',
  '\n',
  '- ',
  '<<: *a\n',
];

/** Inserts, removes, doubles and swaps pieces of a text. */
export function mutate(random: Random, text: string): string {
  let result = text;
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(result.length + 1);
    const to = Math.min(result.length, at + random.below(12));
    const piece = random.pick([
      random.pick(JUNK),
      '',
      result.slice(at, to).repeat(2),
      String.fromCharCode(random.below(0x3000)),
    ]);
    result = result.slice(0, at) + piece + result.slice(to);
  }
  return result;
}
