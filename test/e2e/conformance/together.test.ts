import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');
const OPTIONS = {
  grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
  engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
};

describe('syntax trees of several workspaces in one process', () => {
  it('can be asked for at the same time', async () => {
    const roots = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const grammar = await createSyntaxTrees(OPTIONS).grammar(at % 2 === 0 ? 'go' : 'python');
        return grammar.read(at % 2 === 0 ? 'package a\n' : 'a = 1\n', (root) => root.type);
      }),
    );
    assert.deepEqual(roots, ['source_file', 'module', 'source_file', 'module', 'source_file', 'module']);
  });
});
