import assert from 'node:assert/strict';
import { accountingHierarchy, parseCpuStat } from '../../../src/e2e/profiling/linux/cgroup.ts';
import { parseCpuMax } from '../../../src/e2e/profiling/linux/environment.ts';

const TWO = '29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const ONE = '31 27 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct';
const MEMORY = '32 27 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory';

describe('profiling: cgroups', () => {
  it('finds the group of version 2', () => {
    assert.deepEqual(accountingHierarchy('0::/user.slice/session-1.scope\n', TWO), {
      version: 2,
      folder: '/sys/fs/cgroup/user.slice/session-1.scope',
    });
  });

  it('finds the group of version 1, which counts where both are mounted', () => {
    const groups = '4:memory:/a\n2:cpu,cpuacct:/jobs/7\n0::/elsewhere\n';
    const unified = TWO.replace('/sys/fs/cgroup ', '/sys/fs/cgroup/unified ');
    assert.deepEqual(accountingHierarchy(groups, [MEMORY, ONE, unified].join('\n')), {
      version: 1,
      folder: '/sys/fs/cgroup/cpu,cpuacct/jobs/7',
    });
  });

  it('follows a mount that shows a part of the tree, as in a container', () => {
    const mount = TWO.replace(' / /sys', ' /docker/abc /sys');
    assert.equal(accountingHierarchy('0::/docker/abc/app\n', mount)?.folder, '/sys/fs/cgroup/app');
    assert.equal(accountingHierarchy('0::/other\n', mount), undefined, 'outside of what is mounted');
  });

  it('reads mount points with blanks', () => {
    assert.equal(
      accountingHierarchy('0::/a\n', TWO.replace('/sys/fs/cgroup', '/my\\040groups'))?.folder,
      '/my groups/a',
    );
  });

  it('has none where nothing counts CPU', () => {
    assert.equal(accountingHierarchy('4:memory:/a\n', MEMORY), undefined);
    assert.equal(accountingHierarchy('', ''), undefined);
  });

  it('reads cpu.stat and cpu.max', () => {
    assert.deepEqual(parseCpuStat('usage_usec 1500250\nuser_usec 1\nthrottled_usec 4000\n'), {
      cpuMs: 1500.25,
      throttledMs: 4,
    });
    assert.deepEqual(parseCpuStat('usage_usec 2000\n'), { cpuMs: 2 });
    assert.equal(parseCpuStat(''), undefined);
    assert.equal(parseCpuMax('150000 100000\n'), 1.5);
    assert.equal(parseCpuMax('max 100000\n'), Number.POSITIVE_INFINITY);
  });
});
