import assert from 'node:assert/strict';
import { safeCell, safeMarkdown, stretchesOf } from '../../../src/vscode/chat/safe.ts';

const joined = (...lines: readonly string[]): string => lines.join('\n');

describe('Markdown of documents and models, made safe', () => {
  it('keeps what only looks', () => {
    const text = joined('# Title', '', '- **bold** and _thin_', '| a | b |', '|---|---|', '| 1 | 2 |', '> quoted', '');
    assert.equal(safeMarkdown(text), text);
  });

  for (const [what, text, safe] of [
    [
      'a command link',
      '[run](command:workbench.action.terminal.new)',
      '\\[run\\](command:workbench.action.terminal.new)',
    ],
    ['an image', '![x](http://evil/x.png)', '\\!\\[x\\](http&colon;//evil/x.png)'],
    ['a reference link', '[x][1]', '\\[x\\]\\[1\\]'],
    ['a definition', '[1]: command:x', '\\[1\\]: command:x'],
    ['an autolink', '<command:x>', '&lt;command:x>'],
    ['HTML', '<a href="command:x">y</a><!-- z -->', '&lt;a href="command:x">y&lt;/a>&lt;\\!-- z -->'],
    [
      'a bare address',
      'http://_vscodecontentref_/0 and www.evil.org',
      'http&colon;//_vscodecontentref_/0 and www\\.evil.org',
    ],
    ['an entity for a bracket', '&#91;x](command:y) &lt;b&gt;', '&amp;#91;x\\](command:y) &amp;lt;b&amp;gt;'],
    ['what is escaped already', '\\[x\\](command:y)', '\\[x\\](command:y)'],
    ['a backslash before the bracket', '\\\\[x](command:y)', '\\\\\\[x\\](command:y)'],
  ] as const) {
    it(`disarms ${what}`, () => assert.equal(safeMarkdown(text), safe));
  }

  it('leaves code as it is, in a line and in a block', () => {
    const text = joined('Use `a[0] < b` here.', '```go', 'x := [](T){<-c}', '```', 'end [x]');
    assert.equal(safeMarkdown(text), text.replace('end [x]', 'end \\[x\\]'));
  });

  it('a backtick without a partner does not reach into the next line, where it would turn code and text round', () => {
    assert.equal(safeMarkdown(joined('a ` b', '` [x](command:y) `')), joined('a \\` b', '` [x](command:y) `'));
    assert.equal(safeMarkdown('`` [x](command:y) `'), '\\`\\` \\[x\\](command:y) \\`');
  });

  it('a block that ends with its quote or its indentation is closed there', () => {
    assert.equal(
      safeMarkdown(joined('> ```', '> code', '[x](command:y)')),
      joined('> ```', '> code', '> ```', '\\[x\\](command:y)'),
    );
    assert.equal(
      safeMarkdown(joined('- a', '  ```', '  code', '[x](command:y)')),
      joined('- a', '  ```', '  code', '  ```', '\\[x\\](command:y)'),
    );
  });

  it('a block that never ends is closed, so that what follows it is shown as what it is', () => {
    assert.equal(safeMarkdown(joined('```', 'code')), joined('```', 'code', '```', ''));
    assert.equal(safeMarkdown('~~~~'), joined('~~~~', '~~~~', ''));
  });

  it('a line that only looks like a fence is none', () => {
    assert.equal(safeMarkdown('``` a`b\n[x](command:y)'), '\\`\\`\\` a\\`b\n\\[x\\](command:y)');
    assert.equal(safeMarkdown('    ```\n[x](command:y)'), '    \\`\\`\\`\n\\[x\\](command:y)');
  });

  it('takes from a fence all but its language, and the tags by which VS Code applies blocks to files', () => {
    assert.equal(
      safeMarkdown(joined('```ts {path=/etc/passwd}', '<vscode_codeblock_uri>file:///x</vscode_codeblock_uri>', '```')),
      joined('```ts', '<\u200bvscode_codeblock_uri>file:///x<\u200b/vscode_codeblock_uri>', '```'),
    );
  });

  it('takes out control characters and those that turn text round', () => {
    assert.equal(safeMarkdown('a\u001b[31mb\u202ec\r\nd'), 'a\\[31mbc\nd');
  });

  it('a cell is one line without a border of its own', () => {
    assert.equal(safeCell(' a | b\n[c] '), 'a \\| b \\[c\\]');
  });

  it('loses no text', () => {
    for (const text of ['`', '``', '`a``b`', '> `x` ` y', '~~~\n`\n~~~\n', '\\', '\\`a`', '']) {
      const kept = stretchesOf(text)
        .map((stretch) => stretch.text)
        .join('');
      assert.equal(kept.replaceAll('\\', ''), text.replaceAll('\\', ''), JSON.stringify(text));
    }
  });
});
