import assert from 'node:assert/strict';
import { join } from 'node:path';
import { languageOf } from '../../../src/core/conformance/index.ts';
import { readModule } from '../../../src/core/documents/moduleSource.ts';
import { citation, Pages } from '../../../src/core/documents/passages.ts';
import { parseBlueprint } from '../../../src/core/parse/blueprint.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');
const trees = createSyntaxTrees({
  grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
  engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
});

async function symbols(file: string, text: string): Promise<string[]> {
  const files = memoryFiles({ [`m/${file}`]: text });
  const languageAt = (path: string) => {
    const found = languageOf(path);
    return found && { grammar: found.grammar, test: found.language.isTest(path) };
  };
  const [module] = await readModule({ files, trees, languageOf: languageAt }, 'm/');
  return (module?.symbols ?? []).map(
    ({ name, kind, line, exported }) => `${line} ${exported ? 'exported ' : ''}${kind} ${name}`,
  );
}

describe('what the files of a module declare', () => {
  it('in Go: types, functions, methods with their type, generic ones too', async () => {
    const text =
      'package p\n\ntype (\n\tHeap[T any] struct{}\n\titem int\n)\n\nfunc New() *Heap[int] { return nil }\nfunc (h *Heap[T]) Push(x T) {}\nfunc (i item) less() bool { return true }\n';
    assert.deepEqual(await symbols('heap.go', text), [
      '4 exported type Heap',
      '5 type item',
      '8 exported function New',
      '9 exported method Heap.Push',
      '10 method item.less',
    ]);
  });

  it('in TypeScript, Python, Rust and Java', async () => {
    assert.deepEqual(await symbols('a.ts', 'export class Heap {}\ninterface Item {}\nexport function make() {}\n'), [
      '1 exported type Heap',
      '2 type Item',
      '3 exported function make',
    ]);
    assert.deepEqual(await symbols('a.py', '@cached\ndef make():\n    pass\n\nclass _Heap:\n    pass\n'), [
      '2 exported function make',
      '5 type _Heap',
    ]);
    assert.deepEqual(await symbols('a.rs', 'pub struct Heap;\nfn make() {}\n'), [
      '1 exported type Heap',
      '2 function make',
    ]);
    assert.deepEqual(await symbols('A.java', 'public class A {}\n'), ['1 exported type A']);
  });

  it('is what can be read of a file that does not parse', async () => {
    assert.deepEqual(await symbols('a.go', 'package p\n\nfunc Good() {}\n\nfunc bad( {\n'), [
      '3 exported function Good',
    ]);
    assert.deepEqual(await symbols('a.go', ''), []);
  });
});

const BLUEPRINT = `# Blueprint

Ids such as A1-S3 are stable.

## Modules

| Module    | Budget |
|-----------|--------|
| \`sampler\` | 0.2    |

### A1-E1 Collection

- **A1-S2 Sum.** Sums.
- **A1-S3 Heap.** Picks the best,
  at most N of them.

More on A1-S3 later.
`;

describe('passages of a blueprint', () => {
  const pages = new Pages('docs/b.md', BLUEPRINT);
  const ids = parseBlueprint(BLUEPRINT, 'docs/b.md').value?.ids ?? [];

  it('are the item that defines an id, with exact lines, not every mention', () => {
    const [found, ...others] = pages.about('A1-S3', ids, 5);
    assert.ok(found !== undefined);
    assert.deepEqual(others, []);
    assert.equal(citation(found), 'docs/b.md#L14-L15');
    assert.equal(found.text, '- **A1-S3 Heap.** Picks the best,\n  at most N of them.');
    assert.deepEqual(found.heading, ['Blueprint', 'Modules', 'A1-E1 Collection']);
  });

  it('are the rows and lines that name a module in code marks', () => {
    assert.deepEqual(pages.naming('./sampler/', 5).map(citation), ['docs/b.md#L9']);
    assert.deepEqual(pages.naming('sample', 5), []);
  });

  it('of a heading are its section', () => {
    assert.deepEqual(pages.about('A1-E1', ids, 1).map(citation), ['docs/b.md#L11-L17']);
  });
});
