import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError } from '../../../src/core/base/errors.ts';
import type { Locks } from '../../../src/core/ports.ts';
import { createLocks, LOCK_FOLDER } from '../../../src/node/locks.ts';

const NOBODY = 2 ** 30;

describe('locks of a workspace', () => {
  let root: string;
  let locks: Locks;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'locks-'));
    locks = createLocks(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function heldBy(pid: number, host = hostname()): void {
    mkdirSync(join(root, LOCK_FOLDER), { recursive: true });
    writeFileSync(join(root, LOCK_FOLDER, 'test.lock'), JSON.stringify({ pid, host }));
  }

  it('let one do its work after the other, tell who waits, and leave nothing behind', async () => {
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
    };
    const wait = (name: string) => ({ waitMs: 5_000, onWait: () => seen.push(`${name} waits`) });
    await Promise.all([locks.hold('test', work('one'), wait('one')), locks.hold('test', work('two'), wait('two'))]);
    assert.deepEqual(seen, ['two waits', 'one begins', 'one ends', 'two begins', 'two ends']);
    assert.deepEqual(readdirSync(join(root, LOCK_FOLDER)), []);
  });

  it('are free again when the work fails', async () => {
    const failing = locks.hold('test', () => Promise.reject(new Error('broken')), { waitMs: 0 });
    await assert.rejects(failing, /broken/);
    assert.equal(await locks.hold('test', async () => 'done', { waitMs: 0 }), 'done');
  });

  it('are taken over from a process that has died, by one of many', async () => {
    heldBy(NOBODY);
    let inside = 0;
    const alone = async () => {
      assert.equal(++inside, 1);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => locks.hold('test', alone, { waitMs: 5_000 })));
  });

  for (const [who, pid, host] of [
    ['a process that lives', process.pid, hostname()],
    ['another machine', NOBODY, 'elsewhere'],
  ] as const) {
    it(`are left to ${who}`, async () => {
      heldBy(pid, host);
      await assert.rejects(
        locks.hold('test', async () => 'done', { waitMs: 0 }),
        {
          code: 'file.locked',
          message: `Another process holds ${join(root, LOCK_FOLDER, 'test.lock')}.`,
        },
      );
    });
  }

  it('are not waited for once stopped', async () => {
    heldBy(process.pid);
    const stop = new AbortController();
    const waiting = locks.hold('test', async () => 'done', {
      waitMs: 60_000,
      signal: stop.signal,
      onWait: () => stop.abort(),
    });
    await assert.rejects(waiting, CancelledError);
  });

  it('that reach over the machine hold for other workspaces too', async () => {
    const other = createLocks(join(root, 'other'));
    const seen: string[] = [];
    const reach = { waitMs: 5_000, reach: 'machine' } as const;
    const name = `test-${process.pid}`;
    await locks
      .hold(
        name,
        async () => {
          const second = other.hold(name, async () => seen.push('second'), {
            ...reach,
            onWait: () => seen.push('waits'),
          });
          await new Promise(setImmediate);
          seen.push('first');
          return { second };
        },
        reach,
      )
      .then(({ second }) => second);
    assert.deepEqual(seen, ['waits', 'first', 'second']);
  });

  it('are done without where none can be written', async () => {
    writeFileSync(join(root, '.infrabuilder'), 'a file');
    assert.equal(await locks.hold('test', async () => 'done', { waitMs: 0 }), 'done');
  });
});
