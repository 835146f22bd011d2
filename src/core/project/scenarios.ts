import { WORKLOADS } from '../model/scenario.ts';
import type { Index } from './index.ts';

/** Workloads of plan 5.2; each can be run by its name without a scenario file. */
const BUILT_IN: ReadonlySet<string> = new Set(WORKLOADS);

/** All names that a task, goal or milestone can use. A file that cannot be understood counts by its file name. */
export function scenarioNames(index: Index): Set<string> {
  const names = new Set(BUILT_IN);
  for (const name of index.scenarioFiles().keys()) names.add(name);
  return names;
}

export function knowsScenario(index: Index, name: string): boolean {
  return BUILT_IN.has(name) || index.scenarioFiles().has(name);
}
