import { ProtobufError, readFields, readIntegers, type WireValue } from './protobuf.ts';

/** A profile as Go's runtime/pprof writes it (profile.proto of github.com/google/pprof), reduced to what is asked of it. */
export interface GoProfile {
  /** What each sample counts, such as `cpu` in `nanoseconds`. */
  readonly types: readonly { readonly name: string; readonly unit: string }[];
  readonly defaultType: string;
  readonly samples: readonly StackSample[];
  /** Functions at a location, innermost first: more than one where calls were inlined. */
  readonly locations: ReadonlyMap<number, readonly number[]>;
  readonly functions: ReadonlyMap<number, GoFunction>;
  readonly durationNs: number;
}

export interface StackSample {
  /** Location ids, leaf first. */
  readonly stack: readonly number[];
  /** One value per type. */
  readonly values: readonly number[];
}

export interface GoFunction {
  readonly name: string;
  readonly file: string;
}

/** Decodes an uncompressed profile. Throws ProtobufError. */
export function decodeProfile(bytes: Uint8Array): GoProfile {
  const strings: string[] = [];
  const types: { name: number; unit: number }[] = [];
  const samples: StackSample[] = [];
  const locations = new Map<number, readonly number[]>();
  const functions = new Map<number, { name: number; file: number }>();
  let durationNs = 0;
  let defaultType = 0;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) types.push(pairOf(message(value), 1, 2, (name, unit) => ({ name, unit })));
    else if (number === 2) samples.push(sampleOf(message(value)));
    else if (number === 4) readLocation(message(value), locations);
    else if (number === 5) {
      const fields = [...readFields(message(value))];
      const id = integerOf(fields.find((field) => field.number === 1)?.value);
      functions.set(
        id,
        pairOf(message(value), 2, 4, (name, file) => ({ name, file })),
      );
    } else if (number === 6) strings.push(new TextDecoder().decode(message(value)));
    else if (number === 10) durationNs = integerOf(value);
    else if (number === 14) defaultType = integerOf(value);
  }
  const text = (index: number): string => {
    const found = strings[index];
    if (found === undefined) throw new ProtobufError(`The profile has no text ${index}.`);
    return found;
  };
  if (types.length === 0) throw new ProtobufError('The profile names no sample type.');
  return {
    types: types.map(({ name, unit }) => ({ name: text(name), unit: text(unit) })),
    defaultType: text(defaultType),
    samples,
    locations,
    functions: new Map([...functions].map(([id, { name, file }]) => [id, { name: text(name), file: text(file) }])),
    durationNs,
  };
}

function sampleOf(bytes: Uint8Array): StackSample {
  const stack: number[] = [];
  const values: number[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) stack.push(...readIntegers(value));
    else if (number === 2) values.push(...readIntegers(value));
  }
  return { stack, values };
}

function readLocation(bytes: Uint8Array, into: Map<number, readonly number[]>): void {
  let id = 0;
  const functions: number[] = [];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) id = integerOf(value);
    else if (number === 4) {
      for (const line of readFields(message(value))) if (line.number === 1) functions.push(integerOf(line.value));
    }
  }
  into.set(id, functions);
}

function pairOf<T>(bytes: Uint8Array, first: number, second: number, make: (a: number, b: number) => T): T {
  const values = new Map([...readFields(bytes)].map(({ number, value }) => [number, value]));
  return make(integerOf(values.get(first)), integerOf(values.get(second)));
}

/** A field that is left out is 0. */
function integerOf(value: WireValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number') throw new ProtobufError('The profile has bytes where a number belongs.');
  return value;
}

function message(value: WireValue): Uint8Array {
  if (typeof value === 'number') throw new ProtobufError('The profile has a number where a message belongs.');
  return value;
}
