import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { HumanError } from '../../../core/base/errors.ts';
import { sha256 } from '../../reap/settle.ts';
import { seededDraw } from '../../workload/random.ts';
import { answers, defineFault, type FaultContext, type Injection, need, notPossible } from '../fault.ts';
import { toxify } from './toxify.ts';

const FLIPPED_BITS = 0x15;

const params = z.object({
  where: z.enum(['wire', 'file']).optional(),
  stream: z.enum(['upstream', 'downstream']).default('upstream'),
  /** On the wire: every n-th byte behind the first `skip_bytes` of each connection. */
  every_bytes: z.int().positive().default(64),
  skip_bytes: z.int().min(0).default(0),
  /** In files: how many bytes, at places that the seed decides. */
  count: z.int().positive().max(1_000_000).default(16),
  seed: z.int().min(0).max(0xffff_ffff).default(42),
});
type Context = FaultContext<z.output<typeof params>>;

/** Flips bits: on the wire to the target (or back), or in its files, which are put back afterwards. */
export const dataCorruption = defineFault({
  params,
  inject: (context) =>
    (context.params.where ?? (context.target.proxy ? 'wire' : 'file')) === 'wire'
      ? onTheWire(context)
      : inFiles(context),
});

async function onTheWire({ id, target, params, journal }: Context): Promise<Injection> {
  const proxy = need(target.proxy, target, 'proxy');
  const probe = need(target.probe, target, 'probe');
  if (!(await proxy.api.isOwn())) {
    throw notPossible(
      'A toxiproxy server has no toxic that changes bytes.',
      "Run without it: InfraBuilder's own proxy has one.",
    );
  }
  const { stream, every_bytes: every, skip_bytes: skip } = params;
  const toxic = await toxify(journal, proxy, { name: id, type: 'corrupt', stream, attributes: { every, skip } });
  const corrupted = async () => {
    const now = await proxy.api.toxic(proxy.name, id);
    return now.type === 'corrupt' ? now.attributes.corrupted : 0;
  };
  return {
    method: 'proxy toxic corrupt',
    async prove() {
      const look = await probe.look();
      const bytes = await corrupted();
      return {
        holds: bytes > 0,
        expected: 'the proxy changed bytes',
        observed: `${bytes} bytes changed; ${probe.name}: ${look.detail}`,
      };
    },
    resolve: toxic.remove,
    recovered: () => answers(probe),
  };
}

async function readable(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new HumanError('chaos.no-file', `Cannot read ${path}: ${error.message}.`);
  });
  if (bytes.length === 0) {
    throw new HumanError('chaos.empty-file', `${path} is empty, so there is nothing to damage.`);
  }
  return bytes;
}

async function inFiles({ target, params, journal }: Context): Promise<Injection> {
  const files = need(target.files, target, 'files');
  // All are read before the first is damaged, so that a wrong path changes nothing.
  const good = new Map<string, Buffer>();
  for (const path of files) good.set(path, await readable(path));
  const debts: number[] = [];
  const before = new Map<string, string>();
  const draw = seededDraw(params.seed);
  for (const [path, bytes] of good) {
    const bad = Buffer.from(bytes);
    for (let i = 0; i < params.count; i++) {
      const at = draw(bad.length);
      bad[at] = (bytes[at] ?? 0) ^ FLIPPED_BITS;
    }
    const backup = `${path}.${randomBytes(4).toString('hex')}.good`;
    debts.push(journal.owe({ kind: 'file', path, backup, damaged: sha256(bad) }));
    await writeFile(backup, bytes, { flush: true });
    await writeFile(path, bad);
    before.set(path, sha256(bytes));
  }
  const differing = async () => {
    const changed: string[] = [];
    for (const [path, digest] of before) if (sha256(await readFile(path)) !== digest) changed.push(path);
    return changed;
  };
  return {
    method: 'bytes in files',
    async prove() {
      const changed = await differing();
      return {
        holds: changed.length === files.length,
        expected: 'each file differs from before',
        observed: `${changed.length} of ${files.length} differ`,
      };
    },
    async resolve() {
      for (const debt of debts) await journal.settle(debt);
    },
    async recovered() {
      const changed = await differing();
      return {
        holds: changed.length === 0,
        expected: 'each file is as before',
        observed: changed.length === 0 ? 'all are' : `${changed.join(', ')} differ`,
      };
    },
  };
}
