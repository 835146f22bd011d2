import assert from 'node:assert/strict';
import { found, issues, rulesFile, scan } from './support.ts';

const deny = (names: string[], more = '') =>
  rulesFile(names, `  - {id: r, kind: boundary, from: ${names[0]}, deny: [${names[1]}]}\n${more}`);

describe('imports of TypeScript and JavaScript', () => {
  it('count in every form, with and without extensions, by relative path and by package name', async () => {
    const report = await scan({
      rules: deny(['ui', 'db']),
      files: {
        'package.json': '{"name": "root"}',
        'db/package.json': '{"name": "@acme/db"}',
        'db/index.ts': 'export const db = 1;\n',
        'db/client.tsx': 'export {};\n',
        'ui/a.ts': [
          "import { db } from '../db';",
          "import type { T } from '../db/index.ts';",
          "export * from '../db/client.js';",
          "const later = await import('../db/client');",
          "const old = require('../db');",
          "type X = import('../db').X;",
          "import own from '@acme/db';",
          "import deep from '@acme/db/client';",
          "import other from '@acme/db2';",
          "import local from './b.js';",
          "import fs from 'node:fs';",
          "import react from 'react';",
          "// import '../db';",
          'const text = "import \'../db\'";',
          '',
        ].join('\n'),
        'ui/b.ts': 'export default 1;\n',
        'ui/c.jsx': "import '../db/index.js';\nexport const C = () => <a/>;\n",
      },
    });
    assert.deepEqual(found(report), [
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((line) => `ui/a.ts:${line}:${[20, 24, 15, 28, 21, 17, 17, 18][line - 1]} r`),
      'ui/c.jsx:1:8 r',
    ]);
    assert.deepEqual(issues(report), []);
  });

  it('count by the aliases of tsconfig.json and package.json, of the innermost folder first', async () => {
    const report = await scan({
      rules: deny(['ui', 'db']),
      files: {
        'package.json': '{"imports": {"#db/*": {"types": "./none/*.d.ts", "default": "./db/*.js"}}}',
        'tsconfig.base.json':
          '{\n  // shared\n  "compilerOptions": {"baseUrl": ".", "paths": {"@db/*": ["missing/*", "db/*"], "store": ["db"],},},\n}\n',
        'tsconfig.json': '{"extends": "./tsconfig.base.json"}',
        'ui/inner/tsconfig.json': '{"compilerOptions": {"paths": {"@db/*": ["./own/*"]}}}',
        'broken/tsconfig.json': '{"compilerOptions": ',
        'db/index.ts': 'export const db = 1;\n',
        'db/client.ts': 'export {};\n',
        'ui/a.ts': [
          "import a from '@db/client';",
          "import b from 'store';",
          "import c from 'db/client.js';",
          "import d from '#db/client';",
          "import e from '@db/absent';",
          "import f from 'react';",
          "import g from 'fs';",
          '',
        ].join('\n'),
        'ui/inner/b.ts': "import a from '@db/client';\n",
        'ui/inner/own/client.ts': 'export {};\n',
      },
    });
    assert.deepEqual(
      found(report),
      [1, 2, 3, 4].map((line) => `ui/a.ts:${line}:15 r`),
    );
    assert.deepEqual(issues(report), []);
  });

  it('have patterns, also in .tsx', async () => {
    const rule = `  - id: r
    kind: pattern
    language: typescript
    query: '((call_expression function: (identifier) @name) @hit (#eq? @name "eval"))'
    examples: {match: ['eval("1")']}
`;
    const report = await scan({
      rules: rulesFile(['ui'], rule),
      files: { 'ui/a.ts': 'eval("2");\n', 'ui/b.tsx': 'const b = <a>{eval("3")}</a>;\n', 'ui/c.js': 'eval("4");\n' },
    });
    assert.deepEqual(found(report), ['ui/a.ts:1:1 r', 'ui/b.tsx:1:15 r']);
  });
});

describe('a pattern for TypeScript', () => {
  it('may use what only one of its grammars knows in its examples, but not in its query', async () => {
    const rule = (query: string) =>
      `  - {id: r, kind: pattern, language: typescript, query: '${query}', examples: {match: ["const a = <T>b;"]}}\n`;
    const files = { 'ui/a.ts': 'const a = <T>b;\n', 'ui/b.tsx': 'const b = <a/>;\n' };
    const both = await scan({ rules: rulesFile(['ui'], rule('(variable_declarator) @hit')), files });
    assert.deepEqual([found(both), issues(both)], [['ui/a.ts:1:7 r', 'ui/b.tsx:1:7 r'], []]);
    const one = await scan({ rules: rulesFile(['ui'], rule('(type_assertion) @hit')), files });
    assert.deepEqual([one.verdict, issues(one)], ['error', ['conformance.yaml:5:59 conformance.query-syntax']]);
  });
});

describe('imports of Python', () => {
  it('count absolute and relative, modules, packages and names that are modules', async () => {
    const report = await scan({
      rules: deny(['app/web', 'app/db'].map((name) => name.slice(4))).replaceAll(/\[(web|db)\/\*\*\]/g, '[app/$1/**]'),
      files: {
        'app/__init__.py': '',
        'app/web/__init__.py': '',
        'app/web/views.py': [
          'import app.db',
          'import os, app.db.models as m',
          'from app import db, web',
          'from app.db.models import User, Group',
          'from ..db import models',
          'from . import urls',
          'from .. import db as store',
          'from app.db import *',
          'import json',
          'import dbx',
          'text = "import app.db"',
          '',
        ].join('\n'),
        'app/web/urls.py': '',
        'app/db/__init__.py': '',
        'app/db/models.py': 'def f():\n    from app.web import urls\n',
      },
    });
    assert.deepEqual(
      found(report).map((text) => text.split(':')[1]),
      ['1', '2', '3', '4', '5', '7', '8'],
    );
    assert.deepEqual(issues(report), ['app/__init__.py:1:1 conformance.unattached']);
  });

  it('have patterns', async () => {
    const rule =
      '  - {id: r, kind: pattern, language: python, query: \'((call function: (identifier) @f) @hit (#eq? @f "exec"))\', examples: {match: ["exec(\'x\')"]}}\n';
    const report = await scan({ rules: rulesFile(['app'], rule), files: { 'app/a.py': 'if True:\n    exec("x")\n' } });
    assert.deepEqual(found(report), ['app/a.py:2:5 r']);
  });
});

describe('imports of Java', () => {
  it('count by class, static and on demand, wherever the folders lie', async () => {
    const at = 'src/main/java/com/acme';
    const report = await scan({
      rules: rulesFile([], '  - {id: r, kind: boundary, from: web, deny: [db, "std:java.sql**"]}\n').replace(
        'components:\n',
        `components:\n  web: {in: ["**/web/**"]}\n  db: {in: ["**/db/**"]}\n`,
      ),
      files: {
        [`${at}/db/Store.java`]: 'package com.acme.db;\npublic class Store { public static class Row {} }\n',
        [`${at}/web/Page.java`]: [
          'package com.acme.web;',
          'import com.acme.db.Store;',
          'import com.acme.db.Store.Row;',
          'import static com.acme.db.Store.open;',
          'import com.acme.db.*;',
          'import java.sql.Connection;',
          'import java.util.List;',
          'import com.acme.dbx.Other;',
          'class Page {}',
          '',
        ].join('\n'),
      },
    });
    assert.deepEqual(
      found(report).map((text) => text.split(':')[1]),
      ['2', '3', '4', '5', '6'],
    );
  });
});

describe('imports of Rust', () => {
  it('count from use trees, mod, paths in code, and crates of the workspace', async () => {
    const report = await scan({
      rules: rulesFile([], '  - {id: r, kind: boundary, from: web, deny: [db]}\n').replace(
        'components:\n',
        'components:\n  web: {in: [src/web/**, src/web.rs]}\n  db: {in: [src/db.rs, src/db/**, "crates/db-core/**"]}\n  root: {in: [src/lib.rs]}\n',
      ),
      files: {
        'Cargo.toml': '[package]\nname = "agent"\n',
        'crates/db-core/Cargo.toml': '[package]\nname = "db-core"\nversion = "1"\n[dependencies]\n',
        'crates/db-core/src/lib.rs': 'pub fn open() {}\n',
        'src/lib.rs': 'mod web;\nmod db;\n',
        'src/db.rs': 'pub mod rows;\npub fn get() {}\n',
        'src/db/rows.rs': 'pub struct Row;\n',
        'src/web.rs': 'pub mod page;\n',
        'src/web/page.rs': [
          'use crate::db::rows::Row;',
          'use crate::{db, web::x, std2};',
          'use super::super::db::get;',
          'use db_core::open;',
          'use std::fmt;',
          'use serde::Serialize;',
          'fn f() -> crate::db::rows::Row { crate::db::get() }',
          'mod tests { }',
          '',
        ].join('\n'),
      },
    });
    assert.deepEqual(
      found(report).map((text) => text.split(':')[1]),
      ['1', '2', '3', '4', '7', '7'],
    );
    assert.deepEqual(issues(report), []);
  });
});

describe('imports of C++', () => {
  it('count quoted and angled, beside the file, below a root, and by a unique ending', async () => {
    const report = await scan({
      rules: deny(['web', 'db']),
      files: {
        'db/store.h': '#pragma once\n',
        'db/deep/inner.hpp': '#pragma once\n',
        'web/page.cc': [
          '#include "../db/store.h"',
          '#include "db/store.h"',
          '#include <db/store.h>',
          '#include "deep/inner.hpp"',
          '#include "page.h"',
          '#include <vector>',
          '// #include "db/store.h"',
          'int main() { return 0; }',
          '',
        ].join('\n'),
        'web/page.h': '#pragma once\n',
      },
    });
    assert.deepEqual(found(report), [
      'web/page.cc:1:10 r',
      'web/page.cc:2:10 r',
      'web/page.cc:3:10 r',
      'web/page.cc:4:10 r',
    ]);
  });
});
