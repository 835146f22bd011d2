import { type Scenario, scenarioSchema } from '../model/scenario.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

const VERSIONS = new Set(['platforms']);

/** A scenario file of plan 2.1, 5.2 or 6.2. Versions below `platforms` are text as written: `5.10`, not 5.1. */
export function parseScenario(text: string, file: string): Parsed<Scenario> {
  return parseYaml({ schema: scenarioSchema, prefix: 'scenario', asWritten: VERSIONS }, text, file);
}
