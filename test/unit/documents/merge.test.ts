import assert from 'node:assert/strict';
import { isGenerated, staleParts, describe as subjects } from '../../../src/core/documents/describes.ts';
import { generateDocument, unknownFigures, withoutMarkers, writeProse } from '../../../src/core/documents/generate.ts';
import type { View } from '../../../src/core/documents/template.ts';

const TEMPLATE = {
  file: 'plan.md',
  text: [
    '<!-- infrabuilder:begin head -->',
    '# Plan: {{slug}}',
    '<!-- infrabuilder:end head -->',
    '',
    '## Files',
    '',
    '<!-- infrabuilder:begin files -->',
    '{{#files}}',
    '- {{path}}',
    '{{/files}}',
    '<!-- infrabuilder:end files -->',
    '',
    '<!-- infrabuilder:prose risks -->',
    '_Which risks?_',
    '<!-- infrabuilder:end risks -->',
    '',
  ].join('\n'),
};

const ONE: View = { slug: 'heap', files: [{ path: 'a.go' }] };
const TWO: View = { slug: 'heap', files: [{ path: 'a.go' }, { path: 'b.go' }] };

async function generate(existing: string | undefined, view: View = ONE, template = TEMPLATE) {
  const describes = await subjects({ task: view });
  return generateDocument({ kind: 'plan', file: 'r/p.md', existing, template, builtIn: TEMPLATE, view, describes });
}

async function text(existing: string | undefined, view: View = ONE, template = TEMPLATE): Promise<string> {
  const { text: found, issues } = await generate(existing, view, template);
  assert.ok(found !== undefined, issues.map(({ message }) => message).join('\n'));
  return found;
}

async function refused(existing: string): Promise<string[]> {
  const { text: found, issues } = await generate(existing);
  assert.equal(found, undefined);
  return issues.map(({ code, file, range }) => `${file}:${range.start.line} ${code}`);
}

describe('a generated document', () => {
  it('is the same bytes for the same inputs, also over itself', async () => {
    const first = await text(undefined);
    assert.equal(await text(undefined), first);
    assert.equal(await text(first), first);
    assert.equal(await text(await text(first, TWO)), first);
  });

  it('replaces what was generated and keeps what a person wrote, wherever it stands', async () => {
    const first = await text(undefined);
    const edited = first
      .replace('_Which risks?_', 'The heap may swing.\n\nSee the ADR.')
      .replace('## Files', 'A thought of mine.\n\n## Files, as I call them');
    const next = await text(edited, TWO);
    assert.equal(
      withoutMarkers(next),
      '# Plan: heap\n\nA thought of mine.\n\n## Files, as I call them\n\n- a.go\n- b.go\n\nThe heap may swing.\n\nSee the ADR.\n',
    );
    assert.equal(await text(next, TWO), next);
  });

  it('keeps lines that somebody wrote into a generated part below it, and says so', async () => {
    const first = await text(undefined);
    const edited = first.replace('- a.go', '- a.go\n- and my own file');
    const { text: next = '', issues } = await generate(edited, TWO);
    assert.deepEqual(
      issues.map(({ code, severity, file, range }) => `${file}:${range.start.line} ${severity} ${code}`),
      ['r/p.md:8 warning document.edited-block'],
    );
    assert.match(
      next,
      /- b\.go\n<!-- infrabuilder:end files -->\n<!-- infrabuilder:prose kept-files -->\nKept [^\n]+\n\n- and my own file\n/,
    );
    assert.equal(await text(next, TWO), next);
    const again = await text(next.replace('- b.go', '- b.go\n- a second file'), TWO);
    assert.match(again, /- and my own file\n- a second file\n<!-- infrabuilder:end kept-files -->/);
  });

  it('takes a text that nobody generated as notes, whole', async () => {
    const mine = '# My plan\n\n- step one\n';
    const next = await text(mine);
    assert.match(
      next,
      /## Notes\n\n<!-- infrabuilder:prose notes -->\n# My plan\n\n- step one\n<!-- infrabuilder:end notes -->\n$/,
    );
    assert.equal(await text(next), next);
  });

  it('puts a part that was removed back in its place', async () => {
    const first = await text(undefined);
    const without = first.replace(/<!-- infrabuilder:begin files[\s\S]*end files -->\n/, '');
    assert.match(await text(without), /- a\.go[\s\S]*_Which risks\?_/);
  });

  it('keeps prose whose place a new template does not have', async () => {
    const first = (await text(undefined)).replace('_Which risks?_', 'It may swing.');
    const template = {
      file: 'templates/documents/plan.md',
      text: TEMPLATE.text.replace(/<!-- infrabuilder:prose[\s\S]*$/, ''),
    };
    const next = await text(first, ONE, template);
    assert.match(next, /## Notes\n\n<!-- infrabuilder:prose notes -->\nIt may swing\.\n/);
  });

  it('keeps the line ends of the file', async () => {
    const windows = (await text(undefined)).replaceAll('\n', '\r\n');
    const next = await text(windows, TWO);
    assert.equal(next.includes('- b.go\r\n'), true);
    assert.equal(/[^\r]\n/.test(next), false);
  });
});

describe('a document with broken markers', () => {
  it('is left alone, with the line of each problem', async () => {
    const first = await text(undefined);
    assert.deepEqual(await refused(first.replace('<!-- infrabuilder:end files -->\n', '')), [
      'r/p.md:8 document.marker-unclosed',
    ]);
    assert.deepEqual(await refused(first.replace('infrabuilder:end head', 'infrabuilder:finish head')), [
      'r/p.md:2 document.marker-unclosed',
      'r/p.md:4 document.marker-unknown',
    ]);
    assert.deepEqual(await refused(first.replace(/<!-- infrabuilder:prose risks .*-->/, '')), [
      'r/p.md:14 document.marker-stray',
    ]);
    assert.deepEqual(await refused(first + first.slice(first.indexOf('<!-- infrabuilder:prose'))), [
      'r/p.md:15 document.marker-duplicate',
    ]);
  });

  it('has one problem where a whole document was pasted behind it, and where a part was moved into another', async () => {
    const first = await text(undefined);
    const lines = first.split('\n').length - 1;
    assert.deepEqual(await refused(first + first), [`r/p.md:${lines + 1} document.marker-duplicate`]);
    const nested = `${first.replace('<!-- infrabuilder:end files -->\n', '')}<!-- infrabuilder:end files -->\n`;
    assert.deepEqual(await refused(nested), ['r/p.md:8 document.marker-unclosed']);
  });

  it('of another kind is not overwritten', async () => {
    const other = (await text(undefined)).replace('infrabuilder:document plan', 'infrabuilder:document arch');
    assert.deepEqual(await refused(other), ['r/p.md:1 document.other-kind']);
  });
});

describe('what a document describes', () => {
  it('tells by name what has changed since', async () => {
    const written = await text(undefined);
    const now = await subjects({ task: ONE });
    assert.deepEqual([isGenerated(written), staleParts(written, now)], [true, []]);
    assert.deepEqual(staleParts(written, await subjects({ task: TWO, goals: [] })), ['goals', 'task']);
    assert.equal(isGenerated('# By hand\n'), false);
  });
});

describe('prose of a model', () => {
  it('goes to its place and nowhere else', async () => {
    const first = await text(undefined);
    const next = writeProse(first, 'r/p.md', 'risks', 'It may swing.\n');
    assert.equal(next, first.replace('_Which risks?_', 'It may swing.'));
    assert.match(await text(next, TWO), /It may swing\./);
    assert.throws(() => writeProse(first, 'r/p.md', 'ideas', 'x'), { code: 'document.no-place' });
    assert.throws(() => writeProse(first, 'r/p.md', 'risks', '<!-- infrabuilder:end risks -->'), {
      code: 'document.prose-marker',
    });
  });

  it('brings no figure of its own', async () => {
    const measured = (await text(undefined)).replace(
      '# Plan: heap',
      '# Plan: heap\n\ncaptured 71.46 percent of 240 ticks',
    );
    assert.deepEqual(
      unknownFigures(measured, 'r/p.md', 'Of 240 ticks 71.46 percent; G-4 and O(k log N) are names.'),
      [],
    );
    assert.deepEqual(unknownFigures(measured, 'r/p.md', 'It will reach 97.3 percent in 2 runs.'), ['97.3', '2']);
  });
});
