import { type Mapping, mappingSchema } from '../model/mapping.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

export function parseMapping(text: string, file: string): Parsed<Mapping> {
  return parseYaml({ schema: mappingSchema, prefix: 'mapping' }, text, file);
}
