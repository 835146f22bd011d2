import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chooseWorkspace, type Sources } from '../../../src/mcp/roots.ts';

describe('the workspace of an MCP client', () => {
  let top: string;

  before(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'roots-')));
    for (const path of ['a/ws', 'b', 'b-more', 'c/one', 'c/two', 'empty', 'a/inner']) {
      mkdirSync(join(top, path), { recursive: true });
    }
    for (const path of ['a/ws', 'b', 'b-more', 'c/one', 'c/two']) {
      writeFileSync(join(top, path, 'infrabuilder.yaml'), 'version: 1\n');
    }
    symlinkSync(join(top, 'b'), join(top, 'empty', 'link'), 'junction');
  });
  after(() => rmSync(top, { recursive: true, force: true }));

  const choose = (sources: Sources, roots?: readonly string[]) => {
    const at = (path: string | undefined) => (path === undefined ? undefined : join(top, path));
    const uris = roots?.map((path) => (path.includes(':') ? path : pathToFileURL(join(top, path)).href));
    const chosen = chooseWorkspace({ given: at(sources.given), here: at(sources.here) }, uris);
    return chosen.slice(top.length + 1).replaceAll('\\', '/');
  };

  for (const [name, sources, roots, expected] of [
    ['named, no roots offered', { given: 'b', here: 'a/ws' }, undefined, 'b'],
    ['named, an empty list of roots', { given: 'b' }, [], 'b'],
    ['around the server, no roots', { here: 'b' }, undefined, 'b'],
    ['named, and a root', { given: 'b' }, ['b'], 'b'],
    ['named, below a root', { given: 'a/ws' }, ['empty', 'a'], 'a/ws'],
    ['a root', {}, ['empty', 'b'], 'b'],
    ['directly in a root', {}, ['a'], 'a/ws'],
    ['in a root, not the one around the server', { here: 'b' }, ['a'], 'a/ws'],
    ['one of several, around the server', { here: 'c/two' }, ['c'], 'c/two'],
    ['a root that is listed twice', {}, ['b', 'b'], 'b'],
    ['a root beside those that are not on this machine', {}, ['https://host/x', 'vscode-vfs://github/x', 'b'], 'b'],
  ] as const) {
    it(name, () => assert.equal(choose(sources, roots), expected));
  }

  for (const [name, sources, roots, code] of [
    ['nothing named and no roots', {}, undefined, 'workspace.not-found'],
    ['named, outside', { given: 'b' }, ['a'], 'workspace.outside-roots'],
    ['named, above the root', { given: 'a' }, ['a/ws'], 'workspace.outside-roots'],
    ['named, with a name that begins like the root', { given: 'b-more' }, ['b'], 'workspace.outside-roots'],
    ['named through a link that leads out of the root', { given: 'empty/link' }, ['empty'], 'workspace.outside-roots'],
    ['named, roots on other machines only', { given: 'b' }, ['https://host/b'], 'workspace.outside-roots'],
    ['several in the roots', {}, ['c'], 'workspace.ambiguous'],
    ['none in the roots', { here: 'b' }, ['empty'], 'workspace.not-found'],
    ['roots that do not exist', {}, ['lost'], 'workspace.not-found'],
    ['a root that is no URI', {}, ['x:%'], 'workspace.not-found'],
  ] as const) {
    it(`refused: ${name}`, () => assert.throws(() => choose(sources, roots), { code }));
  }
});
