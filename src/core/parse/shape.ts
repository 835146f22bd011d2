import type { z } from 'zod';
import type { Path } from './parsed.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

function definition(schema: Schema): Def {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema without the wrappers that say "optional" or "by default"; of a transform, what goes in. */
function unwrap(schema: Schema): Schema {
  const def = definition(schema);
  if (def.type === 'pipe') return unwrap(def.in);
  return 'innerType' in def ? unwrap(def.innerType) : schema;
}

/** The schema that a value at `path` must meet; `value` is the data, which picks the member of a union. */
export function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  const here = unwrap(schema);
  const def = definition(here);
  if (def.type === 'union') {
    const member = memberFor(def.options, value) ?? (path.length === 0 ? here : undefined);
    return member === undefined || member === here ? member : schemaAt(member, path, value);
  }
  const [step, ...rest] = path;
  if (step === undefined) return here;
  const child = childOf(def, step);
  return child === undefined ? undefined : schemaAt(child, rest, property(value, step));
}

function childOf(def: Def, step: string | number): Schema | undefined {
  if (def.type === 'object') return Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  return undefined;
}

/** The member of a union whose literal keys (`kind: schema`) agree with the data. */
function memberFor(options: readonly Schema[], value: unknown): Schema | undefined {
  return options.find((option) => {
    const def = definition(unwrap(option));
    if (def.type !== 'object') return false;
    const literals = Object.entries(def.shape).filter(([, child]) => definition(child).type === 'literal');
    return (
      literals.length > 0 &&
      literals.every(([key, child]) => {
        const literal = definition(child);
        return literal.type === 'literal' && literal.values.some((wanted) => wanted === property(value, key));
      })
    );
  });
}

/** The member of a union by its place; undefined for any other schema. */
export function memberAt(schema: Schema | undefined, index: number): Schema | undefined {
  if (schema === undefined) return undefined;
  const def = definition(unwrap(schema));
  return def.type === 'union' ? def.options[index] : undefined;
}

export function property(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

/** The keys an object schema names; undefined for any other schema. */
export function knownKeys(schema: Schema | undefined): readonly string[] | undefined {
  if (schema === undefined) return undefined;
  const def = definition(unwrap(schema));
  return def.type === 'object' ? Object.keys(def.shape) : undefined;
}

/** What the schema wants, in plain words: `a list of text`. */
export function wanted(schema: Schema | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const def = definition(unwrap(schema));
  switch (def.type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'object':
    case 'record':
      return 'a mapping';
    case 'array': {
      const element = wanted(def.element);
      if (element === 'a number') return 'a list of numbers';
      if (element === 'a mapping') return 'a list of mappings';
      return element === 'text' ? 'a list of text' : 'a list';
    }
    case 'enum':
      return oneOf(Object.values(def.entries));
    case 'literal':
      return oneOf(def.values);
    case 'union': {
      const words = [...new Set(def.options.map(wanted).filter((word) => word !== undefined))];
      return words.length > 0 ? words.join(' or ') : undefined;
    }
    default:
      return undefined;
  }
}

export function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}

export interface Shape {
  readonly keys: readonly string[];
  /** Keys beyond `keys` are allowed. */
  readonly open: boolean;
  child(step: string | number): Schema | undefined;
}

/** What may stand inside a value; undefined where the schema says nothing about its inside. */
export function shapeOf(schema: Schema, data: unknown): Shape | undefined {
  const here = schemaAt(schema, [], data);
  if (here === undefined) return undefined;
  const def = definition(here);
  const open = def.type === 'object' && def.catchall !== undefined && definition(def.catchall).type !== 'never';
  return { keys: knownKeys(here) ?? [], open, child: (step) => childOf(def, step) };
}
