import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, open, problems, type, write } from './support.ts';

const FILE = 'tasks/pending/sampler.yaml';

describe('diagnostics', () => {
  afterEach(closeAll);

  it('a sound workspace has none', async () => {
    await eventually('the first reading', () => vscode.languages.getDiagnostics().length === 0);
    assert.deepEqual(problems(at('sample', 'infrabuilder.yaml')), []);
  });

  it('an unknown goal is underlined while it is typed, and no longer once it is mended', async () => {
    const document = await open(at('mini', FILE));
    await type(document, '  - G-4', '  - G-99');
    await eventually('a problem', () => problems(document.uri).length > 0);
    assert.deepEqual(problems(document.uri), ['12:5-12:9 task.unknown-goal']);
    await type(document, 'G-99', 'G-4');
    await eventually('no problem', () => problems(document.uri).length === 0);
  });

  it('broken YAML is a problem at its place, however broken it is', async () => {
    const document = await open(at('mini', FILE));
    for (const broken of ['acceptance: [', 'acceptance:\n\t- x', ': : :', 'acceptance: *nowhere', '"']) {
      await type(document, 'acceptance:', broken);
      await eventually(`a problem for ${broken}`, () => problems(document.uri).length > 0);
      await type(document, broken, 'acceptance:');
      await eventually('no problem', () => problems(document.uri).length === 0);
    }
  });

  it('a new file with a problem is seen, and forgotten when it is deleted', async () => {
    const uri = at('mini', 'tasks/pending/other.yaml');
    await write(uri, 'slug: other\nacceptance:\n  - it works\ndepends_on:\n  - nobody\n');
    await eventually('the problem', () => problems(uri).some((one) => one.endsWith('task.unknown-dependency')));
    await vscode.workspace.fs.delete(uri);
    await eventually('no problem', () => problems(uri).length === 0);
  });

  it('a file that is moved to another folder keeps no problem behind', async () => {
    const from = at('mini', FILE);
    const to = at('mini', 'tasks/done/sampler.yaml');
    await vscode.workspace.fs.rename(from, to);
    await eventually('the move', () => problems(from).length === 0);
    await vscode.workspace.fs.rename(to, from);
    await eventually('the way back', () => problems(to).length === 0);
  });
});
