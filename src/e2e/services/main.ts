import { runWorker } from './workers.ts';

process.exitCode = await runWorker(process.argv.slice(2), process);
// A request that hangs must not keep a worker that has said goodbye.
process.exit();
