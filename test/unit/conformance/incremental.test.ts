import assert from 'node:assert/strict';
import { createConformance } from '../../../src/core/conformance/index.ts';
import { clock, found, goFile, issues, rulesFile, trees, world } from './support.ts';

const CACHE = '.infrabuilder/cache/conformance.json';
const bad = goFile(['"example.com/agent/export"']);
const deny = rulesFile(['sampler', 'export'], '  - {id: r, kind: boundary, from: sampler, deny: [export]}\n');
const panics =
  "  - {id: p, kind: pattern, language: go, query: '((call_expression function: (identifier) @n) @hit (#eq? @n \"panic\"))', examples: {match: ['panic(1)']}}\n";

const start = (rules = deny) =>
  world({
    rules,
    files: {
      'export/e.go': 'package export\n',
      'sampler/a.go': 'package sampler\n',
      'sampler/b.go': 'package sampler\n',
    },
  });

describe('scanning again', () => {
  it('after a save reads that file and no other', async () => {
    const { files, scan } = start();
    assert.equal((await scan()).read, 3);
    await files.write('sampler/a.go', bad);
    const before = new Map(files.reads);
    const report = await scan({ changed: ['sampler/a.go'] });
    assert.deepEqual([report.read, report.files, found(report)], [1, 3, ['sampler/a.go:4:2 r']]);
    const read = [...files.reads].filter(([path, count]) => path.endsWith('.go') && count !== before.get(path));
    assert.deepEqual(
      read.map(([path]) => path),
      ['sampler/a.go'],
    );
    assert.deepEqual(found(await scan()), ['sampler/a.go:4:2 r'], 'a full scan agrees');
  });

  it('sees files that come and go, and folders', async () => {
    const { files, scan } = start();
    await scan();
    await files.write('sampler/new.go', bad);
    assert.deepEqual(found(await scan({ changed: ['sampler/new.go'] })), ['sampler/new.go:4:2 r']);
    await files.remove('sampler/new.go');
    const gone = await scan({ changed: ['sampler/new.go'] });
    assert.deepEqual([found(gone), gone.files], [[], 3]);
    await files.write('sampler/deep/x.go', bad);
    assert.deepEqual(found(await scan({ changed: ['sampler/deep'] })), ['sampler/deep/x.go:4:2 r']);
    await files.remove('sampler/deep/x.go');
    assert.equal((await scan({ changed: ['sampler/deep'] })).files, 3);
  });

  it('ignores what is no source, what the rules ignore, and what lies elsewhere', async () => {
    const { files, scan } = start(deny.replace('rules:', 'ignore: ["**/z*.go"]\nrules:'));
    await files.write('sampler/z.go', bad);
    await scan();
    await files.write('sampler/zz.go', bad);
    await files.write('sampler/vendor/v.go', bad);
    const report = await scan({
      changed: ['sampler/zz.go', 'sampler/vendor/v.go', 'README.md', 'Makefile', 'sampler/nothing.go'],
    });
    assert.deepEqual([found(report), issues(report), report.read], [[], [], 0]);
  });

  it('follows rules, modules, citations and baseline without being told', async () => {
    const { files, scan } = start();
    await files.write('sampler/a.go', bad);
    assert.equal((await scan()).violations.length, 1);
    await files.write('conformance.yaml', deny.replace('deny: [export]', 'deny: ["std:os"]'));
    assert.equal((await scan({ changed: [] })).violations.length, 0);
    await files.write('conformance.yaml', deny);
    await files.write('go.mod', 'module example.com/renamed\n');
    assert.equal((await scan({ changed: ['go.mod'] })).violations.length, 0);
  });

  it('uses the cache on disk for files of equal bytes, and not for changed ones', async () => {
    const { files, scan } = start();
    await scan();
    await files.write('sampler/a.go', bad);
    const again = createConformance({ files, trees, clock, source: '.' });
    const report = await again.scan();
    assert.deepEqual([report.read, found(report)], [1, ['sampler/a.go:4:2 r']]);
  });

  it('reads all again for other patterns, for a broken cache, and for a gate', async () => {
    const { files, scan } = start();
    await scan();
    const next = () => createConformance({ files, trees, clock, source: '.' });
    await files.write('conformance.yaml', deny + panics);
    assert.equal((await next().scan()).read, 3);
    assert.equal((await next().scan()).read, 0);
    await files.write(CACHE, '{"format": 1, "key"');
    assert.equal((await next().scan()).read, 3);
    assert.equal((await next().scan({ fresh: true })).read, 3);
  });

  it('does not believe a cache that was doctored when a gate asks', async () => {
    const { files, scan } = start();
    await files.write('sampler/a.go', bad);
    await scan();
    const cache = JSON.parse((await files.read(CACHE)) ?? '');
    cache.files['sampler/a.go'].imports = [];
    await files.write(CACHE, JSON.stringify(cache));
    const gate = createConformance({ files, trees, clock, source: '.' });
    assert.deepEqual(found(await gate.scan({ fresh: true })), ['sampler/a.go:4:2 r']);
  });

  it('keeps working when the cache cannot be written', async () => {
    const { files } = start();
    const readOnly = { ...files, write: () => Promise.reject(new Error('read-only')) };
    assert.equal((await createConformance({ files: readOnly, trees, clock, source: '.' }).scan()).verdict, 'pass');
  });

  it('runs one scan after another and says how far it is', async () => {
    const { scan } = start();
    const steps: string[] = [];
    const [first, second] = await Promise.all([
      scan({ onProgress: (done, total) => steps.push(`${done}/${total}`) }),
      scan({ changed: [] }),
    ]);
    assert.deepEqual([first?.read, second?.read, steps], [3, 0, ['0/3', '3/3']]);
  });
});
