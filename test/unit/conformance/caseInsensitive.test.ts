import assert from 'node:assert/strict';
import { createConformance } from '../../../src/core/conformance/index.ts';
import type { Files } from '../../../src/core/ports.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { clock, found, GO_MOD, goFile, issues, rulesFile, trees } from './support.ts';

const CONTENT = {
  'go.mod': GO_MOD,
  'docs/blueprint.md': 'The sampler knows no export.\n',
  'conformance.yaml': rulesFile(
    ['sampler', 'export'],
    [
      '  - {id: modules, kind: structure, required: [sampler, "Sampler/**"]}',
      '  - {id: no-export, kind: boundary, from: sampler, deny: [export], why: Docs/blueprint.md}',
      '  - {id: cased, kind: pattern, in: ["Export/**"], language: go, query: "(package_clause) @hit", examples: {match: ["package p"]}}',
      '',
    ].join('\n'),
  ),
  'export/e.go': 'package export\n',
  'sampler/s.go': goFile(['"example.com/agent/Export"', '"example.com/agent/export"']),
};

/** A disk as on macOS and Windows: any spelling opens a file, and folders list the spelling that it was made with. */
function ignoringCase(files: Files, paths: readonly string[]): Files {
  const real = new Map(
    paths
      .flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')))
      .map((path) => [path.toLowerCase(), path]),
  );
  const spell = (path: string) => real.get(path.toLowerCase()) ?? path;
  return {
    ...files,
    read: (path) => files.read(spell(path)),
    readBytes: (path) => files.readBytes(spell(path)),
    stat: (path) => files.stat(spell(path)),
    list: (path) => files.list(spell(path)),
  };
}

describe('a disk that ignores case', () => {
  const sensitive = memoryFiles(CONTENT);
  const layouts = {
    sensitive,
    insensitive: ignoringCase(memoryFiles(CONTENT), Object.keys(CONTENT)),
  };

  it('is really one', async () => {
    assert.notEqual(await layouts.insensitive.read('SAMPLER/S.GO'), undefined);
    assert.equal(await sensitive.read('SAMPLER/S.GO'), undefined);
  });

  it('gives the same result as one that does not', async () => {
    for (const [name, files] of Object.entries(layouts)) {
      const report = await createConformance({ files, trees, clock, source: '.' }).scan();
      assert.deepEqual(
        found(report),
        ['conformance.yaml:6:56 modules', 'sampler/s.go:4:2 no-export', 'sampler/s.go:5:2 no-export'],
        name,
      );
      assert.deepEqual(
        issues(report),
        [
          'conformance.yaml:7:73 conformance.dead-citation',
          'conformance.yaml:8:10 conformance.rule-matches-nothing',
          'sampler/s.go:4:2 conformance.wrong-case',
        ],
        name,
      );
    }
  });

  it('reports a change under any spelling without a second file', async () => {
    for (const files of Object.values(layouts)) {
      const conformance = createConformance({ files, trees, clock, source: '.' });
      assert.equal((await conformance.scan()).files, 2);
      assert.equal((await conformance.scan({ changed: ['Sampler/S.go'] })).files, 2);
    }
  });
});
