import { z } from 'zod';
import { HumanError } from '../../core/base/errors.ts';
import { readLines } from '../oracle/lines.ts';
import { PROFILE_VERSION, type RecordEnd } from './recorder.ts';
import type { ProfileEnvironment, ResourceSample } from './types.ts';

export interface Recording {
  readonly pid: number;
  readonly hz: number;
  readonly startedAt: string;
  readonly environment: ProfileEnvironment;
  readonly samples: readonly ResourceSample[];
  /** Undefined when the recorder was killed: the samples up to then count. */
  readonly end: RecordEnd | undefined;
}

const amount = z.number().nonnegative();

const headerSchema = z.object({
  type: z.literal('profile'),
  version: z.literal(PROFILE_VERSION),
  pid: z.int().positive(),
  hz: amount,
  startedAt: z.string(),
  environment: z.object({
    os: z.string(),
    kernel: z.string(),
    cpuModel: z.string(),
    cores: amount,
    allottedCores: amount,
    memoryBytes: amount,
    cpuStepMs: amount,
  }),
});

const sampleSchema = z.object({
  type: z.literal('sample'),
  at: amount,
  processes: amount,
  threads: amount,
  cpuMs: amount,
  rss: amount,
  pss: amount.exactOptional(),
  peakRss: amount.exactOptional(),
  group: z
    .object({ cpuMs: amount, memory: amount.exactOptional(), throttledMs: amount.exactOptional() })
    .exactOptional(),
  stealMs: amount.exactOptional(),
  load: amount.exactOptional(),
});

const endSchema = z.object({
  type: z.literal('end'),
  reason: z.enum(['gone', 'stopped', 'duration']),
  samples: amount,
  missed: amount,
});

const lineSchema = z.discriminatedUnion('type', [headerSchema, sampleSchema, endSchema]);

/**
 * Reads what `recordProfile` wrote; a last line that was cut off is left out. Throws HumanError `profile.unreadable` with
 * the line for anything else, also for a file without a header.
 */
export async function readRecording(file: string): Promise<Recording> {
  let header: z.infer<typeof headerSchema> | undefined;
  let end: RecordEnd | undefined;
  const samples: ResourceSample[] = [];
  for await (const { number, text, terminated } of readLines(file)) {
    const line = lineSchema.safeParse(parseJson(text));
    if (!line.success) {
      if (!terminated) break;
      throw unreadable(file, number, 'is no line of a profile');
    }
    if (line.data.type === 'profile') header = line.data;
    else if (header === undefined) throw unreadable(file, number, 'comes before the header');
    else if (line.data.type === 'end') {
      const { reason, samples: taken, missed } = line.data;
      end = { reason, samples: taken, missed };
    } else {
      const { type: _, ...sample } = line.data;
      samples.push(sample);
    }
  }
  if (header === undefined) throw unreadable(file, 1, 'is missing: a profile starts with a header');
  const { pid, hz, startedAt, environment } = header;
  return { pid, hz, startedAt, environment, samples, end };
}

function unreadable(file: string, line: number, why: string): HumanError {
  return new HumanError('profile.unreadable', `${file}: line ${line} ${why}.`, 'Record the profile again.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
