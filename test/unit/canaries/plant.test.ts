import assert from 'node:assert/strict';
import { plant } from '../../../src/core/canaries/plant.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const BEFORE = { 'a.go': 'a\n', 'b/c.go': 'c\n' };
const DEFECT = [
  { file: 'a.go', content: 'broken\n' },
  { file: 'b/new.go', content: 'new\n' },
  { file: 'a.go', content: 'more broken\n' },
];

describe('a planted defect', () => {
  it('is there, and is taken back without a trace', async () => {
    const files = memoryFiles(BEFORE);
    const restore = await plant(files, DEFECT);
    assert.deepEqual(files.texts(), { 'a.go': 'more broken\n', 'b/c.go': 'c\n', 'b/new.go': 'new\n' });
    await restore();
    assert.deepEqual(files.texts(), BEFORE);
  });

  it('is not left half planted where a file cannot be written', async () => {
    const files = memoryFiles(BEFORE);
    const write: typeof files.write = async (path, text) => {
      if (path === 'b/new.go') throw new Error('disk full');
      await files.write(path, text);
    };
    await assert.rejects(plant({ ...files, write }, DEFECT), /disk full/);
    assert.deepEqual(files.texts(), BEFORE);
  });
});
