export type WireValue = number | Uint8Array;

/** One field of a message: its number, and a varint or fixed value, or the bytes of text, a message or a packed list. */
export interface Field {
  readonly number: number;
  readonly value: WireValue;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The bytes are no protobuf message, or end in the middle of one. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/**
 * The fields of a message in their order. Integers are signed 64-bit values as numbers: beyond 2^53 they lose their last
 * digits. Throws ProtobufError.
 */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new ProtobufError('A field has the number 0.');
    switch (tag % 8) {
      case VARINT:
        yield { number, value: reader.varint() };
        break;
      case FIXED64:
        yield { number, value: Number(new DataView(reader.take(8).slice().buffer).getBigInt64(0, true)) };
        break;
      case BYTES:
        yield { number, value: reader.take(reader.varint()) };
        break;
      case FIXED32:
        yield { number, value: new DataView(reader.take(4).slice().buffer).getInt32(0, true) };
        break;
      default:
        throw new ProtobufError(`Field ${number} has the unknown wire type ${tag % 8}.`);
    }
  }
}

/** A repeated integer: packed into bytes, or one value of its own. */
export function readIntegers(value: WireValue): number[] {
  if (typeof value === 'number') return [value];
  const reader = new Reader(value);
  const values: number[] = [];
  while (!reader.done) values.push(reader.varint());
  return values;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ProtobufError('The message ends in the middle of a number.');
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      // Ten bytes are a negative number in two's complement.
      if (byte < 0x80) return shift === 63 ? this.#negative() : value;
    }
    throw new ProtobufError('A number is longer than ten bytes.');
  }

  take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length)
      throw new ProtobufError('The message ends in the middle of a field.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #negative(): number {
    let value = 0n;
    for (let index = 0; index < 10; index += 1) {
      value |= BigInt((this.#bytes[this.#at - 10 + index] ?? 0) & 0x7f) << BigInt(7 * index);
    }
    return Number(BigInt.asIntN(64, value));
  }
}
