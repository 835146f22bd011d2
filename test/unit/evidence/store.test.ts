import assert from 'node:assert/strict';
import { sealedText } from '../../../src/core/evidence/seal.ts';
import type { Statement } from '../../../src/core/model/evidence.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { type Bench, bench, forgetMemory, shown, textOf } from './support.ts';

describe('evidence', () => {
  let b: Bench;
  let paths: string[];
  beforeEach(async () => {
    b = bench(memoryFiles({ 'log.txt': 'ok\n' }));
    paths = [];
    for (const step of ['check:lint', 'check:test', 'check:bench']) paths.push(await b.measure(step));
  });
  const issues = async () => shown((await b.evidence.load()).issues);
  const trusted = async () =>
    (await b.evidence.load()).entries.map(({ statement }) => statement.predicate.run.slice(20, -9));
  const path = (at: number) => paths[at] ?? '';
  const edit = async (at: number, change: (text: string) => string) =>
    b.files.write(path(at), change(await textOf(b.files, path(at))));

  it('is an in-toto statement in a file of its own, each after the ones before', async () => {
    const statement = JSON.parse(await textOf(b.files, path(1)));
    assert.equal(statement._type, 'https://in-toto.io/Statement/v1');
    assert.equal(statement.predicateType, 'https://in-toto.io/attestation/test-result/v0.1');
    assert.equal(statement.predicate.previous[0].run, path(0).slice('reports/evidence/'.length, -'.json'.length));
    assert.deepEqual(await issues(), []);
    assert.deepEqual(await trusted(), ['check-lint', 'check-test', 'check-bench']);
  });

  it('says PASSED to other readers for a pass alone', async () => {
    const failing = await b.measure('check:lint', 'inconclusive');
    assert.equal(JSON.parse(await textOf(b.files, failing)).predicate.result, 'FAILED');
  });

  it('finds an edited figure, also in the newest file, and trusts that file no more', async () => {
    await edit(2, (text) => text.replace('"value": 1,', '"value": 0.5,'));
    assert.deepEqual(await issues(), ['error evidence.edited 20261122T080003000Z-check-bench']);
    assert.deepEqual(await trusted(), ['check-lint', 'check-test']);
  });

  it('finds an edited verdict that was sealed anew: the next one remembers another file', async () => {
    await reseal(b, path(1), { verdict: 'fail' });
    await forgetMemory(b.files);
    assert.deepEqual(await issues(), ['error evidence.edited 20261122T080002000Z-check-test']);
  });

  it("finds the same in the newest file by this machine's own memory", async () => {
    await reseal(b, path(2), { verdict: 'fail' });
    assert.deepEqual(await issues(), ['error evidence.edited 20261122T080003000Z-check-bench']);
    assert.deepEqual(await trusted(), ['check-lint', 'check-test']);
  });

  it('finds it by what was committed', async () => {
    await forgetMemory(b.files);
    await reseal(b, path(2), { verdict: 'fail' });
    b.git.changed = [{ path: path(2), change: 'changed' }];
    assert.deepEqual(await issues(), ['error evidence.edited 20261122T080003000Z-check-bench']);
  });

  it('finds a torn write, and keeps the rest', async () => {
    await edit(2, (text) => text.slice(0, 300));
    assert.deepEqual(await issues(), ['error evidence.unreadable 20261122T080003000Z-check-bench']);
    assert.deepEqual(await trusted(), ['check-lint', 'check-test']);
  });

  it('passes over what a crash before the rename leaves behind', async () => {
    await b.files.write('reports/evidence/.x.json.1.tmp', '{"half');
    await b.files.write(
      'reports/evidence/20261122T090000000Z-check-lint-00000000/output.log',
      'ran, then the power went',
    );
    assert.deepEqual(await issues(), []);
  });

  it('finds a file that is gone: within the chain at the one after it, at its end by memory or git', async () => {
    await b.files.remove(path(1));
    await forgetMemory(b.files);
    assert.deepEqual(await issues(), ['error evidence.missing 20261122T080003000Z-check-bench']);
    b = bench(memoryFiles({ 'log.txt': '' }));
    const last = await b.measure('check:test', 'fail');
    await b.files.remove(last);
    assert.deepEqual(await issues(), ['error evidence.removed 20261122T080001000Z-check-test']);
    await forgetMemory(b.files);
    b.git.changed = [{ path: last, change: 'gone' }];
    assert.deepEqual(await issues(), ['error evidence.removed 20261122T080001000Z-check-test']);
  });

  it('does not miss evidence that lives on another branch', async () => {
    await b.files.remove(path(2));
    b.git.committed = new Set([path(2)]);
    assert.deepEqual(await issues(), []);
    b.git.committed = new Set();
    assert.deepEqual(await issues(), []);
  });

  it('finds files whose names were exchanged', async () => {
    const [first, second] = [await textOf(b.files, path(0)), await textOf(b.files, path(1))];
    await b.files.write(path(0), second);
    await b.files.write(path(1), first);
    assert.deepEqual(await issues(), [
      'error evidence.renamed 20261122T080001000Z-check-lint',
      'error evidence.renamed 20261122T080002000Z-check-test',
    ]);
  });

  it('is whole again when a file is restored, also after evidence was added meanwhile', async () => {
    const original = await textOf(b.files, path(2));
    await edit(2, (text) => text.slice(0, 300));
    await b.measure('check:lint');
    await b.files.write(path(2), original);
    assert.deepEqual(await issues(), []);
    await b.measure('check:test');
    assert.deepEqual(await issues(), []);
  });

  it('goes by the chain where the clock went back, and says so', async () => {
    b.clock.now = Date.parse('2026-11-21T00:00:00Z');
    await b.measure('check:test', 'fail');
    const ledger = await b.evidence.load();
    assert.deepEqual(shown(ledger.issues), ['info evidence.clock 20261121T000001000Z-check-test']);
    assert.deepEqual(
      ledger.newest('check:test').map((entry) => entry.statement.predicate.verdict),
      ['fail'],
    );
  });

  it('takes secrets out before it seals', async () => {
    b = bench(memoryFiles({ 'log.txt': '' }), ['hunter22']);
    const file = await b.measure('check:test', 'fail', { reason: 'Login with hunter22 failed.' });
    const text = await textOf(b.files, file);
    assert.ok(!text.includes('hunter22'));
    assert.match(text, /Login with \[redacted\] failed\./);
    assert.deepEqual(await issues(), []);
  });

  it('keeps raw output, and finds it changed or gone', async () => {
    const [first] = (await b.evidence.load()).entries;
    assert.ok(first);
    assert.deepEqual(await b.evidence.checkOutputs(first), []);
    const log = `${path(0).slice(0, -'.json'.length)}/output.log`;
    assert.equal(await b.files.read(log), 'ok\n');
    await b.files.write(log, 'FAIL\n');
    assert.deepEqual(shown(await b.evidence.checkOutputs(first)), [
      'error evidence.log-edited 20261122T080001000Z-check-lint',
    ]);
    await b.files.remove(log);
    assert.deepEqual(shown(await b.evidence.checkOutputs(first)), [
      'error evidence.log-gone 20261122T080001000Z-check-lint',
    ]);
  });

  describe('of two runs at once', () => {
    it('loses nothing, and the next one follows both', async () => {
      const other = bench(b.files);
      other.clock.now = b.clock.now;
      await Promise.all([b.measure('check:test', 'pass'), other.measure('check:test', 'fail')]);
      const ledger = await b.evidence.load();
      assert.deepEqual(ledger.issues, []);
      assert.equal(ledger.entries.length, 5);
      const joined = await b.measure('check:lint');
      const heads = JSON.parse(await textOf(b.files, joined)).predicate.previous;
      assert.equal(heads.length, ledger.heads.length);
      assert.equal((await b.evidence.load()).heads.length, 1);
    });

    it('keeps both verdicts of two branches that were merged', async () => {
      const ours = bench(memoryFiles(b.files.texts()));
      const theirs = bench(memoryFiles(b.files.texts()));
      ours.clock.now = theirs.clock.now = b.clock.now;
      await ours.measure('check:test', 'pass');
      await theirs.measure('check:test', 'fail');
      const merged = bench(memoryFiles({ ...ours.files.texts(), ...theirs.files.texts() }));
      const ledger = await merged.evidence.load();
      assert.deepEqual(ledger.issues, []);
      const verdicts = ledger.newest('check:test').map((entry) => entry.statement.predicate.verdict);
      assert.deepEqual(verdicts.sort(), ['fail', 'pass']);
      assert.equal(ledger.heads.length, 2);
    });
  });

  it('holds for a long chain', async () => {
    for (let i = 0; i < 60; i++) await b.measure(`check:c${i}`);
    const ledger = await b.evidence.load();
    const [first, last] = [ledger.entries[0], ledger.entries.at(-1)];
    assert.ok(first && last);
    assert.equal(ledger.follows(last, first), true);
    assert.equal(ledger.follows(first, last), false);
  });
});

/** What somebody would do who knows how seals are made. */
async function reseal(b: Bench, path: string, change: { verdict: 'fail' }): Promise<void> {
  const statement = JSON.parse(await textOf(b.files, path)) as Statement;
  const { seal: _, ...predicate } = statement.predicate;
  const changed = { ...statement, predicate: { ...predicate, ...change } } as Parameters<typeof sealedText>[0];
  await b.files.write(path, await sealedText(changed));
}
