import assert from 'node:assert/strict';
import { bindLine } from '../../../src/core/goals/acceptance.ts';
import type { StepState } from '../../../src/core/goals/survey.ts';
import type { MeasuredValue } from '../../../src/core/model/check.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { parseAcceptance } from '../../../src/core/parse/acceptance.ts';

/** A step with evidence; `stale` where the work tree has changed since. */
function state(id: string, values: MeasuredValue[], { verdict = 'pass' as Verdict, stale = false } = {}): StepState {
  const entry = { statement: { predicate: { verdict, values } } } as unknown as NonNullable<StepState['fresh']>;
  const step = { id } as StepState['step'];
  return {
    step,
    subject: [],
    configuration: [],
    fresh: stale ? undefined : entry,
    last: entry,
    changed: [],
    issues: [],
  };
}
const open = (id: string): StepState => ({ ...state(id, []), fresh: undefined, last: undefined });
const ratio = (value: number, more = {}) => ({ name: 'topn_capture_ratio', value, unit: 'percent', ...more });
const bind = (text: string, ...states: StepState[]) => {
  const { verdict, detail } = bindLine(parseAcceptance(text), states);
  return `${verdict}: ${detail}`;
};

describe('an acceptance line', () => {
  const harness = state('check:harness', [ratio(97.3)]);
  const churn = state('scenario:high_pid_churn', [ratio(91)]);

  it('is bound to the measured value where it says', () => {
    assert.equal(
      bind('topn_capture_ratio ≥ 95% on replay harness', harness, churn),
      'holds: check:harness: topn_capture_ratio 97.3 percent',
    );
    assert.match(
      bind('topn_capture_ratio ≥ 95% on scenario high_pid_churn', harness, churn),
      /^fails: scenario:high_pid_churn/,
    );
  });

  it('holds everywhere or not at all where it names no place', () => {
    assert.match(bind('topn_capture_ratio ≥ 95%', harness, churn), /^fails: scenario:high_pid_churn/);
    assert.match(bind('Top-N capture ratio ≥ 90%', harness, churn), /^holds/);
  });

  it('compares in its own unit, unrounded, with its own operator', () => {
    const memory = state('scenario:standard', [{ name: 'memory_usage', value: 68.0001, unit: 'MB' }]);
    assert.match(bind('memory_usage ≤ 68000 kB', memory), /^fails/);
    assert.match(bind('memory_usage < 69 MB', memory), /^holds/);
    assert.match(bind('memory_usage ≤ 5 seconds', memory), /^unmeasured: .*cannot be compared/);
    assert.match(bind('drift ± 2%', state('check:x', [{ name: 'drift', value: -2.5, unit: 'percent' }])), /^fails/);
  });

  it('is not decided by what is stale, noisy or not there yet', () => {
    assert.match(
      bind('topn_capture_ratio ≥ 95%', state('check:harness', [ratio(97)], { stale: true })),
      /^unmeasured: .*stale/,
    );
    assert.match(
      bind('topn_capture_ratio ≥ 95%', state('check:harness', [ratio(97, { verdict: 'inconclusive' })])),
      /^unmeasured/,
    );
    assert.match(bind('topn_capture_ratio ≥ 95%', open('scenario:standard')), /^unmeasured/);
  });

  it('needs a person where nothing measures it, or where nobody knows the place', () => {
    assert.equal(bind('sampler CPU ≤ 0.5%', harness), 'needs-person: Nothing here measures sampler CPU.');
    assert.match(
      bind('topn_capture_ratio ≥ 95% on Windows', harness),
      /^needs-person: No check or scenario is meant by "Windows"/,
    );
    assert.match(bind('heap operations O(k log N) verified by profiling', harness), /^needs-person/);
    assert.match(bind('requests are compressed, verified by a unit test', state('check:test', [])), /^needs-person/);
  });

  it('can name a check or a scenario', () => {
    assert.match(bind('check lint passes', state('check:lint', [])), /^holds: check:lint: pass/);
    assert.match(bind('`make bench` shows no regression', state('check:bench', [], { verdict: 'fail' })), /^fails/);
    assert.match(
      bind('scenario failover ends well', open('scenario:failover')),
      /^unmeasured: scenario:failover: not measured yet/,
    );
  });
});
