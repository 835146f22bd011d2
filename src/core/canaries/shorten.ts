import type { Scenario } from '../model/scenario.ts';
import { editYaml, type YamlEdit } from '../parse/edit.ts';

/** A fault that is left over starts this many seconds after the window opens, or earlier where it says so. */
const FIRST_FAULT_SECONDS = 5;

/**
 * The text of a scenario file for a run of about so many seconds: the window has this length, no wait is longer, and of its
 * faults only the first is injected. The runner still adds its warm-up, and what a fault needs to be answered.
 */
export function shorten(text: string, { workload, failures, scenarios }: Scenario, seconds: number): string {
  const edits: YamlEdit[] = [];
  const set = (path: readonly (string | number)[], value: number) => edits.push({ op: 'set', path, value });
  if (workload !== undefined) {
    set(['workload', 'params', 'duration_seconds'], seconds);
    edits.push({ op: 'delete', path: ['workload', 'params', 'duration_minutes'] });
  }
  for (let at = failures.length - 1; at > 0; at--) edits.push({ op: 'delete', path: ['failures', at] });
  const [first] = failures;
  if (first !== undefined) set(['failures', 0, 'at_seconds'], Math.min(first.at_seconds ?? 0, FIRST_FAULT_SECONDS));
  for (const [at, { steps }] of scenarios.entries()) {
    for (const [step, { action, params }] of steps.entries()) {
      const waits = action === 'wait' ? Number(params.duration_seconds) : 0;
      if (waits > seconds) set(['scenarios', at, 'steps', step, 'params', 'duration_seconds'], seconds);
    }
  }
  return editYaml(text, edits);
}
