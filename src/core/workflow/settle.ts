import { folderOf, inFolder, MAPPING_FILES } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { type Recovery, recoverChanges, type TransactionPorts } from './transaction.ts';

/**
 * Settles what a crash has left. A journal may come with a repository that somebody else made, so it can only touch what
 * completing a task touches: task files, reports, and the mapping.
 */
export function settleJournals(ports: TransactionPorts, { layout }: Snapshot): Promise<readonly Recovery[]> {
  const { reports, tasks } = layout;
  const folders = [...Object.values(tasks), inFolder(reports, 'evidence')];
  const shared = ['progress.md', 'coverage.md', '.gitattributes'].map((name) => inFolder(reports, name));
  const known = new Set<string>([...MAPPING_FILES, ...shared]);
  const allowed = (path: string) => known.has(path) || folders.includes(folderOf(path));
  return recoverChanges(ports, allowed);
}
