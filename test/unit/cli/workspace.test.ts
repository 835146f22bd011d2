import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findWorkspace, nearestWorkspace } from '../../../src/cli/workspace.ts';

describe('the workspace of a command', () => {
  let top: string;
  before(() => {
    top = realpathSync.native(mkdtempSync(join(tmpdir(), 'find ü ')));
    mkdirSync(join(top, 'ws/docs/deep'), { recursive: true });
    mkdirSync(join(top, 'ws/inner/tasks/pending'), { recursive: true });
    writeFileSync(join(top, 'ws/infrabuilder.yaml'), 'version: 1\n');
  });
  after(() => rmSync(top, { recursive: true, force: true }));

  const found = (start: string, named?: string) => relative(top, findWorkspace(join(top, start), named));

  it('is the nearest folder upwards that looks like one; a tasks folder will do', () => {
    assert.equal(found('ws'), 'ws');
    assert.equal(found('ws/docs/deep'), 'ws');
    assert.equal(found('ws/inner/tasks'), join('ws', 'inner'));
  });

  it('is what --cwd names, relative to where one stands, whatever it holds', () => {
    assert.equal(found('ws/docs', '..'), 'ws');
    assert.equal(found('ws', 'docs/deep'), join('ws', 'docs', 'deep'));
    assert.equal(found('.', join(top, 'ws')), 'ws');
  });

  it('says what to do where there is none', () => {
    assert.throws(() => findWorkspace(top, undefined), {
      code: 'workspace.not-found',
      message: `No workspace at or above ${top}: no infrabuilder.yaml, blueprint_tasks.yaml or tasks folder.`,
      hint: 'Create one with "infrabuilder init", or name one with --cwd. For a repository of your own, write an infrabuilder.yaml: "version: 1" and "paths: {source: .}".',
    });
    assert.equal(nearestWorkspace(top), undefined);
    for (const named of ['nope', 'ws/infrabuilder.yaml']) {
      assert.throws(() => findWorkspace(top, named), {
        code: 'workspace.missing',
        message: `${join(top, named)} is not a folder.`,
      });
    }
  });
});
