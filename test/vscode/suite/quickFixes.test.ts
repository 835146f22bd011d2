import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, open, problems, type } from './support.ts';

async function fixes(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
  assert.ok(diagnostic);
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return found.filter(({ edit }) => edit !== undefined);
}

describe('quick fixes', () => {
  afterEach(closeAll);

  it('offers the near name for a misspelt one, and the problem goes with it', async () => {
    const document = await open(at('mini', 'tasks/pending/sampler.yaml'));
    await type(document, '  - standard', '  - standrd');
    await eventually('the problem', () => problems(document.uri).length > 0);
    const actions = await fixes(document);
    const action = actions.find(({ title }) => title.includes('standard'));
    assert.ok(action?.edit, actions.map(({ title }) => title).join('\n'));
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.match(document.getText(), /^ {2}- standard$/m);
    await eventually('no problem', () => problems(document.uri).length === 0);
  });

  it('mends another file than the one with the problem', async () => {
    const mapping = await open(at('mini', 'blueprint_tasks.yaml'));
    const before = mapping.getText();
    await type(
      mapping,
      '          - slug: sampler\n            phase: P0\n            module: src/\n',
      '          []\n',
    );
    const task = at('mini', 'tasks/pending/sampler.yaml');
    const document = await open(task);
    await eventually('the problem', () => problems(task).some((one) => one.includes('task.')));
    const action = (await fixes(document)).find(({ edit }) => edit?.has(mapping.uri));
    assert.ok(action?.edit, `No fix changes the mapping: ${problems(task).join(', ')}`);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.match(mapping.getText(), /slug: sampler/);
    await eventually('no problem', () => problems(task).length === 0);
    await vscode.window.showTextDocument(mapping);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.equal(mapping.getText(), before);
  });
});
