import { isAlive, type ProcessIdentity, readStat } from '../../reap/identity.ts';
import type { Journal } from '../../reap/journal.ts';
import type { Injection } from '../fault.ts';

const PERIOD_MS = 100;
const LOOKS = 40;
const LOOK_EVERY_MS = 7;

/**
 * Gives processes `cores` of CPU at most by stopping and continuing them ten times a second; one thread can use no more
 * than its share of the time. Needs no privileges.
 */
export function throttle(journal: Journal, members: readonly ProcessIdentity[], cores: number): Injection {
  const debts = members.map((member) => journal.owe({ kind: 'stopped', ...member }));
  const running = Math.min(PERIOD_MS, cores * PERIOD_MS);
  let timer: NodeJS.Timeout | undefined;
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const { pid } of members) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended; the recovery will tell.
      }
    }
  };
  const stop = () => {
    signal('SIGSTOP');
    timer = setTimeout(go, PERIOD_MS - running);
  };
  const go = () => {
    signal('SIGCONT');
    timer = setTimeout(stop, running);
  };
  stop();
  const stoppedLooks = async () => {
    let stopped = 0;
    for (let look = 0; look < LOOKS; look++) {
      for (const { pid } of members) if ((await readStat(pid))?.state === 'T') stopped++;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return stopped / members.length;
  };
  return {
    method: 'stop and continue',
    async prove() {
      const stopped = await stoppedLooks();
      return {
        holds: running >= PERIOD_MS || stopped > 0,
        expected: `it runs ${Math.round(running)} of ${PERIOD_MS} ms`,
        observed: `stopped in ${stopped.toFixed(0)} of ${LOOKS} looks`,
      };
    },
    async resolve() {
      clearTimeout(timer);
      for (const debt of debts) await journal.settle(debt);
    },
    async recovered() {
      const states = await Promise.all(
        members.map(async (member) =>
          (await isAlive(member)) ? ((await readStat(member.pid))?.state ?? 'gone') : 'gone',
        ),
      );
      return {
        holds: states.every((state) => state !== 'T' && state !== 'gone'),
        expected: 'each process runs',
        observed: `states ${states.join(', ')}`,
      };
    },
  };
}
