import assert from 'node:assert/strict';
import { originOf } from '../../../src/vscode/chat/models/origin.ts';
import { named, runbookRequest } from '../../../src/vscode/chat/request.ts';
import { failureLines } from '../../../src/vscode/chat/rootCause.ts';
import { childCall } from '../../../src/vscode/chat/tools/arguments.ts';

describe('requests to chat commands', () => {
  it('name goals and tasks as whole words, in any case and in their order', () => {
    assert.deepEqual(named('why are g-10 and G-4 red?', ['G-1', 'G-4', 'G-10']), ['G-10', 'G-4']);
    assert.deepEqual(named('plan topn_sampler.', ['topn', 'topn_sampler']), ['topn_sampler']);
    assert.deepEqual(named('', ['G-1']), []);
  });

  it('/runbook checks, unless it is told to draft', () => {
    assert.equal(runbookRequest(''), 'check');
    assert.equal(runbookRequest('check'), 'check');
    assert.equal(runbookRequest(' draft topn_sampler'), 'draft');
    assert.equal(runbookRequest('is the draft right?'), 'check');
  });
});

describe('the lines of a log that tell a failure', () => {
  it('are found with their numbers; lines for machines are left out', () => {
    const log =
      'start\n{"Action":"fail","Output":"error: x"}\n--- FAIL: TestTop (0.1s)\n    top_test.go:12: got 3\nok\r\n[G-4] [FAILURE] fail: 69\n';
    assert.deepEqual(failureLines(log), [
      { line: 3, text: '--- FAIL: TestTop (0.1s)' },
      { line: 4, text: 'top_test.go:12: got 3' },
      { line: 6, text: '[G-4] [FAILURE] fail: 69' },
    ]);
  });

  it('are few and short', () => {
    assert.equal(failureLines('error: x\n'.repeat(100)).length, 5);
    assert.deepEqual(failureLines(`error: ${'x'.repeat(1000)}`), []);
    assert.deepEqual(failureLines('no errors\nall passed\n'), []);
  });
});

describe('calls that run in a process of their own', () => {
  it('pass every argument of the operation, and none can become another option', () => {
    assert.deepEqual(childCall('check', { name: 'test' }), ['check', 'test']);
    assert.equal(childCall('check', { name: '--save-baseline' }), undefined);
    assert.deepEqual(childCall('verify', { goals: ['G-4', '--force'], task: 't', force: true }), [
      'verify',
      '--goal=G-4',
      '--goal=--force',
      '--task=t',
      '--force',
    ]);
    assert.deepEqual(childCall('e2e_run', { scenario: 'standard', durationSeconds: 60, seed: 0 }), [
      'e2e',
      'run',
      '--scenario=standard',
      '--duration=60',
      '--seed=0',
    ]);
    const budget = { steps: 9, minutes: 1.5 };
    assert.deepEqual(childCall('implement', { slug: 'sampler', resume: '--accept', budget }), [
      'implement',
      'sampler',
      '--resume=--accept',
      '--max-steps=9',
      '--minutes=1.5',
    ]);
    assert.equal(childCall('implement', { slug: '--accept=20261122-113000-1a2b' }), undefined);
    assert.equal(childCall('tasks', {}), undefined);
    assert.equal(childCall('verify', { measure: false }), undefined);
  });
});

describe('the origin of an endpoint', () => {
  it('is what a key is kept for', () => {
    assert.equal(originOf('https://api.example.com/v1'), 'https://api.example.com');
    assert.equal(originOf('http://127.0.0.1:11434/v1'), 'http://127.0.0.1:11434');
    assert.equal(originOf('https://api.example.com@evil.org/v1'), 'https://evil.org');
    assert.equal(originOf('file:///etc/passwd'), undefined);
    assert.equal(originOf('not a url'), undefined);
  });
});
