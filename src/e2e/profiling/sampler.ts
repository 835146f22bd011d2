import { EnvironmentError } from '../../core/base/errors.ts';
import type { AccountingGroup } from './linux/cgroup.ts';
import { LinuxSampler } from './linux/sampler.ts';
import { macosSampler } from './macos.ts';
import type { ResourceSampler } from './types.ts';
import { windowsSampler } from './windows.ts';

/**
 * The sampler of this system for the tree of `pid`. `group`, where one was made, counts beside /proc on Linux. Throws
 * EnvironmentError on a system that has none.
 */
export function createSampler(pid: number, group?: AccountingGroup): ResourceSampler {
  switch (process.platform) {
    case 'linux':
      return new LinuxSampler(pid, group);
    case 'darwin':
      return macosSampler(pid);
    case 'win32':
      return windowsSampler(pid);
    default:
      throw new EnvironmentError(
        'profile.unsupported-system',
        `Processes cannot be profiled on ${process.platform}.`,
        'Profile on Linux, macOS or Windows.',
      );
  }
}
