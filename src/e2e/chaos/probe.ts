import { get } from 'node:http';
import { performance } from 'node:perf_hooks';

const PROBE_MS = 2000;

/** What one look at a target found. */
export interface ProbeResult {
  readonly ok: boolean;
  /** Round trip in milliseconds, also of a look that failed. */
  readonly ms: number;
  readonly detail: string;
  /** The target's clock, where it tells it (milliseconds since the epoch). */
  readonly clock?: number;
}

/** Looks at a target from outside, over the way that its clients take. */
export interface Probe {
  readonly name: string;
  /** A look gives up after so long. */
  readonly timeoutMs: number;
  look(): Promise<ProbeResult>;
}

/** A GET on a new connection each time. `clock` comes from a JSON field `now` or from the Date header. */
export function httpProbe(url: string, timeoutMs = PROBE_MS): Probe {
  return {
    name: `GET ${url}`,
    timeoutMs,
    look: () =>
      new Promise((resolve) => {
        const began = performance.now();
        const done = (ok: boolean, detail: string, clock?: number) => {
          clearTimeout(limit);
          request.destroy();
          resolve({ ok, ms: performance.now() - began, detail, ...(clock === undefined ? {} : { clock }) });
        };
        const request = get(url, { agent: false }, (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            body += part;
          });
          response.on('error', (error) => done(false, error.message));
          response.on('end', () =>
            done(response.statusCode === 200, `status ${response.statusCode}`, clockOf(body, response.headers.date)),
          );
        });
        const limit = setTimeout(() => done(false, `no answer in ${timeoutMs} ms`), timeoutMs);
        request.on('error', (error) => done(false, error.message));
      }),
  };
}

function clockOf(body: string, date: string | undefined): number | undefined {
  try {
    const { now } = JSON.parse(body) as { now?: unknown };
    if (typeof now === 'number') return now;
  } catch {
    // Not JSON: the header must do.
  }
  const parsed = Date.parse(date ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The median look of `count`; `ok` when most were. */
export async function medianLook(probe: Probe, count = 3): Promise<ProbeResult> {
  const results: ProbeResult[] = [];
  for (let i = 0; i < count; i++) results.push(await probe.look());
  results.sort((a, b) => a.ms - b.ms);
  const middle = results[count >> 1] ?? { ok: false, ms: 0, detail: 'never looked' };
  return { ...middle, ok: results.filter((one) => one.ok).length * 2 > count };
}
