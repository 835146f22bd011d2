import assert from 'node:assert/strict';
import { workspacePathSchema } from '../../../src/core/model/path.ts';

describe('paths in the configuration', () => {
  const fits = (path: string) => workspacePathSchema.safeParse(path).success;

  it('stay inside the workspace', () => {
    for (const path of ['.', 'a', 'a/b c/ü', './a', 'a/../b', '..a/b', 'a/..']) assert.ok(fits(path), path);
  });

  it('are refused where they leave it, or mean another place on another machine', () => {
    for (const path of [
      '',
      '..',
      '../a',
      'a/../../b',
      './..',
      '/etc',
      'C:\\work',
      'c:work',
      '\\\\server\\share',
      '..\\a',
    ]) {
      assert.ok(!fits(path), path);
    }
  });
});
