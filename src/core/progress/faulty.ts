import type { Snapshot } from '../project/snapshot.ts';

/** Names of the scenarios that inject faults. */
export function scenariosWithFaults({ scenarios }: Snapshot): string[] {
  const injects = scenarios.filter(({ value }) => {
    const steps = value.scenarios.flatMap((one) => one.steps);
    return value.failures.length > 0 || steps.some(({ action }) => action === 'inject_failure');
  });
  return injects.map(({ value }) => value.name);
}
