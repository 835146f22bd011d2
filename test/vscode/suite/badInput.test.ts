import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { MemoryFiles } from './memoryFileSystem.ts';
import { at, closeAll, eventually, lenses, open, problems, read } from './support.ts';

const MANY = 10_000;

async function addFolder(uri: vscode.Uri, name: string): Promise<void> {
  // It is refused while the window has not settled from the change before.
  await eventually('the window to take the folder', () => {
    return vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, { uri, name });
  });
  await eventually('the folder', () => vscode.workspace.workspaceFolders?.some((one) => one.name === name) === true);
}

async function removeFolder(name: string): Promise<void> {
  await eventually('the window to let go of the folder', () => {
    const index = vscode.workspace.workspaceFolders?.findIndex((one) => one.name === name) ?? -1;
    return index >= 0 && vscode.workspace.updateWorkspaceFolders(index, 1);
  });
  await eventually('its end', () => vscode.workspace.workspaceFolders?.every((one) => one.name !== name) === true);
}

function task(slug: string, goal = 'G-4'): string {
  return `slug: ${slug}\nacceptance:\n  - it works\nblueprint_goals:\n  - ${goal}\n`;
}

describe('bad input', () => {
  afterEach(closeAll);

  it('a workspace of 10,000 tasks: a typed mistake is still found', async () => {
    const root = mkdtempSync(join(tmpdir(), 'infrabuilder-many-'));
    const pending = join(root, 'tasks', 'pending');
    mkdirSync(pending, { recursive: true });
    for (let n = 0; n < MANY; n++) writeFileSync(join(pending, `task_${n}.yaml`), task(`task_${n}`));
    await addFolder(vscode.Uri.file(root), 'many');
    const document = await open(at('many', 'tasks/pending/task_77.yaml'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(4, 7), '99');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problem', () =>
      problems(document.uri).some((one) => one.startsWith('5:5-5:10 task.unknown-goal')),
    );
    await closeAll();
    await removeFolder('many');
    rmSync(root, { recursive: true, force: true });
  });

  it('a workspace that disappears leaves no problem and no exception', async () => {
    const root = mkdtempSync(join(tmpdir(), 'infrabuilder-gone-'));
    mkdirSync(join(root, 'tasks', 'pending'), { recursive: true });
    const file = join(root, 'tasks', 'pending', 'one.yaml');
    writeFileSync(file, task('one', 'G-77'));
    await addFolder(vscode.Uri.file(root), 'gone');
    await eventually('the problem', () => problems(vscode.Uri.file(file)).length > 0);
    rmSync(root, { recursive: true, force: true });
    await vscode.commands.executeCommand('infrabuilder.refresh');
    await eventually('no problem', () => problems(vscode.Uri.file(file)).length === 0);
    await removeFolder('gone');
  });

  it('a virtual workspace is read, and nothing in it is run or written', async () => {
    const files = new MemoryFiles({
      'infrabuilder.yaml': await read(at('mini', 'infrabuilder.yaml')),
      'tasks/pending/one.yaml': task('one', 'G-77'),
    });
    const provider = vscode.workspace.registerFileSystemProvider('memory-test', files, { isReadonly: true });
    await addFolder(vscode.Uri.parse('memory-test:/'), 'virtual');
    const uri = at('virtual', 'tasks/pending/one.yaml');
    await eventually('the problem', () => problems(uri).some((one) => one.endsWith('task.unknown-goal')));
    await open(at('virtual', 'infrabuilder.yaml'));
    const found = await eventually('lenses', async () => {
      const all = await lenses(at('virtual', 'infrabuilder.yaml'));
      return all.length > 0 && all;
    });
    assert.ok(
      found.every((one) => !one.includes('Run ')),
      found.join('\n'),
    );
    await closeAll();
    await removeFolder('virtual');
    provider.dispose();
  });
});
