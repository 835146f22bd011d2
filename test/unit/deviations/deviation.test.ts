import assert from 'node:assert/strict';
import type { DeviationInput } from '../../../src/core/deviations/draft.ts';
import { deviationText } from '../../../src/core/model/deviation.ts';
import {
  addDeviation,
  approveDeviation,
  deviationList,
  deviationReport,
} from '../../../src/core/operations/deviation.ts';
import { type SampleEngine, sampleEngine } from '../../support/sampleEngine.ts';

const INPUT: DeviationInput = {
  item: 'A1-S3',
  change: 'Fixed N of 40 for now',
  justification: 'The adaptive N swings under churn.',
  impact: { 'G-6': 'none' },
  scope: ['sampler-knows-no-export'],
  expires: '2027-01-31',
};
const FILE = 'docs/deviations/A1-S3-fixed-n-of-40.yaml';

/** The sample, on which the goal that the deviation touches holds by a check that passed. */
async function sound(): Promise<SampleEngine> {
  const config =
    'version: 1\nchecks:\n  ok: {run: [go, version], cwd: infrastructure-agent}\ngoals:\n  - {id: G-6, title: Green, kind: checks, checks: [ok]}\n  - {id: G-4, title: Ratio, kind: checks, checks: [ok]}\n';
  const sample = await sampleEngine({ 'infrabuilder.yaml': config });
  await sample.measured('check:ok', {});
  return sample;
}

const message = (input: Partial<DeviationInput>) => async () => {
  const { engine } = await sound();
  const error = await addDeviation(engine, { ...INPUT, ...input }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return error?.message;
};

async function rows({ engine }: SampleEngine): Promise<string[]> {
  const { deviations } = await deviationList.run(engine, {}, {});
  return deviations.map(({ id, state, recorded }) => `${id}: ${state}${recorded ? ', recorded' : ''}`);
}

describe('a deviation', () => {
  it('is proposed in a file of its own, named by what it says', async () => {
    const sample = await sound();
    const { registered, file } = await addDeviation(sample.engine, INPUT);
    assert.deepEqual({ registered, file }, { registered: true, file: FILE });
    assert.equal(
      await sample.files.read(FILE),
      `id: A1-S3-fixed-n-of-40
date: 2026-11-22
blueprint_item: A1-S3
change: Fixed N of 40 for now
justification: The adaptive N swings under churn.
impact_analysis:
  G-6: none
scope:
  - sampler-knows-no-export
expires: 2027-01-31
status: proposed
`,
    );
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: proposed']);
  });

  it('is refused with everything that is wrong at once', async () => {
    assert.equal(
      await message({ item: 'G-4', scope: [], impact: {}, expires: '2026-11-22' })(),
      'G-4 is a hard-stop goal, and nobody may deviate from it. Name the rule or blueprint item that changes. No impact is named. Say for at least one goal what the deviation does to it. No scope is named. Say which rules or files it covers. It would expire on 2026-11-22, which is not after 2026-11-22.',
    );
    assert.match((await message({ scope: ['G-6'] })()) ?? '', /^G-6 is a hard-stop goal/);
    assert.equal(await message({ impact: { 'G-44': 'x' } })(), 'No goal is called G-44. Did you mean G-4?');
    assert.match((await message({ expires: 'soon' })()) ?? '', /expires: Invalid ISO date/);
    assert.match((await message({ justification: ' ' })()) ?? '', /justification: /);
  });

  it('is not registered while a goal that it touches does not hold', async () => {
    const sample = await sound();
    await sample.measured('check:ok', { verdict: 'fail', reason: 'Red.' });
    const { registered, goals } = await addDeviation(sample.engine, INPUT, { measure: false });
    assert.equal(registered, false);
    assert.deepEqual(
      goals.map(({ goal, verdict }) => `${goal.id} ${verdict}`),
      ['G-6 fail'],
    );
    assert.equal(await sample.files.read(FILE), undefined);
  });

  it('may touch the architecture goal: the rules are judged as if it were in force', async () => {
    const config =
      'version: 1\nchecks:\n  ok: {run: [go, version]}\ngoals:\n  - {id: G-9, title: Architecture, kind: conformance}\n';
    const planted = 'package sampler\n\nimport _ "example.com/infrastructure-agent/export"\n';
    const { engine, files } = await sampleEngine({
      'infrabuilder.yaml': config,
      'infrastructure-agent/sampler/planted.go': planted,
    });
    const propose = (scope: string[]) => addDeviation(engine, { ...INPUT, impact: { 'G-9': 'one import' }, scope });
    const partly = await propose(['sampler-knows-no-export']);
    assert.deepEqual([partly.registered, partly.goals[0]?.verdict], [false, 'fail']);
    const whole = await propose(['infrastructure-agent/sampler/planted.go']);
    assert.deepEqual([whole.registered, whole.goals[0]?.verdict], [true, 'pass']);
    assert.match(
      whole.goals[0]?.reason ?? '',
      /^All rules hold with this deviation; it covers \d of the violations\.$/,
    );
    assert.match((await files.read(whole.file)) ?? '', /status: proposed/);
  });

  it('tells of a file that is no deviation, rather than of none', async () => {
    const sample = await sampleEngine({ 'docs/deviations/D-1.yaml': 'id: D-1\nstatus: approvd\n' });
    const { deviations, issues } = await deviationList.run(sample.engine, {}, {});
    assert.deepEqual(deviations, []);
    assert.ok(issues.some(({ file, message }) => file === 'docs/deviations/D-1.yaml' && message.includes('approvd')));
  });

  it('is approved by a person only, and the approval is evidence', async () => {
    const sample = await sound();
    await addDeviation(sample.engine, INPUT);
    const approve = (by: string) => approveDeviation(sample.engine, 'A1-S3-fixed-n-of-40', { by, terminal: true });
    await assert.rejects(approve(' '), { code: 'deviation.no-name' });
    await assert.rejects(approve('42'), { code: 'deviation.no-name' });
    await sample.files.write(FILE, `# seen in the review of May\n${await sample.files.read(FILE)}`);
    assert.equal((await approve('Ada Lovelace')).registered, true);
    assert.match(
      (await sample.files.read(FILE)) ?? '',
      /^# seen in the review of May\n[\s\S]*status: approved\napproved_by: Ada Lovelace\n$/,
    );
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: approved by Ada Lovelace until 2027-01-31, recorded']);
    await assert.rejects(approve('Ada Lovelace'), { code: 'deviation.approved' });
  });

  it('that was approved by hand, or changed after its approval, has no record', async () => {
    const sample = await sound();
    await addDeviation(sample.engine, INPUT);
    await approveDeviation(sample.engine, 'A1-S3-fixed-n-of-40', { by: 'Ada Lovelace', terminal: true });
    const text = (await sample.files.read(FILE)) ?? '';
    await sample.files.write(
      FILE,
      text.replace('  - sampler-knows-no-export', '  - sampler-knows-no-export\n  - http-timeout'),
    );
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: approved by Ada Lovelace until 2027-01-31']);
    const { shown } = await deviationReport(sample.engine);
    assert.match(shown, /\*\*Status\*\*: ✅ Approved \(no evidence tells who approved it\)/);
    await approveDeviation(sample.engine, 'A1-S3-fixed-n-of-40', { by: 'Grace Hopper', terminal: true });
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: approved by Grace Hopper until 2027-01-31, recorded']);
    const byAnother = ((await sample.files.read(FILE)) ?? '').replace('Grace Hopper', 'Ada Lovelace');
    await sample.files.write(FILE, byAnother);
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: approved by Ada Lovelace until 2027-01-31']);
  });

  it('turns red when it runs out', async () => {
    const sample = await sound();
    await addDeviation(sample.engine, INPUT);
    await approveDeviation(sample.engine, 'A1-S3-fixed-n-of-40', { by: 'Ada Lovelace', terminal: true });
    sample.at('2027-02-01T00:00:00.000Z');
    assert.deepEqual(await rows(sample), ['A1-S3-fixed-n-of-40: expired on 2027-01-31, recorded']);
    assert.match((await deviationReport(sample.engine)).shown, /\*\*Status\*\*: ❌ Expired/);
    const again = approveDeviation(sample.engine, 'A1-S3-fixed-n-of-40', { by: 'Ada Lovelace', terminal: true });
    await assert.rejects(again, { code: 'deviation.approved' });
  });

  it('of the same words gets an id of its own', async () => {
    const sample = await sound();
    await addDeviation(sample.engine, INPUT);
    await sample.measured('check:ok', {});
    assert.equal((await addDeviation(sample.engine, INPUT)).file, 'docs/deviations/A1-S3-fixed-n-of-40-2.yaml');
  });

  it('holds on its last day', () => {
    const deviation = {
      id: 'd',
      date: '2026-01-01',
      blueprint_item: 'x',
      change: 'y',
      justification: 'z',
      impact_analysis: {},
      scope: [],
      status: 'approved' as const,
      approved_by: 'Ada',
      expires: '2026-06-30',
    };
    assert.equal(deviationText(deviation, '2026-06-30'), 'approved by Ada until 2026-06-30');
    assert.equal(deviationText(deviation, '2026-07-01'), 'expired on 2026-06-30');
  });
});
