import { startProxyServer } from '../chaos/proxy/server.ts';
import { startReceiver } from './receiver.ts';
import { serve, type WorkerIo, type WorkerName, workerOptions } from './worker.ts';

const WORKERS: Record<WorkerName, (argv: readonly string[], io: WorkerIo) => Promise<number>> = {
  receiver: runReceiver,
  proxy: runProxy,
};

/** Entry of every worker process: `argv` is the worker's name and its options. Resolves to the exit code. */
export async function runWorker(argv: readonly string[], io: WorkerIo): Promise<number> {
  const [name = '', ...rest] = argv;
  const worker = Object.hasOwn(WORKERS, name) ? WORKERS[name as WorkerName] : undefined;
  if (worker === undefined) throw new RangeError(`There is no worker "${name}".`);
  return worker(rest, io);
}

/** `--folder DIR --port N [--max-body BYTES]` */
export function runReceiver(argv: readonly string[], io: WorkerIo): Promise<number> {
  const options = workerOptions(argv, ['folder', 'port', 'max-body']);
  return serve(io, () =>
    startReceiver({
      folder: options.folder ?? '.',
      port: Number(options.port ?? 0),
      ...(options['max-body'] === undefined ? {} : { maxBodyBytes: Number(options['max-body']) }),
    }),
  );
}

/** `--port N` */
export function runProxy(argv: readonly string[], io: WorkerIo): Promise<number> {
  const options = workerOptions(argv, ['port']);
  return serve(io, () => startProxyServer({ port: Number(options.port ?? 0) }));
}
