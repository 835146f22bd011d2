import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultController } from '../../src/e2e/chaos/controller.ts';
import { httpProbe } from '../../src/e2e/chaos/probe.ts';
import { startProxies } from '../../src/e2e/chaos/proxies.ts';
import { Journal } from '../../src/e2e/reap/journal.ts';
import { startReceiverService } from '../../src/e2e/services/receiverService.ts';
import { sourceLauncher } from '../../src/e2e/services/worker.ts';
import { startWorkload } from '../../src/e2e/workload/driver.ts';
import { planWorkload } from '../../src/e2e/workload/planner.ts';
import { workloadTool } from '../../src/e2e/workload/tool.ts';

// Takes everything that a run can take, says so, and waits to be killed.
const [folder = '', run = '', bystander = ''] = process.argv.slice(2);
const journal = await Journal.create(join(folder, 'journal'), run);
const temporary = join(folder, 'temporary');
journal.owe({ kind: 'folder', path: temporary });
await mkdir(temporary);
const file = join(folder, 'config.json');
await writeFile(file, '{"good": true}');

const receiver = await startReceiverService({
  name: 'otlp',
  folder: join(folder, 'otlp'),
  launcher: sourceLauncher,
  journal,
});
const proxies = await startProxies({ journal, launcher: sourceLauncher });
const proxy = await proxies.before('otlp', `127.0.0.1:${receiver.service.port}`);
const workload = await startWorkload({
  plan: planWorkload({
    type: 'high_pid_churn',
    params: { pids: 20, pids_per_second: 100, cpu_cores: 0.05, memory_mb: 64 },
    durationMs: 60_000,
  }),
  tool: await workloadTool({ source: 'templates/e2e-workload', cache: join(folder, 'tools') }),
  ledger: join(folder, 'ledger.jsonl'),
  journal,
});
const faults = new FaultController(
  [
    { name: 'otlp', proxy, service: receiver.service, probe: httpProbe(`http://${proxy.listen}/status`, 500) },
    { name: 'config', files: [file] },
    { name: 'bystander', pids: () => [Number(bystander)] },
  ],
  journal,
);
await faults.inject({ type: 'data_corruption', target: 'config' });
await faults.inject({ type: 'network_latency', target: 'otlp', params: { latency_ms: 50 } });
if (process.platform === 'linux') {
  await faults.inject({ type: 'resource_constraint', target: 'bystander', params: { cpu_cores: 0.2, memory_mb: 512 } });
  await faults.inject({
    type: 'resource_constraint',
    target: 'bystander',
    params: { cpu_cores: 0.01, method: 'process' },
  });
}
console.log(
  JSON.stringify({
    receiver: receiver.service.port,
    proxy: Number(proxy.listen.split(':')[1]),
    pids: [receiver.service.pid, workload.pid],
    faults: faults.records,
  }),
);
setInterval(() => undefined, 1000);
