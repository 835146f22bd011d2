import assert from 'node:assert/strict';
import { canaryIssues, declaredDefects } from '../../../src/core/canaries/declared.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const HEAD = `version: 1
goals:
  - {id: G-2, title: Safety, kind: command, run: [check]}
  - {id: G-4, title: Accuracy, kind: command, run: [check]}
canaries:
`;

async function workspace(canaries: string) {
  const files = memoryFiles({ 'infrabuilder.yaml': HEAD + canaries, 'a.go': 'fast()\nslow()\nslow()\n' });
  const snapshot = await createProject(files).snapshot();
  const lines = [...snapshot.issues, ...(await canaryIssues(snapshot, files))]
    .filter(({ code, severity }) => severity === 'error' && /^(?:canary|config)/.test(code))
    .map(({ code, file, range: { start } }) => `${file}:${start.line}:${start.column} ${code}`);
  return { files, snapshot, lines };
}

const canary = (goal: string, edit: string, more = '') =>
  `  - goal: ${goal}\n    title: a defect\n${more}    edits:\n      - ${edit}\n`;

describe('canaries of infrabuilder.yaml', () => {
  it('are planned as they are declared', async () => {
    const { snapshot, files, lines } = await workspace(
      canary('G-2', '{file: a.go, search: fast(), replace: busy()}', '    duration_seconds: 60\n'),
    );
    assert.deepEqual(lines, []);
    assert.deepEqual(await declaredDefects(snapshot, new Set(['G-2']), files), [
      {
        goal: 'G-2',
        title: 'a defect',
        origin: 'declared',
        files: [{ file: 'a.go', content: 'busy()\nslow()\nslow()\n' }],
        shows: 'fail',
        durationSeconds: 60,
      },
    ]);
    assert.deepEqual(await declaredDefects(snapshot, new Set(['G-4']), files), []);
  });

  it('say at the place what does not fit', async () => {
    const lines = async (text: string) => (await workspace(text)).lines;
    assert.deepEqual(await lines(canary('G-22', '{file: a.go, content: x}')), [
      'infrabuilder.yaml:6:11 canary.unknown-goal',
    ]);
    assert.deepEqual(await lines(canary('G-2', '{file: b.go, search: x, replace: y}')), [
      'infrabuilder.yaml:9:16 canary.unknown-file',
    ]);
    assert.deepEqual(await lines(canary('G-2', '{file: a.go, search: lazy(), replace: y}')), [
      'infrabuilder.yaml:9:30 canary.search-missing',
    ]);
    assert.deepEqual(await lines(canary('G-2', '{file: a.go, search: slow(), replace: y}')), [
      'infrabuilder.yaml:9:30 canary.search-twice',
    ]);
    assert.deepEqual(await lines(canary('G-2', '{file: infrabuilder.yaml, content: x}')), [
      'infrabuilder.yaml:9:16 canary.not-a-subject',
    ]);
  });

  it('are refused where an edit is neither a replacement nor a whole file', async () => {
    for (const edit of ['{file: a.go}', '{file: a.go, search: x}', '{file: a.go, content: x, search: y, replace: z}'])
      assert.notEqual((await workspace(canary('G-2', edit))).lines.length, 0, edit);
    assert.equal((await workspace(canary('G-2', '{file: ../a.go, content: x}'))).lines.length, 1);
    assert.equal(
      (await workspace(canary('G-2', '{file: a.go, content: x}', '    duration_seconds: 0\n'))).lines.length,
      1,
    );
  });

  it('name the nearest goal', async () => {
    const { snapshot } = await workspace(canary('G-44', '{file: a.go, content: x}'));
    const issue = snapshot.issues.find(({ code }) => code === 'canary.unknown-goal');
    assert.match(issue?.message ?? '', /Did you mean "G-4"\?/);
    assert.equal(issue?.fixes?.length, 1);
  });

  it('count as a place that names the goal, so that a rename reaches them', async () => {
    const { snapshot } = await workspace(canary('G-2', '{file: a.go, content: x}'));
    assert.deepEqual(
      snapshot.references({ kind: 'goal', id: 'G-2' }).map(({ range }) => range.start),
      [{ line: 6, column: 11 }],
    );
  });
});
