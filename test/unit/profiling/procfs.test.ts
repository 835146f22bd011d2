import assert from 'node:assert/strict';
import { parseAuxv, parseKilobytes, parseStat, parseSteal } from '../../../src/e2e/profiling/linux/procfs.ts';
import { parseSchedstat } from '../../../src/e2e/profiling/linux/scheduler.ts';

const UNITS = { ticksPerSecond: 100, pageBytes: 4096 };

function statLine(name: string, state = 'S'): string {
  return `4242 (${name}) ${state} 17 4242 4240 34816 4300 4194304 100 0 0 0 12 34 5 6 20 0 9 0 224821 3133440 359 18446744073709551615 1 1 0 0 0 0\n`;
}

describe('profiling: /proc', () => {
  it('reads a stat line in milliseconds and bytes', () => {
    assert.deepEqual(parseStat(statLine('agent'), UNITS), {
      pid: 4242,
      parent: 17,
      start: '224821',
      session: 4240,
      zombie: false,
      cpuMs: 460,
      childrenCpuMs: 110,
      rss: 1470464,
      threads: 9,
    });
  });

  it('splits behind the last bracket, whatever the name holds', () => {
    for (const name of ['a b', 'a) S 1 (b', ')', '((', ') R 9 9 9 9 9', '']) {
      assert.equal(parseStat(statLine(name), UNITS)?.parent, 17, name);
    }
  });

  it('scales by the clock tick of the kernel', () => {
    assert.equal(parseStat(statLine('x'), { ticksPerSecond: 1000, pageBytes: 16384 })?.cpuMs, 46);
  });

  it('knows a zombie, and refuses a line that is cut off or is none', () => {
    assert.equal(parseStat(statLine('x', 'Z'), UNITS)?.zombie, true);
    for (const text of ['', 'no such thing', '4242 (agent) S 17 4242', statLine('x').replace('4242 (x)', '(x)')]) {
      assert.equal(parseStat(text, UNITS), undefined, text);
    }
  });

  it('reads kilobyte fields whole: Pss is not Pss_Dirty', () => {
    const text = 'Rss:                1776 kB\nPss_Dirty:           112 kB\nPss:                 321 kB\n';
    assert.equal(parseKilobytes(text, 'Pss'), 321 * 1024);
    assert.equal(parseKilobytes(text, 'VmHWM'), undefined);
    assert.equal(parseKilobytes('', 'Pss'), undefined);
  });

  it('reads the stolen time of all cores', () => {
    assert.equal(
      parseSteal('cpu  34965 11176 17676 381933 1393 0 293 321 0 0\ncpu0 1 1 1 1 1 1 1 9 0 0\n', UNITS),
      3210,
    );
    assert.equal(parseSteal('cpu  1 2 3\n', UNITS), undefined);
  });

  it('reads the time on the CPU from schedstat, in nanoseconds there', () => {
    assert.equal(parseSchedstat('1234567890 55 9\n'), 1234.56789);
    assert.equal(parseSchedstat(''), undefined);
    assert.equal(parseSchedstat(undefined), undefined);
  });

  it('takes units from the auxiliary vector, with words of 8 and of 4 bytes', () => {
    const wide = Buffer.alloc(48);
    [33, 4096, 17, 250, 6, 16384].forEach((value, index) => {
      wide.writeBigUInt64LE(BigInt(value), index * 8);
    });
    assert.deepEqual(parseAuxv(wide, 8), { ticksPerSecond: 250, pageBytes: 16384 });
    const narrow = Buffer.alloc(16);
    [6, 4096, 17, 100].forEach((value, index) => {
      narrow.writeUInt32LE(value, index * 4);
    });
    assert.deepEqual(parseAuxv(narrow, 4), UNITS);
    assert.throws(() => parseAuxv(Buffer.alloc(16), 8), RangeError);
  });
});
