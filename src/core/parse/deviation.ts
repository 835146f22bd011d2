import { type Deviation, deviationSchema } from '../model/deviation.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

export function parseDeviation(text: string, file: string): Parsed<Deviation> {
  return parseYaml({ schema: deviationSchema, prefix: 'deviation' }, text, file);
}
