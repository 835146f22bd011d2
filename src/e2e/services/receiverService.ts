import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';
import type { Journal } from '../reap/journal.ts';
import { RECEIVED_FILE, type ReceiverStatus } from './receiver.ts';
import { type Service, startWorker } from './service.ts';
import { type Received, readReceived } from './store.ts';
import type { WorkerLauncher } from './worker.ts';

const STATUS_MS = 5000;

/** The OTLP receiver in a process of its own. */
export interface ReceiverService {
  readonly service: Service;
  /** JSON lines of `Received`. */
  readonly file: string;
  status(): Promise<ReceiverStatus>;
  /** Reads the file, also while the process is down. */
  received(): AsyncGenerator<Received>;
}

export async function startReceiverService(
  options: {
    readonly name: string;
    readonly folder: string;
    readonly port?: number;
    readonly maxBodyBytes?: number;
    readonly launcher: WorkerLauncher;
    readonly journal: Journal;
  },
  signal?: AbortSignal,
): Promise<ReceiverService> {
  const { name, folder, launcher, journal, maxBodyBytes, port } = options;
  await mkdir(folder, { recursive: true });
  const args = ['--folder', folder, ...(maxBodyBytes === undefined ? [] : ['--max-body', String(maxBodyBytes)])];
  const service = await startWorker(
    { name, worker: 'receiver', args, launcher, journal, ...(port === undefined ? {} : { port }) },
    signal,
  );
  const file = join(folder, RECEIVED_FILE);
  return {
    service,
    file,
    async status() {
      try {
        const reply = await fetch(`${service.url}/status`, { signal: AbortSignal.timeout(STATUS_MS) });
        return (await reply.json()) as ReceiverStatus;
      } catch (error) {
        throw new EnvironmentError(
          'service.no-answer',
          `The service ${name} at ${service.url} does not answer: ${errorMessage(error)}.`,
          undefined,
          { cause: error },
        );
      }
    },
    received: () => readReceived(file),
  };
}
