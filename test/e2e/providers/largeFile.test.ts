import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGrounding } from '../../../src/core/grounding/grounding.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { createFiles } from '../../../src/node/files.ts';

const SIZE = 20 * 2 ** 20;
const NEEDLE = 'The needle key `haystack_depth` is 77 by default.';

describe('a Markdown file of 20 MB', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'grounding-'));
    mkdirSync(join(root, 'docs'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function ask(text: string) {
    writeFileSync(join(root, 'docs/huge.md'), text);
    const files = createFiles(root);
    const clock = { now: () => new Date(), monotonic: () => performance.now() };
    const grounding = createGrounding({ files, clock, project: createProject(files) });
    return await grounding.ask({ question: 'What is the default of haystack_depth?' });
  }

  it('is searched like any other, and cited to the line', async () => {
    const hay = '## Hay\n\nMore hay follows here, and more after that.\n\n';
    const half = hay.repeat(Math.ceil(SIZE / 2 / hay.length));
    const answer = await ask(`${half}${NEEDLE}\n\n${half}`);
    assert.deepEqual([answer.abstained, answer.claims[0]?.text], [false, NEEDLE]);
    assert.equal(answer.citations[0]?.startLine, half.split('\n').length);
  }).timeout(120_000);

  it('of one single line is survived: it holds nothing that could be quoted', async () => {
    const hay = 'more hay ';
    const answer = await ask(`${hay.repeat(SIZE / hay.length)}${NEEDLE}`);
    assert.deepEqual([answer.abstained, answer.nearest[0]?.file ?? 'docs/huge.md'], [true, 'docs/huge.md']);
  }).timeout(120_000);
});
