import assert from 'node:assert/strict';
import { citationMarks, formatCitation } from '../../../src/core/grounding/citation.ts';
import { splitAnswer } from '../../../src/core/grounding/claims.ts';
import { figuresOf, identifiersOf } from '../../../src/core/grounding/facets.ts';

/** `text <- file:from-to, ...` for each claim. */
function claims(...lines: readonly string[]): string[] {
  const text = lines.join('\n');
  const parts = splitAnswer(text);
  assert.equal(parts.map((part) => part.raw).join(''), text, 'the parts are the answer');
  return parts.flatMap(({ claim }) => {
    if (claim === undefined) return [];
    const cited = claim.citations.map(({ file, startLine, endLine }) => `${file}:${startLine}-${endLine}`);
    return [`${claim.text.replaceAll('\n', '/')}${cited.length > 0 ? ` <- ${cited.join(', ')}` : ''}`];
  });
}

describe('an answer is cut into claims', () => {
  it('sentence by sentence, with the citations inside or behind each', () => {
    assert.deepEqual(claims('One is 1 [a.md#L1]. Two is 2. [b.md#L2-L3] [c.md#L4] Three is 3, e.g. here.'), [
      'One is 1. <- a.md:1-1',
      'Two is 2. <- b.md:2-3, c.md:4-4',
      'Three is 3, e.g. here.',
    ]);
  });

  it('not inside figures, code and quotes', () => {
    assert.deepEqual(claims('The error is 0.75 % in `a. b` and "It is. So." there [a.md#L1].'), [
      'The error is 0.75 % in `a. b` and "It is. So." there. <- a.md:1-1',
    ]);
  });

  it('items and table rows are claims; rules, bare headings and lead-ins are none', () => {
    const answer = ['## Answer', '', 'Sources:', '1. First [a.md#L1]', '- Second', '', '| a | b |', '|---|---|', '---'];
    assert.deepEqual(claims(...answer), ['First <- a.md:1-1', 'Second', '| a | b |']);
  });

  it('a heading or a lead-in that states something is a claim all the same', () => {
    assert.deepEqual(claims('## G-4 passes', 'The task is done:', '**The gate is open**'), [
      '## G-4 passes',
      'The task is done:',
      '**The gate is open**',
    ]);
  });

  it('citations on a line of their own belong to the claim before', () => {
    assert.deepEqual(claims('One.', '[a.md#L1]', '', '> Two', '', '[b.md#L2]'), [
      'One. <- a.md:1-1',
      'Two <- b.md:2-2',
    ]);
  });

  it('a quoted block is one claim, whatever it holds', () => {
    const [part] = splitAnswer('> See [x.md#L9]: "5". And\n> more.\n>\n> [a.md#L1-L2]\n');
    assert.deepEqual(part?.claim, {
      text: 'See [x.md#L9]: "5". And\nmore.',
      quotes: ['See [x.md#L9]: "5". And\nmore.'],
      citations: [{ file: 'a.md', startLine: 1, endLine: 2 }],
    });
  });

  it('a block of code is a quote that rests on the line before it', () => {
    assert.deepEqual(claims('Run this [a.md#L5]:', '```sh', 'make x', '```'), [
      'Run this: <- a.md:5-5',
      'make x <- a.md:5-5',
    ]);
  });
});

describe('citations', () => {
  it('are read in every usual form', () => {
    const forms = ['[a.md#L1]', '(a.md#L1)', '[text](./a.md#L1)', 'a.md#L1', '`a.md#L1`'];
    for (const form of forms) {
      assert.deepEqual(
        citationMarks(`x ${form} y`).flatMap((mark) => mark.citations),
        [{ file: 'a.md', startLine: 1, endLine: 1 }],
        form,
      );
    }
    assert.deepEqual(citationMarks('[a.md#L1-3; b/c.md#L4-L5]')[0]?.citations, [
      { file: 'a.md', startLine: 1, endLine: 3 },
      { file: 'b/c.md', startLine: 4, endLine: 5 },
    ]);
    assert.deepEqual(citationMarks('a.md, #L5, a.md#5, [a.md#Lx]'), []);
  });

  it('name any file so that nothing of its name acts as Markdown, and it is read back the same', () => {
    for (const file of [
      'docs/my notes.md',
      'a](command:evil).md',
      'x`y<b>#L1.md',
      'docs/ü/ß.md',
      'a%20b.md',
      'a\nb.md',
    ]) {
      const text = `[${formatCitation({ file, startLine: 3, endLine: 4 })}]`;
      assert.deepEqual(citationMarks(text)[0]?.citations, [{ file, startLine: 3, endLine: 4 }], text);
      assert.doesNotMatch(text.slice(1, -1), /[\s[\]()<>`]/);
    }
  });
});

describe('what a source must have', () => {
  for (const [text, names] of [
    ['`a_b` and maxSamplerCPU in G-4, p95 and A1-S3', 'a_b maxSamplerCPU G-4 p95 A1-S3'],
    [
      'See docs/runbook.md, /proc, 127.0.0.1:8080, v1.2.3 and --json on 2026-11-22',
      'docs/runbook.md /proc 127.0.0.1:8080 v1.2.3 --json 2026-11-22',
    ],
    ['The agent sends it to Kafka over OTLP. Then it ends.', 'Kafka OTLP'],
    ['Reading and/or writing, e.g. 5ms, 100MB or a 60-second window', ''],
    ['CPU/RSS of `make test`', 'make test CPU RSS'],
  ] as const) {
    it(`names in "${text}"`, () => assert.equal(identifiersOf(text).join(' '), names));
  }

  for (const [text, figures] of [
    ['at least 95 %, 1,000 or 1e9', '95 percent least, 1000, 1000000000'],
    ['-5 to 3-7, ≤ 2% and max: 100 MB', '-5, 3, 7, 2 percent greatest, 100 MB greatest'],
    ['G-4, p95, v1.2.3, 2026-11-22', ''],
    ['five of 10^6 in 16 µs', '5, 1000000, 16 microseconds'],
    ['2000 PIDs/s and no more than 3 per second', '2000 per second, 3 per second greatest'],
  ] as const) {
    it(`figures in "${text}"`, () => {
      const told = figuresOf(text).map(({ value, unit, bound }) =>
        [value, unit, bound].filter((one) => one !== undefined).join(' '),
      );
      assert.equal(told.join(', '), figures);
    });
  }
});
