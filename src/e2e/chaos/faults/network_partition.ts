import { z } from 'zod';
import { answers, defineFault, type Injection, need } from '../fault.ts';
import { toxify } from './toxify.ts';

/**
 * Cuts the target off: `blackhole` swallows all bytes and keeps connections open, `refuse` closes them and the port,
 * `reset` answers each with a reset.
 */
export const networkPartition = defineFault({
  params: z.object({ mode: z.enum(['blackhole', 'refuse', 'reset']).default('blackhole') }),
  async inject({ id, target, params, journal }) {
    const proxy = need(target.proxy, target, 'proxy');
    const probe = need(target.probe, target, 'probe');
    let resolve: Injection['resolve'];
    if (params.mode === 'refuse') {
      const debt = journal.owe({ kind: 'disabled-proxy', api: proxy.api.url, proxy: proxy.name });
      await proxy.api.enable(proxy.name, false);
      resolve = () => journal.settle(debt);
    } else {
      const [type, attributes] =
        params.mode === 'reset' ? (['reset_peer', { timeout: 0 }] as const) : (['timeout', { timeout: 0 }] as const);
      const up = await toxify(journal, proxy, { name: `${id}-up`, type, stream: 'upstream', attributes });
      const down = await toxify(journal, proxy, { name: `${id}-down`, type, stream: 'downstream', attributes }).catch(
        async (error: unknown) => {
          await up.remove();
          throw error;
        },
      );
      resolve = async () => {
        await up.remove();
        await down.remove();
        // Swallowed bytes never come again, so what was cut through must not go on: clients connect anew.
        await proxy.api.enable(proxy.name, false);
        await proxy.api.enable(proxy.name, true);
      };
    }
    return {
      method:
        params.mode === 'refuse' ? 'proxy down' : `proxy toxic ${params.mode === 'reset' ? 'reset_peer' : 'timeout'}`,
      async prove() {
        const look = await probe.look();
        return { holds: !look.ok, expected: `${probe.name} does not get through`, observed: look.detail };
      },
      resolve,
      recovered: () => answers(probe),
    };
  },
});
