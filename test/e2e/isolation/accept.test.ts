import assert from 'node:assert/strict';
import { chmodSync, rmSync } from 'node:fs';
import { dies, inside, Place, RUN } from './support.ts';

describe('isolation: accepting a run', () => {
  let place: Place;
  beforeEach(() => {
    place = new Place();
    place
      .repository()
      .write('.gitignore', '*.o\n')
      .write('a.txt', 'a\n')
      .write('b.txt', 'b\n')
      .write('c/d.txt', 'd\n')
      .commit();
  });
  afterEach(() => place.dispose());

  async function ran(change: (copy: Place) => void): Promise<void> {
    const bench = await place.isolation().begin(RUN);
    change(inside(bench));
    await bench.commit('step');
    await bench.release();
  }

  it('brings files, and neither index nor branch', async () => {
    await ran((copy) => copy.write('a.txt', 'A\n').write('n/e/w.txt', 'w\n').remove('c/d.txt'));
    const head = place.git('rev-parse', 'HEAD');
    assert.deepEqual(await place.isolation().accept(RUN.run), {
      kind: 'accepted',
      files: ['a.txt', 'c/d.txt', 'n/e/w.txt'],
    });
    assert.equal(place.git('status', '--porcelain', '-uall'), ' M a.txt\n D c/d.txt\n?? n/e/w.txt');
    assert.equal(place.has('c'), false);
    assert.equal(place.git('rev-parse', 'HEAD'), head);
    assert.deepEqual(await place.isolation().accept(RUN.run), {
      kind: 'accepted',
      files: ['a.txt', 'c/d.txt', 'n/e/w.txt'],
    });
    assert.equal(place.has(`.infrabuilder/accept/${RUN.run}`), false);
  });

  it('brings nothing that was not kept as a step', async () => {
    const bench = await place.isolation().begin(RUN);
    inside(bench).write('a.txt', 'half an edit\n');
    await bench.release();
    assert.deepEqual(await place.isolation().accept(RUN.run), { kind: 'accepted', files: [] });
    assert.equal(place.read('a.txt'), 'a\n');
  });

  it('goes together with what the person edits and commits elsewhere meanwhile', async () => {
    place.write('b.txt', 'dirty before\n');
    await ran((copy) => copy.write('a.txt', 'A\n'));
    place.write('b.txt', 'dirty after\n').write('c/d.txt', 'D\n').commit();
    place.git('switch', '--quiet', '-c', 'feature');
    assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    assert.equal(place.read('a.txt') + place.read('b.txt') + place.read('c/d.txt'), 'A\ndirty after\nD\n');
  });

  for (const [title, mine] of [
    ['edited', (p: Place) => p.write('a.txt', 'mine\n')],
    ['committed', (p: Place) => void p.write('a.txt', 'mine\n').commit()],
    ['deleted', (p: Place) => p.remove('a.txt')],
    ['made executable', (p: Place) => p.write('a.txt', 'a\n', 0o755)],
    ['replaced by a link', (p: Place) => p.remove('a.txt').link('a.txt', 'b.txt')],
    ['replaced by a folder', (p: Place) => p.remove('a.txt').write('a.txt/x', 'x\n')],
  ] as const) {
    it(`stops, with nothing touched, where the person has ${title} a file of the run`, async () => {
      await ran((copy) => copy.write('a.txt', 'A\n').write('b.txt', 'B\n'));
      mine(place);
      const before = place.picture();
      assert.deepEqual(await place.isolation().accept(RUN.run), { kind: 'conflict', files: ['a.txt'] });
      assert.equal(place.picture(), before);
    });
  }

  for (const [title, mine] of [
    ['a file', (p: Place) => p.write('new/x.txt', 'mine\n')],
    ['a file that git ignores', (p: Place) => p.write('.gitignore', 'new\n').write('new/x.txt', 'mine\n')],
    ['a link out of the workspace', (p: Place) => p.link('new', '/tmp')],
  ] as const) {
    it(`stops where ${title} of the person takes the place of a new one`, async () => {
      await ran((copy) => copy.write('new/x.txt', 'run\n').write('b.txt', 'B\n'));
      mine(place);
      const before = place.picture();
      assert.deepEqual(await place.isolation().accept(RUN.run), { kind: 'conflict', files: ['new/x.txt'] });
      assert.equal(place.picture(), before);
    });
  }

  it('takes it for done where the person has made the same change', async () => {
    await ran((copy) => copy.write('a.txt', 'A\n').write('b.txt', 'B\n').remove('c/d.txt'));
    place.write('a.txt', 'A\n').remove('c/d.txt');
    assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    assert.equal(place.read('b.txt'), 'B\n');
  });

  it('keeps who may read a file', async () => {
    place.write('a.txt', 'a\n', 0o600);
    await ran((copy) => copy.write('a.txt', 'A\n'));
    await place.isolation().accept(RUN.run);
    assert.equal(place.mode('a.txt'), 0o600);
  });

  it('writes all or nothing where the system refuses one file', async () => {
    if (process.getuid?.() === 0 || process.platform === 'win32') {
      // Root may write everywhere: an ignored file keeps the folder that the run turned into a file.
      await ran((copy) => copy.write('a.txt', 'A\n').remove('c').write('c', 'file\n'));
      place.write('c/keep.o', 'o');
    } else {
      await ran((copy) => copy.write('a.txt', 'A\n').write('c/d.txt', 'D\n'));
      chmodSync(place.at('c'), 0o555);
    }
    const before = place.picture();
    await assert.rejects(place.isolation().accept(RUN.run), {
      code: 'isolation.write',
      message: /nothing was taken over/,
    });
    assert.equal(place.picture(), before);
    chmodSync(place.at('c'), 0o755);
  });

  it('is finished by the next command after it was killed at any moment', async function () {
    this.timeout(300_000);
    const files = Array.from({ length: 3 }, (_, index) => `f${index}.txt`);
    for (const file of files) place.write(file, 'old\n');
    place.commit();
    await ran((copy) => {
      for (const file of files) copy.write(file, 'new\n');
      copy.remove('a.txt').write('a.txt/inner.txt', 'inner\n');
    });
    const seen = new Set<string>();
    for (let nth = 1; ; nth++) {
      place.git('checkout', '--quiet', '--force', '.');
      for (const path of ['a.txt']) place.remove(path);
      place.git('checkout', '--quiet', '--force', '.');
      const killed = await dies(place, 'accept', nth);
      if (!killed) break;
      seen.add(files.map((file) => place.read(file).trim()).join(' '));
      await place.isolation().list();
      assert.equal(place.has(`.infrabuilder/accept/${RUN.run}`), false, `killed at write ${nth}`);
      const after = new Set(files.map((file) => place.read(file)));
      assert.equal(after.size, 1, `half of the files after a kill at write ${nth}`);
      const isNew = after.has('new\n');
      assert.equal(place.has('a.txt/inner.txt'), isNew);
      assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
      assert.equal(place.read('a.txt/inner.txt'), 'inner\n');
    }
    // It was indeed killed with half of the files written.
    assert.ok(
      [...seen].some((one) => /old/.test(one) && /new/.test(one)),
      [...seen].join(' | '),
    );
  });

  it('is undone where the person has edited between the crash and the next command', async () => {
    await ran((copy) => copy.write('a.txt', 'A\n').write('b.txt', 'B\n').write('c/d.txt', 'D\n'));
    let nth = 1;
    while ((await dies(place, 'accept', nth)) && !(place.read('a.txt') === 'A\n' && place.read('c/d.txt') === 'd\n')) {
      place.git('checkout', '--quiet', '.');
      rmSync(place.at('.infrabuilder/accept'), { recursive: true, force: true });
      nth++;
    }
    assert.equal(place.read('a.txt'), 'A\n');
    place.write('c/d.txt', 'mine\n');
    await place.isolation().list();
    assert.equal(place.read('a.txt') + place.read('b.txt') + place.read('c/d.txt'), 'a\nb\nmine\n');
    assert.deepEqual(await place.isolation().accept(RUN.run), { kind: 'conflict', files: ['c/d.txt'] });
  });

  it('does not obey a journal that came with the repository', async () => {
    const from = place.at('evil.txt');
    const now = { kind: 'file', sha256: 'x', executable: false };
    const journal = [{ path: '.git/config', was: null, now, from }];
    place.write('evil.txt', 'evil').write('.infrabuilder/accept/unknown/journal.json', JSON.stringify(journal));
    await ran((copy) => copy.write('a.txt', 'A\n'));
    place.write(`.infrabuilder/accept/${RUN.run}/journal.json`, JSON.stringify(journal));
    const before = place.read('.git/config');
    await place.isolation().list();
    assert.equal(place.read('.git/config'), before);
    assert.equal(place.has('.infrabuilder/accept/unknown'), false);
  });
});
