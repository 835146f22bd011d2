import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  it('activates in a workspace', async () => {
    const extension = vscode.extensions.getExtension('infrabuilder.infrabuilder');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
