import type { Server } from 'node:net';
import { EnvironmentError } from '../../core/base/errors.ts';

const LOOPBACK = '127.0.0.1';

/** Listens on the loopback interface. Throws EnvironmentError `service.port-in-use` and the like. */
export async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new EnvironmentError(
          taken ? 'service.port-in-use' : 'service.cannot-listen',
          `Cannot listen on ${LOOPBACK}:${port}: ${taken ? 'another program listens there' : error.message}.`,
          'Use port 0 for any free port, or end the other program.',
          { cause: error },
        ),
      );
    });
    server.listen(port, LOOPBACK, resolve);
  });
}
