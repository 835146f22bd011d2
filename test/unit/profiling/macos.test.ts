import assert from 'node:assert/strict';
import { parseCpuTime, parsePs } from '../../../src/e2e/profiling/macos.ts';

describe('profiling: ps of macOS', () => {
  it('reads rows', () => {
    const text = [
      '    1     0      0 Ss    12345   1:02.50 Mon Nov 16 09:00:01 2026    ',
      '  501     1      0 Z         0   0:00.00 Mon Nov 16 09:10:11 2026',
      '77777   501      0 S+  1048576  26:01:02.25 Sun Nov 22 08:41:50 2026',
      'ps: warning: something else',
      '',
    ].join('\n');
    assert.deepEqual(
      parsePs(text).map(({ pid, parent, start, zombie, cpuMs, rss }) => [pid, parent, start, zombie, cpuMs, rss]),
      [
        [1, 0, 'Mon Nov 16 09:00:01 2026', false, 62_500, 12345 * 1024],
        [501, 1, 'Mon Nov 16 09:10:11 2026', true, 0, 0],
        [77777, 501, 'Sun Nov 22 08:41:50 2026', false, 93_662_250, 2 ** 30],
      ],
    );
  });

  it('takes an address for no session', () => {
    const line = '10 1 ffff8f1a 1 S 100 0:01.00 Mon Nov 16 09:00:01 2026'.replace(' 1 S', ' S');
    assert.equal(parsePs(line)[0]?.session, 0);
    assert.equal(parsePs(line.replace('ffff8f1a', '9'))[0]?.session, 9);
  });

  it('reads every form of CPU time', () => {
    assert.deepEqual(['0:00.07', '59:59.99', '3:01:02', '2-03:01:02', '5', 'a:b'].map(parseCpuTime), [
      70,
      3_599_990,
      10_862_000,
      183_662_000,
      undefined,
      undefined,
    ]);
  });
});
