import { gunzipSync } from 'node:zlib';
import { CancelledError, errorMessage, HumanError } from '../../../core/base/errors.ts';
import { decodeProfile, type GoProfile } from './profile.ts';

/** Profiles that net/http/pprof serves: `profile` is CPU over a time, the others are the state at the moment. */
export const PPROF_KINDS = ['profile', 'heap', 'allocs', 'goroutine', 'mutex', 'block'] as const;
export type PprofKind = (typeof PPROF_KINDS)[number];

export interface PprofRequest {
  /** Where the agent serves pprof, such as `http://127.0.0.1:6060`. */
  readonly url: string;
  readonly kind: PprofKind;
  /** Seconds of a CPU profile. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** Longer than any answer takes beyond the profiling itself. */
const GRACE_MS = 10_000;
const DEFAULT_SECONDS = 10;
/** A heap profile of a large program has a few megabytes. */
const LARGEST_BYTES = 64 * 1024 * 1024;
const GZIP = [0x1f, 0x8b];

/**
 * Fetches a profile of a Go program over HTTP and decodes it. Throws HumanError: `profile.pprof-unreachable`,
 * `profile.pprof-refused` (with the status), `profile.pprof-unreadable`; CancelledError when `signal` stops it.
 */
export async function fetchProfile({ url, kind, seconds = DEFAULT_SECONDS, signal }: PprofRequest): Promise<GoProfile> {
  const address = new URL(`/debug/pprof/${kind}`, url);
  if (kind === 'profile') address.searchParams.set('seconds', String(seconds));
  const timeout = AbortSignal.timeout((kind === 'profile' ? seconds * 1000 : 0) + GRACE_MS);
  let bytes: Buffer;
  try {
    const response = await fetch(address, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) {
      throw new HumanError(
        'profile.pprof-refused',
        `${address} answered ${response.status}: ${(await response.text()).trim().slice(0, 200)}`,
        'Check that the agent serves net/http/pprof at this address, and that no other CPU profile runs.',
      );
    }
    bytes = await readBody(response, address);
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    if (error instanceof HumanError) throw error;
    throw new HumanError(
      'profile.pprof-unreachable',
      `${address} does not answer: ${errorMessage(error instanceof Error ? (error.cause ?? error) : error)}.`,
      'Check that the agent runs and serves pprof at this address.',
      { cause: error },
    );
  }
  return decode(bytes, address);
}

async function readBody(response: Response, address: URL): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > LARGEST_BYTES) throw unreadable(address, `it is larger than ${LARGEST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function decode(bytes: Buffer, address: URL): GoProfile {
  try {
    const zipped = GZIP.every((byte, index) => bytes[index] === byte);
    return decodeProfile(zipped ? gunzipSync(bytes, { maxOutputLength: LARGEST_BYTES }) : bytes);
  } catch (error) {
    throw unreadable(address, errorMessage(error), error);
  }
}

function unreadable(address: URL, why: string, cause?: unknown): HumanError {
  return new HumanError(
    'profile.pprof-unreadable',
    `What ${address} sent is no profile: ${why}`,
    'Check that a Go program serves net/http/pprof at this address.',
    { cause },
  );
}
