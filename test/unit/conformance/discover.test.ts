import assert from 'node:assert/strict';
import { HumanError } from '../../../src/core/base/errors.ts';
import { createConformance, discoverRules, moduleScopeText } from '../../../src/core/conformance/index.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { clock, found, GO_MOD, goFile, issues, rulesFile, trees } from './support.ts';

const files = {
  'go.mod': GO_MOD,
  'main.go': goFile(['"example.com/agent/internal/engine"'], '', 'main'),
  'cmd/tool/main.go': goFile(['"example.com/agent/internal/engine/run"'], '', 'main'),
  'internal/engine/e.go': goFile(
    ['"example.com/agent/internal/base"', '"github.com/acme/lib/sub"', '"net/http"'],
    '',
    'engine',
  ),
  'internal/engine/run/r.go': 'package run\n',
  'internal/base/b.go': 'package base\n',
  'internal/base/tool/t_test.go': 'package tool\n',
  'vendor/github.com/acme/lib/l.go': 'package lib\n',
};

describe('rule discovery', () => {
  it('drafts components and the imports of today', async () => {
    assert.equal(
      await discoverRules({ files: memoryFiles(files), trees, source: '.' }),
      [
        '# A draft from the code as it is today. It holds now; edit it until it says what the architecture should be:',
        '# merge components, remove imports that should not be, and cite the blueprint by "why: file#L1-L9".',
        'version: 1',
        'components:',
        '  root: {in: ["*"]}',
        '  tool: {in: ["cmd/tool/**"]}',
        '  base: {in: ["internal/base/**"]}',
        '  engine: {in: ["internal/engine/**"]}',
        'unattached: error',
        'rules:',
        '  - {id: modules, kind: structure, required: [root, tool, base, engine]}',
        '  - {id: no-cycles, kind: acyclic}',
        '  - {id: root-imports, kind: boundary, from: root, allow: [engine]}',
        '  - {id: tool-imports, kind: boundary, from: tool, allow: [engine]}',
        '  - {id: base-imports, kind: boundary, from: base, allow: []}',
        '  - {id: engine-imports, kind: boundary, from: engine, allow: [base, "import:github.com/acme/lib"]}',
        '',
      ].join('\n'),
    );
  });

  it('drafts rules that hold on the code they were drawn from, in any language, and break on a new import', async () => {
    const trees2: Record<string, Record<string, string>> = {
      go: files,
      mixed: {
        'package.json': '{"name": "x"}',
        'src/ui/a.ts': "import { b } from '../db/b';\nimport r from 'react';\nimport s from '@scope/pkg/deep';\n",
        'src/db/b.ts': "import fs from 'fs';\nexport const b = 1;\n",
        'py/app/v.py': 'import requests.adapters\nfrom py.store import s\n',
        'py/store/s.py': 'import os\n',
        'java/src/main/java/com/acme/A.java':
          'package com.acme;\nimport org.junit.jupiter.Test;\nimport com.acme.b.B;\nclass A {}\n',
        'java/src/main/java/com/acme/b/B.java': 'package com.acme.b;\nclass B {}\n',
        'native/a.cc': '#include "third/party.h"\n#include <vector>\n',
        'no/yes/x.go': 'package yes\n',
        'go.mod': GO_MOD,
      },
    };
    for (const [name, content] of Object.entries(trees2)) {
      const memory = memoryFiles(content);
      const draft = await discoverRules({ files: memory, trees, source: '.' });
      await memory.write('conformance.yaml', draft);
      const report = await createConformance({ files: memory, trees, clock, source: '.' }).scan();
      assert.deepEqual([report.verdict, found(report), issues(report)], ['pass', [], []], `${name}\n${draft}`);
    }
    const memory = memoryFiles(files);
    await memory.write('conformance.yaml', await discoverRules({ files: memory, trees, source: '.' }));
    await memory.write('internal/base/b.go', goFile(['"example.com/agent/cmd/tool"'], '', 'base'));
    const report = await createConformance({ files: memory, trees, clock, source: '.' }).scan();
    assert.deepEqual(found(report), ['internal/base/b.go:4:2 base-imports', 'internal/base/b.go:4:2 no-cycles']);
  });

  it('needs a source file', async () => {
    const none = discoverRules({ files: memoryFiles({ 'README.md': 'x' }), trees, source: '.' });
    await assert.rejects(none, (error) => error instanceof HumanError && error.code === 'conformance.no-source');
  });

  it('names a cycle of today instead of ruling it out', async () => {
    const memory = memoryFiles({
      'go.mod': GO_MOD,
      'a/a.go': goFile(['"example.com/agent/b"']),
      'b/b.go': goFile(['"example.com/agent/a"']),
    });
    assert.match(await discoverRules({ files: memory, trees, source: '.' }), /\n {2}# A cycle today: a -> b -> a\n/);
  });
});

describe('what a module may touch', () => {
  const rules = `${rulesFile(['agent', 'sampler', 'export', 'model'], '')}  - {id: no-export, kind: boundary, from: sampler, deny: [export, "std:net/**"], why: docs/b.md}
  - {id: layers, kind: layers, layers: [agent, [sampler, export], model]}
`;
  const memory = () =>
    memoryFiles({
      'go.mod': GO_MOD,
      'docs/b.md': 'x\n',
      'conformance.yaml': rules,
      'agent/a.go': goFile(['"example.com/agent/sampler"', '"example.com/agent/export"']),
      'sampler/s.go': goFile(['"example.com/agent/model"', '"sort"']),
      'export/e.go': 'package export\n',
      'model/m.go': 'package model\n',
    });

  it('is told from rules and code, for a component or its folder', async () => {
    const conformance = createConformance({ files: memory(), trees, clock, source: '.' });
    const scope = await conformance.scopeOf('sampler');
    assert.deepEqual(await conformance.scopeOf('sampler/'), scope);
    assert.equal(
      moduleScopeText(scope),
      [
        'Module `sampler` holds `sampler/**`.',
        '- May import: model',
        '- Must not import: agent (rule layers), export (rule no-export), std:net/** (rule no-export)',
        '- Imports today: model',
        '- Imported today by: agent',
        '',
        'Rules that name it:',
        '- no-export (boundary, docs/b.md)',
        '- layers (layers)',
        '',
      ].join('\n'),
    );
  });

  it('is not invented for a module that no component holds', async () => {
    const conformance = createConformance({ files: memory(), trees, clock, source: '.' });
    await assert.rejects(
      conformance.scopeOf('smapler'),
      (error) => error instanceof HumanError && error.hint === 'Did you mean "sampler"?',
    );
    const none = createConformance({ files: memoryFiles({}), trees, clock, source: '.' });
    await assert.rejects(
      none.scopeOf('sampler'),
      (error) => error instanceof HumanError && error.code === 'conformance.no-rules',
    );
  });
});
