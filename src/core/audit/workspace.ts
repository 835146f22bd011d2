import { pathsSchema } from '../model/config.ts';
import { withDefaults } from '../model/defaults.ts';
import type { Files } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';

/** A repository that nobody has configured and that does not hold the source in a folder of its own is itself the source. */
export async function asFound(files: Pick<Files, 'stat'>, snapshot: Snapshot): Promise<Snapshot> {
  const { config, configFile } = snapshot;
  if (configFile !== undefined || (await files.stat(config.paths.source).catch(() => undefined)) !== undefined)
    return snapshot;
  const paths = pathsSchema.parse({ ...config.paths, source: '.' });
  return { ...snapshot, config: withDefaults({ version: 1, paths }) };
}
