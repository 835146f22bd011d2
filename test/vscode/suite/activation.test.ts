import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'infrabuilder.infrabuilder';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
  };
}

describe('activation', () => {
  it('activates in a workspace', async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('has every contributed command, and contributes every command that a menu names', async () => {
    const manifest = vscode.extensions.getExtension(ID)?.packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed = manifest.contributes.commands.map(({ command }) => command);
    assert.ok(contributed.length > 15);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
    const named = Object.values(manifest.contributes.menus).flatMap((items) => items.map(({ command }) => command));
    assert.deepEqual(
      named.filter((command) => !contributed.includes(command)),
      [],
    );
  });
});
