import type { Snapshot } from '../project/snapshot.ts';
import { type Recovery, recoverChanges, type TransactionPorts } from './transaction.ts';

/**
 * Settles what a crash has left. A journal may come with a repository that somebody else made, so it can only touch what
 * completing a task touches: task files, reports, and the mapping.
 */
export function settleJournals(ports: TransactionPorts, { config, mapping }: Snapshot): Promise<readonly Recovery[]> {
  const { tasks, reports } = config.paths;
  const folders = [tasks, reports].filter((folder) => folder !== '.').map((folder) => `${folder.replace(/\/+$/, '')}/`);
  const allowed = (path: string) =>
    !path.split(/[\\/]/).includes('..') &&
    (path === mapping?.entry.file || folders.some((folder) => path.startsWith(folder)));
  return recoverChanges(ports, allowed);
}
