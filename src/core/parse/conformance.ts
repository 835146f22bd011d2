import { type Baseline, baselineSchema, type ConformanceFile, conformanceSchema } from '../model/conformance.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

/** A rules file of architecture conformance. Codes `conformance.*` and `yaml.*`. */
export function parseConformance(text: string, file: string): Parsed<ConformanceFile> {
  return parseYaml({ schema: conformanceSchema, prefix: 'conformance' }, text, file);
}

/** A baseline of known violations: JSON, read as the YAML that JSON is, for the sake of positions. */
export function parseBaseline(text: string, file: string): Parsed<Baseline> {
  return parseYaml({ schema: baselineSchema, prefix: 'baseline' }, text, file);
}
