import assert from 'node:assert/strict';
import { parseCim } from '../../../src/e2e/profiling/windows.ts';

function row(pid: number, parent: number, created: string, more: object = {}): object {
  const times = { KernelModeTime: '10000000', UserModeTime: 5_000_000 };
  return {
    ProcessId: pid,
    ParentProcessId: parent,
    SessionId: 1,
    ThreadCount: 7,
    ...times,
    WorkingSetSize: 4096,
    PeakWorkingSetSize: 8,
    Created: created,
    ...more,
  };
}

describe('profiling: CIM of Windows', () => {
  it('reads rows: times in 100 ns, sizes in bytes, the peak in KiB, numbers also as text', () => {
    assert.deepEqual(parseCim(JSON.stringify([row(10, 4, '134000000000000001')])), [
      {
        pid: 10,
        parent: 4,
        start: '134000000000000001',
        session: 0,
        zombie: false,
        cpuMs: 1500,
        childrenCpuMs: 0,
        rss: 4096,
        threads: 7,
        peakRss: 8192,
      },
    ]);
  });

  it('does not take a younger process for a parent: Windows keeps the number of one that ended', () => {
    const rows = parseCim(
      JSON.stringify([
        row(10, 20, '134000000000000000'),
        row(20, 4, '134000000900000000'),
        row(30, 20, '134000001000000000'),
      ]),
    );
    assert.deepEqual(
      rows.map(({ parent }) => parent),
      [0, 4, 20],
    );
  });

  it('leaves out rows without times, and takes what is no list for an empty table', () => {
    assert.deepEqual(parseCim(JSON.stringify([row(0, 0, '0', { KernelModeTime: null })])), []);
    assert.deepEqual(parseCim('{}'), []);
  });
});
