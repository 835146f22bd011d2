import assert from 'node:assert/strict';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LONGEST_LINE_BYTES } from '../../../src/e2e/oracle/lines.ts';
import { figure, found, judged, verdicts } from '../../support/oracleHarness.ts';
import { CORPUS, honestReplay, OUT, type Replay } from '../../support/replayFixture.ts';

const TOPN = `${OUT}/topn.jsonl`;
const SKETCHES = `${OUT}/sketches.jsonl`;

/** Changes the lines of one file; lines count from 0 here. */
function edit(file: string, change: (lines: string[]) => string[] | string) {
  return async (root: string): Promise<void> => {
    const path = join(root, file);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    const changed = change(lines);
    await writeFile(path, typeof changed === 'string' ? changed : changed.map((line) => `${line}\n`).join(''));
  };
}

function replaceLine(file: string, index: number, change: (line: string) => string) {
  return edit(file, (lines) => lines.map((line, at) => (at === index ? change(line) : line)));
}

describe('oracle: files that are not there, or empty', () => {
  const cases: [string, string[]][] = [
    [CORPUS, ['not-run', 'not-run', 'not-run']],
    [TOPN, ['not-run', 'measured', 'not-run']],
    [SKETCHES, ['measured', 'not-run', 'measured']],
  ];
  for (const [file, expected] of cases) {
    it(`${file} missing: not-run, and no figure`, async () => {
      const report = await judged(honestReplay(), (root) => rm(join(root, file)));
      assert.deepEqual(found(report), [`${file}:1 oracle.missing-file`]);
      assert.deepEqual(verdicts(report), expected);
      const kpis = ['topn_capture_ratio', 'p95p99_error', 'tail_error'];
      const measured = kpis.filter((_, index) => expected[index] === 'measured');
      assert.deepEqual(
        report.values.map(({ name }) => name).filter((name) => kpis.includes(name)),
        measured,
      );
    });

    for (const [kind, text] of [
      ['no bytes', ''],
      ['blank lines only', '\n \n'],
    ] as const) {
      it(`${file} with ${kind}: not-run, never pass`, async () => {
        const report = await judged(honestReplay(), (root) => writeFile(join(root, file), text));
        assert.deepEqual(found(report), [`${file}:1 oracle.empty-file`]);
        assert.deepEqual(verdicts(report), expected);
      });
    }
  }

  it('all missing: each is named in one go', async () => {
    const report = await judged(honestReplay(), async (root) => {
      for (const file of [CORPUS, TOPN, SKETCHES]) await rm(join(root, file));
    });
    assert.deepEqual(
      found(report).map((line) => line.split(':')[0]),
      [CORPUS, SKETCHES, TOPN],
    );
    assert.deepEqual(verdicts(report), ['not-run', 'not-run', 'not-run']);
  });

  it('a folder in place of a file is an error', async () => {
    const report = await judged(honestReplay(), async (root) => {
      await rm(join(root, TOPN));
      await mkdir(join(root, TOPN));
    });
    assert.deepEqual(found(report), [`${TOPN}:1 oracle.unreadable`]);
    assert.deepEqual(verdicts(report), ['error', 'measured', 'error']);
  });
});

describe('oracle: a file without line feeds', () => {
  it('is not read into memory', async () => {
    const report = await judged(honestReplay(), async (root) => {
      await writeFile(join(root, TOPN), '');
      await truncate(join(root, TOPN), LONGEST_LINE_BYTES + 1_000_000);
    });
    assert.deepEqual(found(report), [`${TOPN}:1 oracle.unreadable`]);
    assert.deepEqual(verdicts(report), ['error', 'measured', 'error']);
  });
});

describe('oracle: broken corpus', () => {
  const cases: [string, (root: string) => Promise<void>, string[]][] = [
    [
      'another version',
      replaceLine(CORPUS, 0, (line) => line.replace('"version":1', '"version":2')),
      ['1 oracle.version'],
    ],
    ['no header', edit(CORPUS, (lines) => lines.slice(1)), ['1 oracle.malformed']],
    ['a header that is a list', replaceLine(CORPUS, 0, () => '[]'), ['1 oracle.malformed']],
    [
      'a line that is not JSON',
      replaceLine(CORPUS, 3, () => '{"tick":'),
      ['4 oracle.malformed', '5 oracle.missing-tick'],
    ],
    ['a missing tick', edit(CORPUS, (lines) => lines.toSpliced(5, 1)), ['6 oracle.missing-tick']],
    ['missing ticks at the end', edit(CORPUS, (lines) => lines.slice(0, -2)), ['11 oracle.missing-tick']],
    ['a tick twice', edit(CORPUS, (lines) => lines.toSpliced(5, 0, lines[4] ?? '')), ['6 oracle.tick-order']],
    [
      'a tick too many',
      edit(CORPUS, (lines) => [...lines, lines.at(-1)?.replace('"tick":11', '"tick":12') ?? '']),
      ['14 oracle.unknown-tick'],
    ],
    [
      'a negative value',
      replaceLine(CORPUS, 1, (line) => line.replace('"rss":', '"rss":-')),
      ['2 oracle.invalid-number', '3 oracle.missing-tick'],
    ],
    [
      'a process twice',
      replaceLine(CORPUS, 1, (line) => line.replace('"pid":101', '"pid":100').replace('"start":1001', '"start":1000')),
      ['2 oracle.duplicate-identity'],
    ],
    [
      'a cut last line',
      edit(CORPUS, (lines) => lines.join('\n').slice(0, -40)),
      ['12 oracle.missing-tick', '13 oracle.truncated'],
    ],
  ];
  for (const [what, spoil, expected] of cases) {
    it(`${what}: every figure is an error, none is the agent's fault`, async () => {
      const report = await judged(honestReplay(), spoil);
      assert.deepEqual(
        found(report).filter((line) => line.startsWith(CORPUS)),
        expected.map((line) => `${CORPUS}:${line}`),
      );
      assert.deepEqual(verdicts(report), ['error', 'error', 'error']);
    });
  }
});

describe('oracle: broken exports', () => {
  const field = (from: string | RegExp, to: string) => replaceLine(TOPN, 2, (line) => line.replace(from, to));
  const unusable = (code: string) => [`3 ${code}`, '4 oracle.missing-tick'];
  const cases: [string, (root: string) => Promise<void>, string[], string][] = [
    ['not JSON', replaceLine(TOPN, 2, () => 'tick 2: all good'), unusable('oracle.malformed'), 'error'],
    ['NaN', field(/"cpu_ms":[\d.]+/, '"cpu_ms":NaN'), unusable('oracle.malformed'), 'error'],
    ['null', field(/"cpu_ms":[\d.]+/, '"cpu_ms":null'), unusable('oracle.malformed'), 'error'],
    ['text for a number', field('"tick":2', '"tick":"2"'), unusable('oracle.malformed'), 'error'],
    ['no "other"', field('"other":', '"rest":'), unusable('oracle.malformed'), 'error'],
    ['a bare value', replaceLine(TOPN, 2, () => '42'), unusable('oracle.malformed'), 'error'],
    ['Infinity', field(/"cpu_ms":[\d.]+/, '"cpu_ms":1e999'), unusable('oracle.invalid-number'), 'fail'],
    ['a negative sum', field(/"rss":(\d+)\}\}/, '"rss":-$1}}'), unusable('oracle.invalid-number'), 'fail'],
    ['half a process', field(/"count":(\d+)/, '"count":$1.5'), unusable('oracle.invalid-number'), 'fail'],
    ['a missing tick', edit(TOPN, (lines) => lines.toSpliced(2, 1)), ['3 oracle.missing-tick'], 'error'],
    ['missing first ticks', edit(TOPN, (lines) => lines.slice(2)), ['1 oracle.missing-tick'], 'error'],
    ['missing last ticks', edit(TOPN, (lines) => lines.slice(0, -3)), ['9 oracle.missing-tick'], 'error'],
    [
      'a tick twice',
      edit(TOPN, (lines) => lines.toSpliced(2, 0, lines[1] ?? '')),
      ['3 oracle.duplicate-tick'],
      'error',
    ],
    [
      'a tick out of order',
      edit(TOPN, (lines) => lines.toSpliced(2, 0, lines[0] ?? '')),
      ['3 oracle.tick-order'],
      'error',
    ],
    [
      'a tick too many',
      edit(TOPN, (lines) => [...lines, lines.at(-1)?.replace('"tick":11', '"tick":99') ?? '']),
      ['13 oracle.unknown-tick'],
      'error',
    ],
    [
      'a cut last line',
      edit(TOPN, (lines) => lines.join('\n').slice(0, -9)),
      ['11 oracle.missing-tick', '12 oracle.truncated'],
      'error',
    ],
    ['an "n" of its own', field(/"n":\d+/, '"n":1'), ['3 oracle.n-differs'], 'fail'],
    ['an "other.count" of its own', field(/"count":\d+/, '"count":1'), ['3 oracle.other-count'], 'fail'],
  ];
  for (const [what, spoil, expected, verdict] of cases) {
    it(`${what}: ${verdict}`, async () => {
      const report = await judged(honestReplay(), spoil);
      assert.deepEqual(
        found(report),
        expected.map((line) => `${TOPN}:${line}`),
      );
      assert.ok(verdicts(report).includes(verdict), verdicts(report).join());
      assert.equal(verdicts(report)[1], 'measured', 'the sketches are not concerned');
    });
  }

  it('a missing tick counts as captured nothing', async () => {
    const whole = figure(await judged(honestReplay()), 'topn_capture_ratio');
    const report = await judged(
      honestReplay(),
      edit(TOPN, (lines) => lines.slice(0, 6)),
    );
    assert.ok(Math.abs(figure(report, 'topn_capture_ratio') - whole / 2) < 1);
  });

  it('a last line without a line feed is whole if it is JSON', async () => {
    assert.deepEqual(
      found(
        await judged(
          honestReplay(),
          edit(TOPN, (lines) => lines.join('\n')),
        ),
      ),
      [],
    );
  });

  it('carriage returns and blank lines do no harm', async () => {
    assert.deepEqual(
      found(
        await judged(
          honestReplay(),
          edit(TOPN, (lines) => lines.join('\r\n\r\n')),
        ),
      ),
      [],
    );
  });
});

describe('oracle: broken sketches', () => {
  const field = (from: string | RegExp, to: string) => replaceLine(SKETCHES, 0, (line) => line.replace(from, to));
  const unusable = (code: string) => [`1 ${code}`, '3 oracle.window-gap'];
  const cases: [string, (root: string) => Promise<void>, string[], string][] = [
    ['not JSON', replaceLine(SKETCHES, 0, () => '{}}'), unusable('oracle.malformed'), 'error'],
    ['an unknown metric', field('"cpu_ms"', '"load"'), unusable('oracle.malformed'), 'error'],
    ['an empty window', field('"to_tick":4', '"to_tick":0'), unusable('oracle.malformed'), 'error'],
    ['a negative count', field('"counts":[', '"counts":[-1,'), unusable('oracle.invalid-number'), 'fail'],
    ['a gamma of 1', field(/"gamma":[\d.]+/, '"gamma":1'), unusable('oracle.invalid-number'), 'fail'],
    ['buckets beyond float64', field(/"offset":-?\d+/, '"offset":900000'), unusable('oracle.invalid-number'), 'fail'],
    ['a gap', edit(SKETCHES, (lines) => lines.toSpliced(2, 1)), ['4 oracle.window-gap'], 'error'],
    ['an overlap', edit(SKETCHES, (lines) => [...lines, lines[0] ?? '']), ['7 oracle.window-overlap'], 'error'],
    [
      'the end left out',
      edit(SKETCHES, (lines) => lines.slice(0, -2)),
      ['3 oracle.window-gap', '4 oracle.window-gap'],
      'error',
    ],
    [
      'a window beyond the end',
      replaceLine(SKETCHES, 4, (line) => line.replace('"to_tick":12', '"to_tick":20')),
      ['5 oracle.window-beyond'],
      'error',
    ],
    [
      'a metric left out',
      edit(SKETCHES, (lines) => lines.filter((line) => line.includes('cpu_ms'))),
      ['1 oracle.missing-metric'],
      'error',
    ],
    [
      'a cut last line',
      edit(SKETCHES, (lines) => lines.join('\n').slice(0, -5)),
      ['4 oracle.window-gap', '6 oracle.truncated'],
      'error',
    ],
    ['a doubled count', field(/"zero_count":(\d+)/, '"zero_count":1$1'), ['1 oracle.count-not-conserved'], 'fail'],
    ['another alpha', field('"alpha":0.0075', '"alpha":0.01'), ['1 oracle.gamma'], 'fail'],
  ];
  for (const [what, spoil, expected, verdict] of cases) {
    it(`${what}: ${verdict}`, async () => {
      const report = await judged(honestReplay(), spoil);
      assert.deepEqual(
        found(report),
        expected.map((line) => `${SKETCHES}:${line}`),
      );
      assert.deepEqual(verdicts(report), ['measured', verdict, 'measured']);
    });
  }

  it('the order of the lines is free: all windows of one metric may come first', async () => {
    const replay: Replay = honestReplay();
    const sorted = replay.sketches.toSorted((a, b) => (a.metric < b.metric ? 1 : a.metric > b.metric ? -1 : 0));
    assert.deepEqual(found(await judged({ ...replay, sketches: sorted })), []);
  });
});
