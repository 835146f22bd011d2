import assert from 'node:assert/strict';
import { resolveEdits } from '../../../src/core/canaries/edits.ts';
import type { CanaryEdit } from '../../../src/core/model/canary.ts';
import { pathsSchema } from '../../../src/core/model/config.ts';

const TEXTS: Readonly<Record<string, string>> = { 'src/a.go': 'one\ntwo\ntwo\n', 'docs/a.md': 'price: $1\n' };

async function resolve(...edits: CanaryEdit[]) {
  const { files, problems } = await resolveEdits(edits, pathsSchema.parse({}), async (file) => TEXTS[file]);
  return { files, problems: problems.map(({ code, edit, key }) => `${edit} ${key} ${code}`) };
}

describe('edits of a declared canary', () => {
  it('replace a text that the file holds once, in order, each on what the one before left', async () => {
    const first = { file: 'src/a.go', search: 'one', replace: 'three' };
    const second = { file: 'src/a.go', search: 'three\ntwo', replace: 'four' };
    assert.deepEqual(await resolve(first, second), {
      files: [{ file: 'src/a.go', content: 'four\ntwo\n' }],
      problems: [],
    });
  });

  it('take the replacement as it is written', async () => {
    const { files } = await resolve({ file: 'docs/a.md', search: '$1', replace: "$& $' $1" });
    assert.deepEqual(files, [{ file: 'docs/a.md', content: "price: $& $' $1\n" }]);
  });

  it('write a whole file, also a new one', async () => {
    const { files, problems } = await resolve({ file: './src/../src/new.go', content: 'new\n' });
    assert.deepEqual([files, problems], [[{ file: 'src/new.go', content: 'new\n' }], []]);
  });

  it('are refused where the file is unknown, or the text is not there or there twice', async () => {
    const { problems } = await resolve(
      { file: 'src/b.go', search: 'one', replace: '' },
      { file: 'src/a.go', search: 'nine', replace: '' },
      { file: 'src/a.go', search: 'two', replace: '' },
    );
    assert.deepEqual(problems, [
      '0 file canary.unknown-file',
      '1 search canary.search-missing',
      '2 search canary.search-twice',
    ]);
  });

  it('never reach what measures: with it changed, anything can be made red', async () => {
    const paths = ['infrabuilder.yaml', 'e2e/scenarios/standard.yml', 'reports/evidence/x.json', 'src/.git/HEAD'];
    for (const file of [...paths, '.infrabuilder/cache', 'docs/../e2e/x']) {
      const { problems } = await resolve({ file, content: '' });
      assert.deepEqual(problems, ['0 file canary.not-a-subject'], file);
    }
  });
});
