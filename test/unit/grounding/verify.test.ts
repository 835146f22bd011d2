import assert from 'node:assert/strict';
import { splitAnswer } from '../../../src/core/grounding/claims.ts';
import { type CheckedClaim, checkCitation, verifyClaim } from '../../../src/core/grounding/verify.ts';
import { sourcesOf } from './support.ts';

const SOURCES = sourcesOf({
  'docs/runbook.md': [
    '# Runbook', //                                                                         1
    '',
    '## Export',
    '',
    'Every batch has a number in its stream. The tick loop never waits for the network.', // 5
    'After five failures in a row the breaker `otlp` opens for 10 seconds.',
    '',
    '| Key                 | Default | Valid range | Meaning                        |',
    '|---------------------|---------|-------------|--------------------------------|',
    '| `export_queue_size` | 600     | 1 to 100000 | batches held back, 16 MiB each |', //       10
    '| `maxAgentRSS`       | 100     | 1 to 100000 | memory limit, in MB            |',
    '',
    '## Goals',
    '',
    '- G-4: `topn_capture_ratio` ≥ 95% on the harness. Measured were 94.96 percent.', //     15
    '- G-10: at most 2 % of one core, or 1,000,000 events.',
  ],
  'docs/limits.md': [
    'CPU ≤ 2% and RSS ≤ 100 MB on a 500-PID harness run; capture ratio ≥ 95%.', //           1
    'The agent must not exceed 7 threads.',
    '',
    '| Key                 | Default | Reload | Meaning                        |',
    '|---------------------|---------|--------|--------------------------------|', //       5
    '| `export_queue_size` | 600     | no     | batches held back              |',
    '- **Compressed requests.** Requests are sent with gzip when configured. Not built.',
    '- acting on other processes. The agent reads; it never signals, renices or limits.',
    'The agent sees no disks, networks or traces.',
    '- **The sketch.** Relative accuracy 0.0075, no collapse, merge without error. Built.',
  ],
  'reports/evidence/run.json': [
    '{',
    '  "name": "topn_capture_ratio",',
    '  "value": 71.23456,',
    '  "unit": "percent"',
    '}',
  ],
});

/** Checks the one claim of a sentence with its citations. */
function check(sentence: string): CheckedClaim {
  const claims = splitAnswer(sentence).flatMap((part) => part.claim ?? []);
  assert.equal(claims.length, 1, JSON.stringify(claims));
  return verifyClaim(claims[0] ?? assert.fail(), SOURCES);
}

function holds(...sentences: readonly string[]): void {
  for (const sentence of sentences) {
    it(sentence, () => assert.deepEqual([check(sentence).verdict, check(sentence).reasons], ['verified', []]));
  }
}

function fails(...cases: readonly (readonly [sentence: string, reason: RegExp])[]): void {
  for (const [sentence, reason] of cases) {
    it(sentence, () => {
      const { verdict, reasons } = check(sentence);
      assert.equal(verdict, 'unsupported');
      assert.match(reasons.join('\n'), reason);
    });
  }
}

describe('a claim is verified', () => {
  holds(
    'The breaker `otlp` opens after five failures. [docs/runbook.md#L6]',
    'The breaker otlp opens after 5 failures in a row [docs/runbook.md#L6].',
    'It stays open for 10 s (docs/runbook.md#L6).',
    'By default `export_queue_size` is 600 batches [docs/runbook.md#L10].',
    'The memory limit `maxAgentRSS` is 100 MB by default [docs/runbook.md#L11].',
    'G-4 wants a `topn_capture_ratio` of at least 95 percent [the runbook](docs/runbook.md#L15).',
    'The runbook says "The tick loop never waits for the network." [docs/runbook.md#L5]',
    'The runbook says "waits for the network. After five failures" [docs/runbook.md#L5-L6].',
    'G-10 allows 1000000 events [docs/runbook.md#L16].',
    'The `topn_capture_ratio` is 71.23 percent [reports/evidence/run.json#L2-L4].',
    'The tick loop does not wait for the network [docs/runbook.md#L5].',
    'The default of `export_queue_size` is 600 [docs/limits.md#L6].',
    'The `export_queue_size` default is not changed by a reload [docs/limits.md#L6].',
    'RSS must not be above 100 MB on a 500-PID harness run [docs/limits.md#L1].',
    'CPU stays below 2% on the harness run [docs/limits.md#L1].',
    'Compressed requests are not built [docs/limits.md#L7].',
    'The sketch is built with relative accuracy 0.0075 [docs/limits.md#L10].',
    'The agent never signals other processes [docs/limits.md#L8].',
    'The agent reads other processes [docs/limits.md#L8].',
    'On the 500-PID harness run CPU may be 2% and RSS 100 MB [docs/limits.md#L1].',
    'CPU and RSS may reach 2% and 100 MB on the harness run [docs/limits.md#L1].',
    'The default 600 of `export_queue_size` may be raised to 100000 [docs/runbook.md#L10].',
    'The agent has at most 7 threads [docs/limits.md#L2].',
    'The queue `export_queue_size` and the limit `maxAgentRSS` are both keys [docs/runbook.md#L10; docs/runbook.md#L11].',
  );
});

describe('a lie is found', () => {
  describe('a wrong figure', () => {
    fails(
      ['The breaker opens after seven failures in a row [docs/runbook.md#L6].', /do not state seven/],
      ['By default `export_queue_size` is 6000 batches [docs/runbook.md#L10].', /do not state 6000/],
      ['The memory limit `maxAgentRSS` is 100 GB [docs/runbook.md#L11].', /do not state 100 GB/],
      ['The breaker `otlp` opens for 10 minutes [docs/runbook.md#L6].', /do not state 10 minutes/],
      ['The ratio is 71.3 percent of `topn_capture_ratio` [reports/evidence/run.json#L2-L4].', /do not state 71\.3/],
      ['G-4 wants `topn_capture_ratio` at most 95% on the harness [docs/runbook.md#L15].', /the other way round/],
      [
        'The default of `export_queue_size` is 100000 [docs/runbook.md#L10].',
        /under "Valid range"; under "Default" it has 600/,
      ],
      [
        'RSS ≤ 2% and CPU ≤ 100 MB on the harness run [docs/limits.md#L1].',
        /state 2 of cpu, not of rss\.[\s\S]*state 100 of rss/,
      ],
      ['RSS must be above 100 MB on the harness run [docs/limits.md#L1].', /limit 100 MB the other way round/],
      ['CPU must exceed 2% on the harness run [docs/limits.md#L1].', /limit 2 percent the other way round/],
      ['The capture ratio stays under 95% on the harness run [docs/limits.md#L1].', /the other way round/],
      ['The agent has at least 7 threads [docs/limits.md#L2].', /the other way round/],
      ['CPU ≤ 2% and RSS ≤ 100 MB on a 100-PID harness run [docs/limits.md#L1].', /do not state 100-pid/],
      ['For G-4 the measured ratio was 95.0 percent, and 94.9 before [docs/runbook.md#L15].', /do not state 94\.9/],
    );

    it('is not rounded up to a limit', () => {
      const { reasons } = verifyClaim(
        { text: 'Measured were 95.0 percent.', quotes: [], citations: [{ file: 'a.md', startLine: 1, endLine: 1 }] },
        sourcesOf({ 'a.md': ['Measured were 94.96 percent.'] }),
      );
      assert.deepEqual(reasons, ['The cited lines do not state 95.0 percent.']);
    });
  });

  describe('a made-up file, or lines that are not there', () => {
    fails(
      ['The breaker opens after five failures [docs/breakers.md#L6].', /There is no document docs\/breakers\.md/],
      ['The breaker opens after five failures [docs/runbook.md#L600].', /has 16 lines; there is no line 600/],
      ['The breaker opens after five failures [docs/runbook.md#L6-L5].', /there is no line/],
      ['The breaker opens after five failures [docs/runbook.md#L0].', /there is no line/],
      ['The breaker opens after five failures [../../etc/passwd#L1].', /There is no document/],
    );
  });

  describe('a wrong line', () => {
    fails(
      ['The breaker `otlp` opens after five failures [docs/runbook.md#L5].', /do not name otlp|do not state five/],
      ['The tick loop is quick and elegant [docs/runbook.md#L10].', /speak of something else/],
    );
  });

  describe('a name that the lines do not have', () => {
    fails(
      ['Every batch goes to Kafka in its stream [docs/runbook.md#L5].', /do not name Kafka/],
      ['G-1 allows at most 2 % of one core [docs/runbook.md#L16].', /do not name G-1\./],
      ['The key `export_queue` is 600 batches by default [docs/runbook.md#L10].', /do not name export_queue/],
      ['Every batch in the stream has a TLS number [docs/runbook.md#L5].', /do not name TLS/],
    );
  });

  describe('words that were never written, or the opposite of what was', () => {
    fails(
      [
        'It says "the tick loop sometimes waits for the network" [docs/runbook.md#L5].',
        /do not say "the tick loop sometimes/,
      ],
      [
        'It says "The tick loop never waits for the network." and so the sampler task was finished yesterday [docs/runbook.md#L5].',
        /something else/,
      ],
      ['The tick loop waits for the network [docs/runbook.md#L5].', /say the opposite/],
      ['Compressed requests are built and sent with gzip [docs/limits.md#L7].', /say the opposite/],
      ['The sketch merges with error and collapse at 0.0075 accuracy [docs/limits.md#L10].', /say the opposite/],
      ['The agent sees networks and traces [docs/limits.md#L9].', /say the opposite/],
      ['The agent acts on other processes and signals them [docs/limits.md#L8].', /say the opposite/],
      ['The breaker `otlp` never opens after five failures in a row [docs/runbook.md#L6].', /say the opposite/],
    );
  });

  describe('nothing to check', () => {
    fails(
      ['The agent is fast.', /It cites nothing/],
      ['It is so [docs/runbook.md#L5].', /nothing that could be checked/],
      ['The whole runbook says so about the breaker [docs/runbook.md#L1-L99999].', /no line 99999/],
    );
  });
});

describe('a citation of too much', () => {
  for (const [name, lines] of [
    ['lines', Array.from({ length: 100 }, () => 'The breaker opens.')],
    ['characters', ['The breaker opens. '.repeat(2000), 'end']],
  ] as const) {
    it(`is refused: ${name}`, () => {
      const citation = { file: 'a.md', startLine: 1, endLine: lines.length };
      const claim = { text: 'The breaker opens.', quotes: [], citations: [citation] };
      assert.match(verifyClaim(claim, sourcesOf({ 'a.md': lines })).reasons.join(), /too much to check/);
    });
  }
});

describe('a kept citation', () => {
  const QUOTE = 'After five failures in a row the breaker opens.';
  const kept = { file: 'a.md', startLine: 2, endLine: 2, digest: 'old', quote: QUOTE };
  const statusOf = (...lines: readonly string[]) => {
    const { status, verified, startLine, endLine, reason } = checkCitation(kept, [], sourcesOf({ 'a.md': lines }));
    return { status, verified, lines: [startLine, endLine], reason };
  };

  it('stays valid where its lines are the same, whatever else has changed', () => {
    assert.deepEqual(statusOf('new title', QUOTE, 'new end'), {
      status: 'valid',
      verified: true,
      lines: [2, 2],
      reason: undefined,
    });
  });

  it('is found again where the text has moved, also across lines', () => {
    const moved = statusOf('title', '', 'more', 'After five failures', 'in a row the breaker', 'opens.');
    assert.deepEqual([moved.status, moved.verified, moved.lines], ['moved', true, [4, 6]]);
    assert.equal(moved.reason, 'The text has moved from line 2 to line 4.');
  });

  it('is stale where the text is gone, or stands there twice', () => {
    assert.deepEqual([statusOf('a', 'b', 'c').status, statusOf('a', 'b', 'c').verified], ['stale', false]);
    assert.equal(statusOf('a', 'b', QUOTE, QUOTE).status, 'stale');
  });

  it('is stale without a quote as soon as the file has changed', () => {
    const { status } = checkCitation(
      { file: 'a.md', startLine: 1, endLine: 1, digest: 'old' },
      [],
      sourcesOf({ 'a.md': ['x'] }),
    );
    assert.equal(status, 'stale');
  });

  it('to a deleted file, or beyond the end of a shorter one, holds nothing', () => {
    assert.equal(checkCitation(kept, [], new Map()).status, 'no-file');
    assert.equal(checkCitation({ ...kept, quote: 'x' }, [], sourcesOf({ 'a.md': ['one line'] })).status, 'no-lines');
  });

  it('in an answer with a wrong line but a right, unique quote names the right line', () => {
    const { verdict, citations } = check('It says "Every batch has a number in its stream." [docs/runbook.md#L11]');
    assert.deepEqual([verdict, citations[0]?.status, citations[0]?.startLine], ['verified', 'moved', 5]);
  });
});
