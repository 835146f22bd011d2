import { z } from 'zod';

const pid = z.int().positive();
const identity = z.object({ pid, start: z.string() });

/**
 * Something that a run must give back. It is written to the journal before it is taken, and says all that another process
 * needs to give it back.
 */
export const debtSchema = z.discriminatedUnion('kind', [
  /** A process group, led by `pid`. */
  z.object({ kind: z.literal('process'), name: z.string(), ...identity.shape }),
  z.object({ kind: z.literal('folder'), path: z.string() }),
  /** A cgroup made for a run; its members return to the groups they came from. `home` is a path of `cgroup.procs`. */
  z.object({
    kind: z.literal('cgroup'),
    path: z.string(),
    members: z.array(z.object({ ...identity.shape, home: z.string() })),
  }),
  /** A process that may be stopped by SIGSTOP. */
  z.object({ kind: z.literal('stopped'), ...identity.shape }),
  /** A resource limit changed by prlimit, e.g. `as`; the values are as prlimit reads them. */
  z.object({ kind: z.literal('limit'), resource: z.string(), soft: z.string(), hard: z.string(), ...identity.shape }),
  /** A file with damaged bytes. It is put back only while it still has the damaged bytes (sha256). */
  z.object({ kind: z.literal('file'), path: z.string(), backup: z.string(), damaged: z.string() }),
  /** A toxic, or with `toxic` null the whole proxy, on a server that speaks toxiproxy's HTTP API and outlives us. */
  z.object({ kind: z.literal('toxic'), api: z.string(), proxy: z.string(), toxic: z.string().nullable() }),
  /** A proxy that was switched off. */
  z.object({ kind: z.literal('disabled-proxy'), api: z.string(), proxy: z.string() }),
]);
export type Debt = z.infer<typeof debtSchema>;
export type DebtOf<K extends Debt['kind']> = Extract<Debt, { kind: K }>;
