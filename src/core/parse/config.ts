import { type ConfigFile, configSchema } from '../model/config.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

export function parseConfig(text: string, file: string): Parsed<ConfigFile> {
  return parseYaml({ schema: configSchema, prefix: 'config' }, text, file);
}
