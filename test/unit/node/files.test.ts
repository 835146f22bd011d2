import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HumanError } from '../../../src/core/base/errors.ts';
import type { Files } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HumanError && error.code === code;
}

describe('files of a workspace', () => {
  let outside: string;
  let root: string;
  let files: Files;

  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'files-'));
    root = join(outside, 'a workspace');
    mkdirSync(root);
    files = createFiles(root);
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  it('writes text, makes folders, keeps the mode, and leaves no temporary file', async () => {
    await files.write('a/b/run.sh', 'one', { executable: true });
    await files.write('a/b/run.sh', 'two');
    assert.equal(await files.read('a/b/run.sh'), 'two');
    if (process.platform !== 'win32') assert.equal(statSync(join(root, 'a/b/run.sh')).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(join(root, 'a/b')), ['run.sh']);
  });

  it('hides its own state from git, and leaves what the person wrote there', async () => {
    await files.write('.infrabuilder/cache/c.json', '{}');
    assert.equal(readFileSync(join(root, '.infrabuilder/.gitignore'), 'utf8'), '*\n');
    writeFileSync(join(root, '.infrabuilder/.gitignore'), '!logs\n');
    await files.write('.infrabuilder/logs/a.log', '');
    assert.equal(readFileSync(join(root, '.infrabuilder/.gitignore'), 'utf8'), '!logs\n');
  });

  it('clears away what a writer of the same file left that was killed, and nothing else', async () => {
    const id = '0b0f2e3a-1111-4222-8333-444455556666';
    const dead = `.notes.md.${2 ** 30}.${id}.tmp`;
    const kept = [`.notes.md.${process.pid}.${id}.tmp`, `.other.md.${2 ** 30}.${id}.tmp`, '.notes.md.mine.tmp'];
    for (const name of [dead, ...kept]) writeFileSync(join(root, name), 'half');
    await files.write('notes.md', 'whole');
    assert.deepEqual(readdirSync(root).sort(), [...kept, 'notes.md'].sort());
  });

  it('answers undefined or empty for what is not there', async () => {
    assert.equal(await files.read('none'), undefined);
    assert.equal(await files.stat('none/deeper'), undefined);
    assert.deepEqual(await files.list('none'), []);
    await files.remove('none');
  });

  for (const path of ['../x', 'a/../../x', '/etc/passwd', 'a\0b']) {
    it(`refuses ${JSON.stringify(path)}`, async () => {
      await assert.rejects(files.read(path), failsWith('file.outside'));
      await assert.rejects(files.write(path, 'x'), failsWith('file.outside'));
    });
  }

  it('refuses links that leave the workspace, and follows those that stay', async () => {
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync(join(outside, 'secret'), join(root, 'file'));
    symlinkSync(join(outside, 'later'), join(root, 'dangling'));
    writeFileSync(join(root, 'inside'), 'inside');
    symlinkSync(join(root, 'inside'), join(root, 'alias'));

    await assert.rejects(files.read('folder/secret'), failsWith('file.outside'));
    await assert.rejects(files.read('file'), failsWith('file.outside'));
    await assert.rejects(files.write('dangling', 'x'), {
      code: 'file.outside',
      message: 'dangling is a link that leads nowhere.',
      hint: 'Remove the link, or make what it points to.',
    });
    await assert.rejects(files.write('folder/new/x', 'x'), failsWith('file.outside'));
    await files.write('alias', 'changed');
    assert.equal(readFileSync(join(root, 'inside'), 'utf8'), 'changed');
    assert.deepEqual((await files.list('.')).find((entry) => entry.name === 'alias')?.kind, 'link');
  });

  it('checks again before a change: a folder swapped for a link is seen', async () => {
    await files.write('a/x', 'x');
    rmSync(join(root, 'a'), { recursive: true });
    symlinkSync(outside, join(root, 'a'));
    await assert.rejects(files.write('a/y', 'y'), failsWith('file.outside'));
  });

  it('compares and swaps', async () => {
    await files.write('f', 'one', { expected: null });
    await assert.rejects(files.write('f', 'two', { expected: null }), failsWith('file.changed'));
    await assert.rejects(files.write('f', 'two', { expected: 'zero' }), failsWith('file.changed'));
    await files.write('f', 'two', { expected: 'one' });
    assert.equal(await files.read('f'), 'two');
  });

  it('loses no update of many writers at once', async () => {
    await files.write('n', '0');
    async function increment(): Promise<void> {
      for (;;) {
        const before = (await files.read('n')) ?? '';
        try {
          return await files.write('n', String(Number(before) + 1), { expected: before });
        } catch (error) {
          if (!failsWith('file.changed')(error)) throw error;
        }
      }
    }
    await Promise.all(Array.from({ length: 12 }, increment));
    assert.equal(await files.read('n'), '12');
  });

  it('moves by one rename and replaces nothing', async () => {
    await files.write('tasks/pending/a.yaml', 'a');
    await files.write('tasks/done/b.yaml', 'b');
    await assert.rejects(files.move('tasks/pending/a.yaml', 'tasks/done/b.yaml'), failsWith('file.exists'));
    await files.move('tasks/pending/a.yaml', 'tasks/in_progress/a.yaml');
    assert.equal(await files.read('tasks/in_progress/a.yaml'), 'a');
    await assert.rejects(files.move('gone', 'there'), failsWith('file.missing'));
  });

  it('says what is wrong with bytes, folders and permissions', async () => {
    writeFileSync(join(root, 'latin1'), Buffer.from([0x66, 0xfc, 0x72]));
    mkdirSync(join(root, 'x.yaml'));
    await assert.rejects(files.read('latin1'), failsWith('file.not-utf8'));
    await assert.rejects(files.read('x.yaml'), failsWith('file.is-folder'));
    if (process.platform !== 'win32' && process.getuid?.() !== 0) {
      writeFileSync(join(root, 'closed'), 'x');
      chmodSync(join(root, 'closed'), 0);
      await assert.rejects(files.read('closed'), failsWith('file.no-permission'));
    }
  });
});
