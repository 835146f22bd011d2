import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../../src/core/base/digest.ts';
import type { Files } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'infrabuilder-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What unit tests rely on must hold for the real thing too. */
const KINDS: Record<string, () => Files> = {
  'in memory': () => memoryFiles(),
  'on disk': () => createFiles(mkdtempSync(join(folder, 'root-'))),
};

for (const [kind, open] of Object.entries(KINDS)) {
  describe(`files ${kind}`, () => {
    it('are read as they were written; what is missing is undefined or empty', async () => {
      const files = open();
      await files.write('a/b.txt', 'ä\r\n');
      assert.equal(await files.read('a/b.txt'), 'ä\r\n');
      assert.deepEqual([...((await files.readBytes('./a//b.txt')) ?? [])], [0xc3, 0xa4, 0x0d, 0x0a]);
      assert.deepEqual(await files.digest('a/b.txt'), { bytes: 4, sha256: await sha256('ä\r\n') });
      assert.equal(await files.read('a/c.txt'), undefined);
      assert.equal(await files.digest('a/c.txt'), undefined);
      await assert.rejects(files.digest('a'), { code: 'file.is-folder' });
      assert.equal(await files.stat('x/y'), undefined);
      assert.deepEqual(await files.list('x'), []);
      assert.deepEqual(await files.list('a/b.txt'), []);
    });

    it('are listed by name with their kind', async () => {
      const files = open();
      for (const path of ['b.txt', 'B.txt', 'a/deep/x.txt']) await files.write(path, '');
      await files.makeFolder('empty/inner');
      const names = (await files.list('.')).filter(({ name }) => !name.startsWith('.'));
      assert.deepEqual(names.slice(-3), [
        { name: 'a', kind: 'folder' },
        { name: 'b.txt', kind: 'file' },
        { name: 'empty', kind: 'folder' },
      ]);
      assert.equal((await files.stat('a'))?.kind, 'folder');
      assert.equal((await files.stat('b.txt'))?.size, 0);
    });

    it('compare and swap: a writer who saw an older text loses', async () => {
      const files = open();
      await files.write('a.txt', 'one', { expected: null });
      await assert.rejects(files.write('a.txt', 'two', { expected: null }), { code: 'file.changed' });
      await files.write('a.txt', 'two', { expected: 'one' });
      await assert.rejects(files.write('a.txt', 'three', { expected: 'one' }), { code: 'file.changed' });
      await assert.rejects(files.write('new.txt', 'x', { expected: 'one' }), { code: 'file.changed' });
      assert.deepEqual([await files.read('a.txt'), await files.read('new.txt')], ['two', undefined]);
    });

    it('move without replacing; removing nothing is nothing', async () => {
      const files = open();
      await files.write('a.txt', 'a');
      await files.write('b.txt', 'b');
      await assert.rejects(files.move('a.txt', 'b.txt'), { code: 'file.exists' });
      await assert.rejects(files.move('gone.txt', 'c.txt'), { code: 'file.missing' });
      await files.move('a.txt', 'made/a.txt');
      await files.remove('gone.txt');
      await files.remove('b.txt');
      assert.deepEqual(
        [await files.read('made/a.txt'), await files.read('a.txt'), await files.read('b.txt')],
        ['a', undefined, undefined],
      );
    });

    it('refuse a folder as a file, and a path that leaves', async () => {
      const files = open();
      await files.write('a/b.txt', '');
      await assert.rejects(files.read('a'), { code: 'file.is-folder' });
      for (const path of ['../x', 'a/../../x', '/etc/passwd']) {
        await assert.rejects(async () => files.read(path), { code: 'file.outside' }, path);
      }
    });
  });
}
