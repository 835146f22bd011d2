import { z } from 'zod';
import { platformsOf, type Scenario, WORKLOADS } from '../model/scenario.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';

const rowShape = z.object({
  name: z.string(),
  description: z.string().nullable(),
  /** Null for a workload that can be named in place of a scenario. */
  file: z.string().nullable(),
  workload: z.string().nullable(),
  configuration: z.string().nullable(),
  goals: z.array(z.string()).readonly(),
  platforms: z.array(z.string()).readonly(),
  faults: z.array(z.string()).readonly(),
  steps: z.number(),
});

export const e2eList = defineOperation({
  name: 'e2e_list',
  title: 'List end-to-end scenarios',
  description: 'Lists the scenarios of the workspace and the workloads that can be run by their name.',
  readOnly: true,
  input: z.object({}),
  output: z.object({ schemaVersion, scenarios: z.array(rowShape).readonly() }),
  async run(engine) {
    engine.project.update();
    const { scenarios } = await engine.project.snapshot();
    const names = new Set(scenarios.map(({ value }) => value.name));
    return {
      schemaVersion: 1 as const,
      scenarios: [
        ...scenarios.map(({ file, value }) => row(file, value)),
        ...WORKLOADS.filter((name) => !names.has(name)).map(bareRow),
      ],
    };
  },
});

function row(file: string, scenario: Scenario): z.output<typeof rowShape> {
  return {
    name: scenario.name,
    description: scenario.description ?? null,
    file,
    workload: scenario.workload?.type ?? null,
    configuration: scenario.configuration?.base ?? null,
    goals: scenario.blueprint_goals,
    platforms: platformsOf(scenario).map(({ os, versions }) => [os, ...versions].join(' ')),
    faults: scenario.failures.map(({ type }) => type),
    steps: scenario.scenarios.reduce((sum, { steps }) => sum + steps.length, 0),
  };
}

function bareRow(name: string): z.output<typeof rowShape> {
  const none: readonly string[] = [];
  return {
    name,
    description: 'the workload alone, with the limits of the KPI goals',
    file: null,
    workload: name,
    configuration: null,
    goals: none,
    platforms: none,
    faults: none,
    steps: 0,
  };
}
