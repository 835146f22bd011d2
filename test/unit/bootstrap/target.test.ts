import assert from 'node:assert/strict';
import { judgeTarget, someNames } from '../../../src/core/bootstrap/target.ts';
import type { TargetState } from '../../../src/core/ports.ts';
import { MISSING } from './helper.ts';

function refusal(part: Partial<TargetState>): string {
  try {
    judgeTarget({ ...MISSING, ...part });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('target of a bootstrap', () => {
  it('refuses what cannot or should not be a workspace', () => {
    assert.equal(refusal({ kind: 'file' }), '/work/ws is a file.');
    assert.equal(refusal({ kind: 'link' }), '/work/ws is a link that leads nowhere.');
    assert.equal(refusal({ kind: 'folder', place: 'home' }), '/work/ws is your home folder.');
    assert.equal(refusal({ kind: 'folder', place: 'filesystem-root' }), '/work/ws is the root of a disk.');
    assert.equal(refusal({}), 'accepted');
  });

  it('asks about strangers, not about what every project has, nor in a workspace', () => {
    const strangers = (entries: string[]) => judgeTarget({ ...MISSING, kind: 'folder', entries }).strangers;
    assert.deepEqual(strangers(['.git', '.vscode', 'README.md', 'Blueprint_vFinal.md', 'infrastructure-agent']), []);
    assert.deepEqual(strangers(['.infrabuilder', '.Makefile.5f9c.tmp', '.infrastructure-agent.cloning-42']), []);
    assert.deepEqual(strangers(['README.md', 'holiday.jpg', 'main.go']), ['holiday.jpg', 'main.go']);
    assert.deepEqual(strangers(['infrabuilder.yaml', 'holiday.jpg']), []);
  });

  it('warns of a workspace in a workspace', () => {
    assert.deepEqual(judgeTarget({ ...MISSING, workspaceAbove: '/work' }).warnings, [
      '/work/ws lies inside another workspace, /work.',
    ]);
  });

  it('names a few of many', () => {
    assert.equal(someNames(['a', 'b']), 'a, b');
    assert.equal(someNames([...'abcdefgh']), 'a, b, c, d, e and 3 more');
  });
});
