import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, open, position, problems, read, type, write } from './support.ts';

const TASK = 'tasks/pending/sampler.yaml';
const { executeCommand } = vscode.commands;

function places(found: readonly (vscode.Location | vscode.LocationLink)[]): string[] {
  return found
    .map((one) => ('targetUri' in one ? new vscode.Location(one.targetUri, one.targetRange) : one))
    .map(({ uri, range }) => `${uri.path.replace(/^.*\/mini\//, '')}:${range.start.line + 1}`)
    .sort();
}

describe('language features', () => {
  afterEach(closeAll);

  it('hover says what a goal is, how it is verified and where it stands', async () => {
    const document = await open(at('mini', TASK));
    const hovers = await executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position(document, 'G-4', 1),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value))
      .join('\n');
    assert.match(text, /Goal G-4: Top-N Accuracy/);
    assert.match(text, /the sampler adapts/);
    assert.match(text, /not run/);
  });

  for (const [what, before, typed, wanted] of [
    ['goals', '  - G-4', '  - ', 'G-8'],
    ['scenarios', '  - standard', '  - st', 'high_pid_churn'],
    ['epics', 'epic: A1-E1', 'epic: ', 'A1-E1'],
    ['stories', 'story: A1-S1', 'story: A', 'A1-S1'],
  ] as const) {
    it(`completes ${what} while the value is still missing`, async () => {
      const document = await open(at('mini', TASK));
      const where = position(document, before);
      await type(document, before, typed);
      const list = await executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        where.translate(0, typed.length),
      );
      const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      assert.ok(labels.includes(wanted), labels.join(', '));
    });
  }

  it('goes from a story in a task to the mapping, and from a goal to the configuration', async () => {
    const document = await open(at('mini', TASK));
    const story = await executeCommand<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      position(document, 'A1-S1', 2),
    );
    assert.ok(places(story).includes('blueprint_tasks.yaml:5'), places(story).join());
    const goal = await executeCommand<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      position(document, 'G-4', 1),
    );
    assert.ok(places(goal).includes('infrabuilder.yaml:10'), places(goal).join());
    assert.ok(places(goal).includes('docs/blueprint_vFinal.md:5'), places(goal).join());
  });

  it('finds every reference to a task', async () => {
    const document = await open(at('mini', TASK));
    const found = await executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      position(document, 'sampler', 1),
    );
    assert.deepEqual(places(found), ['blueprint_tasks.yaml:8', 'infrabuilder.yaml:13', `${TASK}:1`]);
  });

  it('renames a task everywhere, with its file', async () => {
    const document = await open(at('mini', TASK));
    const edit = await executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      position(document, 'sampler', 1),
      'adaptive_sampler',
    );
    const mapping = await read(at('mini', 'blueprint_tasks.yaml'));
    const configuration = await read(at('mini', 'infrabuilder.yaml'));
    const task = await read(document.uri);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const moved = at('mini', 'tasks/pending/adaptive_sampler.yaml');
    for (const [uri, text] of [
      [moved, 'slug: adaptive_sampler\n'],
      [at('mini', 'blueprint_tasks.yaml'), '- slug: adaptive_sampler\n'],
      [at('mini', 'infrabuilder.yaml'), 'tasks: [adaptive_sampler]'],
    ] as const) {
      await eventually(`${text} in ${uri.path}`, async () => {
        await vscode.workspace.saveAll();
        return (await read(uri)).includes(text);
      });
    }
    await closeAll();
    await vscode.workspace.fs.delete(moved);
    await write(at('mini', 'blueprint_tasks.yaml'), mapping);
    await write(at('mini', 'infrabuilder.yaml'), configuration);
    await write(document.uri, task);
    await eventually('the old workspace', () => problems(document.uri).length === 0);
  });

  it('refuses a name that is taken or that nothing could have', async () => {
    const document = await open(at('mini', TASK));
    for (const name of ['G-8', 'no goal']) {
      await assert.rejects(async () =>
        executeCommand('vscode.executeDocumentRenameProvider', document.uri, position(document, 'G-4', 1), name),
      );
    }
  });

  it('outlines a mapping as epics, stories and tasks', async () => {
    const document = await open(at('mini', 'blueprint_tasks.yaml'));
    const [epic] = await executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual([epic?.name, epic?.detail], ['A1-E1', 'Sampling']);
    assert.deepEqual([epic?.children[0]?.name, epic?.children[0]?.children[0]?.name], ['A1-S1', 'sampler']);
  });

  it('finds tasks, goals and scenarios from anywhere', async () => {
    const found = await executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'topn_sampler',
    );
    assert.ok(found.some(({ name, containerName }) => name === 'topn_sampler' && containerName === 'task'));
  });
});
