import type { z } from 'zod';
import type { Path } from './parsed.ts';
import { knownKeys, memberAt, oneOf, property, schemaAt, wanted } from './shape.ts';
import { closest } from './suggest.ts';

type Schema = z.core.$ZodType;
type ZodIssue = z.core.$ZodIssue;
type InvalidType = z.core.$ZodIssueInvalidType;

/** Characters of a wrong value that a message repeats. */
const MAX_QUOTED = 60;

/** One thing that is wrong with a value, before it has a file and a range. */
export interface Complaint {
  readonly kind: 'invalid' | 'missing-key' | 'unknown-key';
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  readonly message: string;
  /** Text to put in place of the scalar at `path`, or of the key at `path` for an unknown key. */
  readonly suggestion?: string;
  /** The key at `path` is wrong, not its value. */
  readonly isKey?: boolean;
  /** A missing key that most likely is there under another name. */
  readonly misspelt?: string;
}

/** What a part of the schema was checked against, and where in the file that stands. */
interface Scope {
  readonly schema: Schema;
  readonly data: unknown;
  readonly base: Path;
}

/** Zod's findings in plain words. `data` is what was checked. */
export function explain(schema: Schema, data: unknown, issues: readonly ZodIssue[]): Complaint[] {
  return explainAll({ schema, data, base: [] }, issues);
}

function explainAll(scope: Scope, issues: readonly ZodIssue[]): Complaint[] {
  const complaints = issues.flatMap((issue) => explainOne(scope, issue));
  const renamed = new Set(
    complaints.flatMap(({ path, misspelt }) => (misspelt ? [pathText(sibling(path, misspelt))] : [])),
  );
  return complaints.filter(({ kind, path }) => kind !== 'unknown-key' || !renamed.has(pathText(path)));
}

function explainOne(scope: Scope, issue: ZodIssue): Complaint[] {
  const local: Path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const path: Path = [...scope.base, ...local];
  const value = local.reduce<unknown>(property, scope.data);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(scope, local, key));
    case 'invalid_union':
      if (issue.errors.length > 0) return explainUnion(scope, local, issue.errors);
      return [value === undefined ? missing(scope, local) : notOneOf(path, value, optionsOf(issue))];
    case 'invalid_value':
      return [value === undefined ? missing(scope, local) : notOneOf(path, value, issue.values)];
    case 'invalid_type':
      return [value === undefined ? missing(scope, local) : wrongType(scope, local, issue, value)];
    case 'invalid_key':
      return [{ ...invalid(path, issue.issues[0]?.message ?? issue.message), isKey: true }];
    default:
      return [invalid(path, detail(issue, value))];
  }
}

function invalid(path: Path, message: string): Complaint {
  const sentence =
    path.length === 0 ? message.charAt(0).toUpperCase() + message.slice(1) : `${pathText(path)}: ${message}`;
  return { kind: 'invalid', severity: 'error', path, message: `${sentence}.` };
}

/** `validation.kpis.cpu_usage`, `acceptance[0]`. */
export function pathText(path: Path): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

/** `path` with its last step replaced. */
export function sibling(path: Path, key: string): Path {
  return [...path.slice(0, -1), key];
}

function inPath(path: Path): string {
  return path.length === 0 ? '' : ` in ${pathText(path)}`;
}

function missing({ schema, data, base }: Scope, local: Path): Complaint {
  const key = String(local.at(-1) ?? '');
  const parent = local.slice(0, -1);
  const words = wanted(schemaAt(schema, local, data));
  const misspelt = closest(key, strangers(schema, data, parent));
  const expected = words === undefined ? '' : `: expected ${words}`;
  const help = misspelt === undefined ? '' : ` Rename "${misspelt}"?`;
  const message = `"${key}" is missing${inPath([...base, ...parent])}${expected}.${help}`;
  const path = [...base, ...local];
  return { kind: 'missing-key', severity: 'error', path, message, ...(misspelt === undefined ? {} : { misspelt }) };
}

/** Keys of the object at `path` that its schema does not name. */
function strangers(schema: Schema, data: unknown, path: Path): string[] {
  const object = path.reduce<unknown>(property, data);
  const known = new Set(knownKeys(schemaAt(schema, path, data)));
  if (typeof object !== 'object' || object === null) return [];
  return Object.keys(object).filter((key) => !known.has(key));
}

function unknownKey({ schema, data, base }: Scope, local: Path, key: string): Complaint {
  const object = local.reduce<unknown>(property, data);
  const known = knownKeys(schemaAt(schema, local, data)) ?? [];
  const suggestion = closest(
    key,
    known.filter((name) => property(object, name) === undefined),
  );
  const help = suggestion === undefined ? `Known keys: ${known.join(', ')}.` : `Did you mean "${suggestion}"?`;
  const message = `The key "${key}" is unknown${inPath([...base, ...local])}. ${help}`;
  const path = [...base, ...local, key];
  return { kind: 'unknown-key', severity: 'error', path, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function notOneOf(path: Path, value: unknown, options: readonly unknown[]): Complaint {
  const names = options.filter((option) => typeof option === 'string');
  const suggestion = typeof value === 'string' ? closest(value, names) : undefined;
  const actual = typeof value === 'string' ? quote(value) : got(value);
  const complaint = invalid(path, `expected ${oneOf(options)}, got ${actual}`);
  return suggestion === undefined
    ? complaint
    : { ...complaint, message: `${complaint.message} Did you mean "${suggestion}"?`, suggestion };
}

function optionsOf(issue: ZodIssue): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

/** The member that came furthest explains best; where none got inside the value, its type is wrong. */
function explainUnion(scope: Scope, local: Path, errors: readonly (readonly ZodIssue[])[]): Complaint[] {
  const path = [...scope.base, ...local];
  const value = local.reduce<unknown>(property, scope.data);
  const union = schemaAt(scope.schema, local, scope.data);
  const members = errors
    .map((issues, index) => ({ issues, schema: memberAt(union, index) }))
    .filter(({ issues }) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0))
    .sort((a, b) => a.issues.length - b.issues.length);
  const [best] = members;
  if (best !== undefined) {
    return explainAll({ schema: best.schema ?? scope.schema, data: value, base: path }, best.issues);
  }
  if (value === undefined) return [missing(scope, local)];
  return [invalid(path, `expected ${wanted(union) ?? 'another kind of value'}, got ${got(value)}`)];
}

function wrongType({ schema, data, base }: Scope, local: Path, issue: InvalidType, value: unknown): Complaint {
  const path = [...base, ...local];
  const words = issue.expected === 'int' ? 'a whole number' : (wanted(schemaAt(schema, local, data)) ?? issue.expected);
  if (path.length === 0) {
    return invalid(path, `The file must hold ${words} ("key: value" lines), but it holds ${got(value)}`);
  }
  const actual =
    typeof value === 'string' && !/^a (?:list|mapping)/.test(words) ? `the text ${quote(value)}` : got(value);
  const complaint = invalid(path, `expected ${words}, got ${actual}`);
  if (words !== 'a list of text' || typeof value !== 'string' || value.trim() === '') return complaint;
  return { ...complaint, message: `${complaint.message} Write ${asList(path.at(-1), value)}.` };
}

/** The list that a text was meant to be. Of a command each word is one item, since no shell takes it apart. */
function asList(key: Path[number] | undefined, text: string): string {
  const items = key === 'run' ? (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []) : [text.trim()];
  const shown = items.map((item) => (/^(?:[\w./-]+|"[^"]*"|'[^']*')$/.test(item) ? item : JSON.stringify(item)));
  return `[${shown.join(', ')}]`;
}

function quote(text: string): string {
  return `"${text.slice(0, MAX_QUOTED)}"`;
}

function got(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

function detail(issue: ZodIssue, value: unknown): string {
  if (issue.code === 'too_small') {
    if (issue.minimum === 1 && issue.origin !== 'number') return 'must not be empty';
    return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, got ${got(value)}`;
  }
  if (issue.code === 'too_big') {
    return `expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, got ${got(value)}`;
  }
  if (issue.code !== 'invalid_format') return issue.message;
  if (issue.format === 'date') return 'expected a date such as 2026-01-31';
  return issue.format === 'url' ? 'expected a URL such as http://127.0.0.1:11434/v1' : issue.message;
}
