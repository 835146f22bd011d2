import assert from 'node:assert/strict';
import {
  type MeasurementFact,
  progressOf,
  STEPS,
  type TaskEvidence,
  type TaskFacts,
} from '../../../src/core/workflow/transition.ts';

const CURRENT = { exists: true, changed: [] };
const pass = (id: string): MeasurementFact => ({ id, verdict: 'pass', reason: 'It holds.' });
const fail = (id: string): MeasurementFact => ({ id, verdict: 'fail', reason: 'Too much.' });
const stale = (id: string): MeasurementFact => ({ id, verdict: undefined, reason: 'It did not run yet.' });

function facts(evidence?: Partial<TaskEvidence>, more: Partial<TaskFacts> = {}): TaskFacts {
  const all: TaskEvidence = {
    plan: CURRENT,
    arch: CURRENT,
    result: CURRENT,
    changed: true,
    checks: [pass('check:test')],
    scenarios: [pass('scenario:standard')],
    goals: [pass('G-4')],
    failingLines: [],
    missing: [],
    ...evidence,
  };
  return {
    hasPlan: true,
    hasArch: true,
    dependencies: new Map(),
    errors: [],
    ...(evidence === undefined ? {} : { evidence: all }),
    ...more,
  };
}

function next(given: TaskFacts, status: 'pending' | 'in_progress' | 'done' = 'in_progress'): string {
  const { step, why, blockers } = progressOf({ status }, given);
  return [`${step}: ${why}`, ...blockers].join(' | ');
}

describe('the next step of a task', () => {
  it('has the ten steps of the plan', () => {
    assert.deepEqual(
      STEPS.map(({ title }) => title),
      [
        'OPEN',
        'PLAN',
        'ARCHITECTURE REVIEW',
        'CODE',
        'TEST',
        'INTEGRATION',
        'GOAL VERIFICATION',
        'DOCUMENT',
        'ITERATE',
        'COMPLETE',
      ],
    );
  });

  it('follows from folder and documents alone, as far as they tell', () => {
    assert.equal(next(facts(), 'pending'), 'open: Its file is in pending/.');
    assert.equal(next(facts(undefined, { hasPlan: false })), 'plan: There is no work plan yet.');
    assert.equal(next(facts(undefined, { hasArch: false })), 'arch: There is no architecture review yet.');
    assert.equal(next(facts()), 'code: Plan and architecture review are there.');
    assert.equal(next(facts(), 'done'), 'done: Its file is in done/.');
  });

  it('is a document again when what it describes has changed', () => {
    const changed = { exists: true, changed: ['task', 'goals'] };
    assert.equal(
      next(facts({ plan: changed })),
      'plan: The work plan is older than what it describes: task, goals changed.',
    );
    assert.equal(
      next(facts({ arch: changed })),
      'arch: The architecture review is older than what it describes: task, goals changed.',
    );
    assert.equal(
      next(facts({ result: changed })),
      'result: The result is older than what it describes: task, goals changed.',
    );
  });

  it('is CODE until the source has changed, unless everything holds already', () => {
    assert.equal(
      next(facts({ changed: false, goals: [fail('G-4')] })),
      'code: The source has not changed since the task was opened. | G-4 fails: Too much.',
    );
    assert.equal(next(facts({ changed: false })), 'complete: Nothing is missing.');
    assert.equal(next(facts({ changed: undefined, checks: [stale('check:test')] })).split(':')[0], 'test');
  });

  it('is what has no fresh verdict: checks, scenarios, goals, in this order', () => {
    const nothing = {
      checks: [stale('check:lint'), stale('check:test')],
      scenarios: [stale('scenario:a')],
      goals: [stale('G-1')],
    };
    assert.equal(next(facts(nothing)), 'test: These checks have no fresh verdict: check:lint, check:test.');
    const tested = { ...nothing, checks: [pass('check:test')] };
    assert.equal(next(facts(tested)), 'integration: These scenarios have no fresh verdict: scenario:a.');
    assert.equal(next(facts({ ...tested, scenarios: [] })), 'verify: These goals have no fresh verdict: G-1.');
  });

  it('does not take what is inconclusive for a verdict', () => {
    const unsure: MeasurementFact = { id: 'scenario:a', verdict: 'inconclusive', reason: 'Too short.' };
    assert.equal(
      next(facts({ scenarios: [unsure] })),
      'integration: These scenarios have no fresh verdict: scenario:a.',
    );
  });

  it('after a failure is the result, then ITERATE; nothing is measured in vain', () => {
    const red = { checks: [fail('check:test')], scenarios: [stale('scenario:a')], goals: [stale('G-1')] };
    assert.equal(next(facts({ ...red, result: { exists: false, changed: [] } })), 'result: There is no result yet.');
    assert.equal(next(facts(red)), 'iterate: These do not hold: check:test.');
    assert.equal(
      next(facts({ goals: [fail('G-4')], failingLines: ['ratio ≥ 95%'] })),
      'iterate: These do not hold: G-4, "ratio ≥ 95%". | G-4 fails: Too much.',
    );
  });

  it('at the end is COMPLETE, with all that the gate asks for', () => {
    assert.equal(next(facts({})), 'complete: Nothing is missing.');
    assert.equal(
      next(facts({ missing: ['The runbook does not name it.'] })),
      'complete: The gate asks for 1 more. | The runbook does not name it.',
    );
  });

  it('names the dependencies and errors that stand in its way', () => {
    const dependencies = new Map([
      ['base', 'pending' as const],
      ['gone', undefined],
      ['ready', 'done' as const],
    ]);
    assert.equal(
      next(facts(undefined, { dependencies, errors: ['The slug is wrong.'] }), 'pending'),
      'open: Its file is in pending/. | The slug is wrong. | It depends on base, which is pending. | It depends on gone, which no task is called.',
    );
  });
});
