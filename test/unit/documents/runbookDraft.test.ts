import assert from 'node:assert/strict';
import { draftRunbook, runbookCheck } from '../../../src/core/operations/runbook.ts';
import { sampleEngine } from '../../support/sampleEngine.ts';

describe('a section that is drafted for the runbook', () => {
  it('has the five parts, and what the source declares and the runbook does not name', async () => {
    const { engine, files } = await sampleEngine();
    const source = 'infrastructure-agent/sampler/metrics.go';
    await files.write(
      source,
      'package sampler\n\nconst MetricAdaptiveN = "sampler_adaptive_n"\n\nconst EventSwing = "SamplerSwing"\n',
    );
    const { file, title, features } = await draftRunbook(engine, 'topn_sampler');
    assert.deepEqual([file, title], ['docs/runbook.md', 'Topn sampler']);
    assert.deepEqual(
      features.map(({ kind, name, line }) => `${kind} ${name} ${line}`),
      ['metric sampler_adaptive_n 3', 'event SamplerSwing 5'],
    );
    const text = (await files.read(file)) ?? '';
    const section = text.slice(text.indexOf('## Topn sampler'));
    assert.deepEqual(section.match(/^### .*$/gm), [
      '### Feature Overview',
      '### Metrics and Events',
      '### Diagnostic Procedures',
      '### Operational Scenarios',
      '### Blueprint Goal Coverage',
    ]);
    assert.match(
      section,
      /- `sampler_adaptive_n` \(metric\), declared at infrastructure-agent\/sampler\/metrics\.go:3/,
    );
    assert.match(
      section,
      /- G-4 Top-N Accuracy\. Verify with scenario high_pid_churn; key metrics: `topn_capture_ratio`\./,
    );
    await assert.rejects(draftRunbook(engine, 'topn_sampler'), { code: 'runbook.section-exists' });
  });

  it('is not taken for a finished one', async () => {
    const { engine } = await sampleEngine();
    assert.equal((await runbookCheck.run(engine, {}, {})).holds, true);
    await draftRunbook(engine, 'topn_sampler');
    const { holds, issues } = await runbookCheck.run(engine, {}, {});
    assert.equal(holds, false);
    assert.deepEqual(
      issues.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ['runbook.no-symptoms', 'runbook.no-steps'],
    );
  });
});
