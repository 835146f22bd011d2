import assert from 'node:assert/strict';
import { exitCodeOfSelfTest } from '../../../src/cli/commands/selfTest.ts';
import type { Stream } from '../../../src/cli/io.ts';
import { selfTestText } from '../../../src/cli/render/selfTest.ts';
import type { SelfTestJson } from '../../../src/core/operations/selfTest.ts';

const PLAIN: Stream = { color: false, isTerminal: false, write: () => {} };

type Canary = SelfTestJson['canaries'][number];
const RED: Canary = {
  goal: 'G-2',
  defect: 'a busy loop',
  origin: 'declared',
  files: ['a.go'],
  scenario: { name: 'standard', seconds: 60 },
  before: 'pass',
  verdict: 'fail',
  measured: 'cpu_usage 20.12 percent (<= 2)',
  reason: 'cpu_usage 20.12 (<= 2)',
  seconds: 81.25,
  result: 'red',
  note: '',
};
const GREEN: Canary = {
  ...RED,
  goal: 'G-3',
  scenario: null,
  verdict: 'pass',
  measured: '',
  result: 'green',
  note: 'blind',
};
const NONE: Canary = {
  ...RED,
  goal: 'G-11',
  defect: null,
  origin: null,
  before: null,
  verdict: null,
  measured: '',
  reason: 'List one.',
  seconds: null,
  result: 'no-canary',
};
const OFF: Canary = { ...NONE, goal: 'G-12', result: 'off', note: 'Not here.' };

const of = (...canaries: Canary[]): SelfTestJson => ({
  schemaVersion: 1,
  holds: canaries.every(({ result }) => result === 'red' || result === 'off'),
  canaries,
});

describe('the self-test as text', () => {
  it('has a row for each defect, and below why some prove nothing', () => {
    assert.equal(
      selfTestText(PLAIN, of(RED, GREEN, NONE, OFF)),
      `GOAL  DEFECT                        VERDICT       MEASURED                        SECONDS  RESULT
G-2   a busy loop (standard, 60 s)  pass -> fail  cpu_usage 20.12 percent (<= 2)  81.3     turns red
G-3   a busy loop                   pass -> pass  -                               81.3     STAYS GREEN: blind
G-11  -                             -             -                               -        no canary
G-12  -                             -             -                               -        off: Not here.
G-3  a busy loop: cpu_usage 20.12 (<= 2)
G-11  List one.
2 of 4 canaries prove nothing.
`,
    );
  });

  it('says so where all is proven', () => {
    assert.match(selfTestText(PLAIN, of(RED, OFF)), /\nThe defect turned its goal red\.\n$/);
  });
});

describe('the exit code of a self-test', () => {
  it('is 1 where a gate is blind or a canary broken, 4 where nothing is proven, else 0', () => {
    assert.equal(exitCodeOfSelfTest(of(RED, OFF)), 0);
    assert.equal(exitCodeOfSelfTest(of(RED, NONE)), 4);
    assert.equal(exitCodeOfSelfTest(of(RED, { ...RED, result: 'not-proven' })), 4);
    assert.equal(exitCodeOfSelfTest(of(NONE, GREEN)), 1);
    assert.equal(exitCodeOfSelfTest(of(NONE, { ...RED, result: 'broken' })), 1);
  });
});
