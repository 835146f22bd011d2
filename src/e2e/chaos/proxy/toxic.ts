import { z } from 'zod';

/** The toxics of toxiproxy with its attributes and units, and `corrupt`, which is ours. */
const ATTRIBUTES = {
  /** Milliseconds. */
  latency: z.object({ latency: z.number().min(0).default(0), jitter: z.number().min(0).default(0) }).prefault({}),
  /** Kilobytes a second. */
  bandwidth: z.object({ rate: z.number().positive().default(1) }).prefault({}),
  /** Milliseconds by which the end of the stream is late. */
  slow_close: z.object({ delay: z.number().min(0).default(0) }).prefault({}),
  /** Lets nothing through and closes after so many milliseconds; 0 never closes. */
  timeout: z.object({ timeout: z.number().min(0).default(0) }).prefault({}),
  /** Resets the connection after so many milliseconds. */
  reset_peer: z.object({ timeout: z.number().min(0).default(0) }).prefault({}),
  /** Bytes, bytes and microseconds. */
  slicer: z
    .object({
      average_size: z.int().positive().default(1),
      size_variation: z.int().min(0).default(0),
      delay: z.number().min(0).default(0),
    })
    .prefault({}),
  /** Closes after so many bytes. */
  limit_data: z.object({ bytes: z.int().min(0).default(0) }).prefault({}),
  /** Flips bits in every n-th byte behind the first `skip` of a connection. `corrupted` counts them. */
  corrupt: z
    .object({
      every: z.int().positive().default(64),
      skip: z.int().min(0).default(0),
      corrupted: z.int().default(0),
    })
    .prefault({}),
} as const;

export type ToxicType = keyof typeof ATTRIBUTES;
export const TOXICS = Object.keys(ATTRIBUTES) as ToxicType[];

const common = {
  name: z.string().min(1).optional(),
  stream: z.enum(['upstream', 'downstream']).default('downstream'),
  toxicity: z.number().min(0).max(1).default(1),
};

const variant = <T extends ToxicType>(type: T) =>
  z.object({ ...common, type: z.literal(type), attributes: ATTRIBUTES[type] });

export const toxicSchema = z.discriminatedUnion('type', [
  variant('latency'),
  variant('bandwidth'),
  variant('slow_close'),
  variant('timeout'),
  variant('reset_peer'),
  variant('slicer'),
  variant('limit_data'),
  variant('corrupt'),
]);

/** `upstream` changes what flows to the server, `downstream` what comes back. `toxicity` is the share of connections hit. */
export type Toxic = z.output<typeof toxicSchema> & { name: string };
export type ToxicRequest = z.input<typeof toxicSchema>;
export type ToxicOf<T extends ToxicType> = Extract<Toxic, { type: T }>;
