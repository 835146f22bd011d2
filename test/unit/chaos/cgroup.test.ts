import assert from 'node:assert/strict';
import { makeCgroup, parseMounts } from '../../../src/e2e/chaos/cgroup.ts';
import { sandbox } from '../../support/e2eSandbox.ts';

describe('cgroup mounts', () => {
  it('reads a mixed system, version 1 first', () => {
    const text = [
      'cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0',
      'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0',
      'tmpfs /tmp tmpfs rw 0 0',
      '',
    ].join('\n');
    assert.deepEqual(
      parseMounts(text).map(({ version, root }) => [version, root]),
      [
        [1, '/sys/fs/cgroup/cpu,cpuacct'],
        [2, '/sys/fs/cgroup/unified'],
      ],
    );
  });

  it('reads a pure version 2 system', () => {
    assert.deepEqual(parseMounts('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0'), [
      { version: 2, root: '/sys/fs/cgroup', controllers: [] },
    ]);
  });

  it('finds none in an empty text', () => assert.deepEqual(parseMounts(''), []));

  it('a place that allows none is told with its reason, and nothing is owed', async () => {
    const box = await sandbox();
    const place = { version: 1, parent: '/no/such/cgroup', home: '/no/such/cgroup/cgroup.procs' } as const;
    const made = await makeCgroup(box.journal, {
      places: [place, { ...place, version: 2 }],
      name: 'x',
      controller: 'cpu',
      members: [],
      limits: () => ({}),
    });
    assert.ok('reasons' in made);
    assert.equal(made.reasons.length, 2);
    assert.match(made.reasons[0] ?? '', /^\/no\/such\/cgroup\/x: ENOENT/);
    assert.deepEqual(box.journal.open, []);
    await box.close();
  });
});
