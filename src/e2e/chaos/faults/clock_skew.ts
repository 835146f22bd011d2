import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { z } from 'zod';
import { defineFault, type FaultTarget, need, notPossible, type Proof } from '../fault.ts';

const TOLERANCE_MS = 5000;
const ROOTS = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/opt/homebrew/lib'];

/** Starts the target again with a clock that is off, by libfaketime. Programs without a dynamic loader cannot be reached. */
export const clockSkew = defineFault({
  params: z.object({ offset_seconds: z.number().default(3600) }),
  async inject({ target, params }) {
    const service = need(target.service, target, 'process of ours');
    need(target.probe, target, 'probe that tells its clock');
    const library = await findLibrary();
    if (process.platform === 'linux' && !(await isDynamic(service.pid))) {
      throw notPossible(
        `The program of ${service.name} is statically linked (as Go programs are), so libfaketime cannot change its clock.`,
        'Skew the clock of a service that it talks to instead.',
      );
    }
    const offsetMs = params.offset_seconds * 1000;
    const sign = params.offset_seconds < 0 ? '-' : '+';
    await service.end('SIGTERM');
    await service.start({
      LD_PRELOAD: library,
      FAKETIME: `${sign}${Math.abs(params.offset_seconds)}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
    });
    return {
      method: 'libfaketime',
      prove: () => skewIs(target, offsetMs),
      async resolve() {
        await service.end('SIGTERM');
        await service.start();
      },
      recovered: () => skewIs(target, 0),
    };
  },
});

async function skewIs(target: FaultTarget, offsetMs: number): Promise<Proof> {
  const look = await target.probe?.look();
  const expected = `the clock of ${target.name} is ${offsetMs / 1000} s off (± ${TOLERANCE_MS / 1000} s)`;
  if (look?.clock === undefined)
    return { holds: false, expected, observed: `it does not tell its clock: ${look?.detail}` };
  const skew = look.clock - Date.now();
  return { holds: Math.abs(skew - offsetMs) <= TOLERANCE_MS, expected, observed: `${(skew / 1000).toFixed(1)} s` };
}

async function findLibrary(): Promise<string> {
  for (const root of ROOTS) {
    const folders = [
      root,
      ...(await readdir(root, { withFileTypes: true }).catch(() => []))
        .filter((one) => one.isDirectory())
        .map((one) => `${root}/${one.name}`),
    ];
    for (const folder of folders) {
      for (const path of [`${folder}/faketime/libfaketimeMT.so.1`, `${folder}/libfaketimeMT.so.1`])
        if (existsSync(path)) return path;
    }
  }
  throw notPossible('libfaketime is not installed.', 'On Debian and Ubuntu: apt-get install faketime.');
}

const ELF_PROGRAM_HEADERS = { offset: 32, size: 54, count: 56 } as const;
const PT_INTERP = 3;

/** Whether the program of a process has a dynamic loader (64-bit ELF, little endian). Unknown formats count as dynamic. */
export async function isDynamic(pid: number): Promise<boolean> {
  const file = await open(`/proc/${pid}/exe`).catch(() => undefined);
  if (file === undefined) return true;
  try {
    const head = Buffer.alloc(64);
    await file.read(head, 0, 64, 0);
    if (head.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return true;
    const size = head.readUInt16LE(ELF_PROGRAM_HEADERS.size);
    const count = head.readUInt16LE(ELF_PROGRAM_HEADERS.count);
    const table = Buffer.alloc(size * count);
    await file.read(table, 0, table.length, Number(head.readBigUInt64LE(ELF_PROGRAM_HEADERS.offset)));
    for (let i = 0; i < count; i++) if (table.readUInt32LE(i * size) === PT_INTERP) return true;
    return false;
  } finally {
    await file.close();
  }
}
