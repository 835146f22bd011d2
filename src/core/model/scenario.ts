import { z } from 'zod';
import { goalIdSchema } from './ids.ts';
import { thresholdsSchema } from './threshold.ts';

export const WORKLOADS = ['standard', 'high_pid_churn', 'memory_pressure', 'cpu_spikes', 'high_cardinality'] as const;
export const CONFIGURATIONS = ['minimal', 'standard', 'full', 'custom'] as const;
export const FAULTS = [
  'network_latency',
  'network_partition',
  'service_restart',
  'resource_constraint',
  'data_corruption',
  'clock_skew',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Plan 5.2 says `resource_constraints`, plan 5.5 `resource_constraint`: both are the same fault. */
const faultSchema = z
  .enum([...FAULTS, 'resource_constraints'])
  .transform((name): Fault => (name === 'resource_constraints' ? 'resource_constraint' : name))
  .describe('The fault to inject.');
const workloadSchema = z.enum(WORKLOADS).describe('The workload to generate.');

const params = z.record(z.string(), z.unknown());
const pattern = z.string().min(1).optional();
const seconds = z.number().nonnegative();

/** `- linux: {kernels: [5.10]}`: YAML reads an unquoted 5.10 as the number 5.1, so versions are kept as written. */
const platformSchema = z.union([z.string().min(1), z.record(z.string(), z.unknown())]);

const failureSchema = z.looseObject({
  type: faultSchema,
  target: z.string().min(1).optional().describe('The service or process that is hit.'),
  params: params.optional().describe('Settings of the fault.'),
  at_seconds: seconds.optional().describe('When the fault starts, in seconds after the window opens.'),
  duration_seconds: seconds.optional().describe('How long the fault lasts, in seconds.'),
});

const stepSchema = z.discriminatedUnion('action', [
  z.looseObject({ action: z.literal('configure').describe('Changes settings of the agent.'), params }),
  z.looseObject({
    action: z.literal('start_workload').describe('Starts a workload.'),
    params: z.looseObject({ type: workloadSchema }),
  }),
  z.looseObject({
    action: z.literal('wait').describe('Lets time pass.'),
    params: z.looseObject({ duration_seconds: seconds }),
  }),
  z.looseObject({
    action: z.literal('inject_failure').describe('Injects a fault.'),
    params: z.looseObject({ type: faultSchema, target: z.string().min(1).optional() }),
  }),
  z.looseObject({
    action: z.literal('verify').describe('Expects events or metrics of the agent.'),
    params: z
      .looseObject({
        expect_event: pattern.describe('Regular expression that a new event must match.'),
        expect_no_event: pattern.describe('Regular expression that no new event may match.'),
        expect_metric: pattern.describe('Metric that the agent must report.'),
      })
      .refine((p) => p.expect_event ?? p.expect_no_event ?? p.expect_metric, {
        message: 'a verify step needs "expect_event", "expect_no_event" or "expect_metric"',
      }),
  }),
]);
export type ScenarioStep = z.infer<typeof stepSchema>;

/** A scenario file: one workload (plan 2.1, 5.2), or a list of scenarios with steps (plan 6.2). */
export const scenarioSchema = z
  .looseObject({
    name: z.string().min(1).describe('Name of the scenario; the file is named <name>.yml.'),
    description: z.string().optional(),
    blueprint_goals: z.array(goalIdSchema).default([]).describe('Goals that this scenario validates.'),
    platforms: z.array(platformSchema).default([]).describe('Where it runs, such as "- linux: {kernels: [5.10]}".'),
    workload: z
      .looseObject({ type: workloadSchema, params: params.optional() })
      .optional()
      .describe('The load on the agent.'),
    configuration: z
      .looseObject({ base: z.enum(CONFIGURATIONS) })
      .optional()
      .describe('The settings that the agent starts with.'),
    agents: z.looseObject({ count: z.int().positive() }).optional().describe('How many agents run.'),
    failures: z.array(failureSchema).default([]).describe('Faults to inject while the workload runs.'),
    scenarios: z
      .array(
        z.looseObject({
          name: z.string().min(1),
          description: z.string().optional(),
          steps: z.array(stepSchema).min(1),
        }),
      )
      .default([]),
    validation: z
      .looseObject({
        kpis: thresholdsSchema.optional(),
        runbook_coverage: z.looseObject({ required_sections: z.array(z.string().min(1)) }).optional(),
      })
      .optional(),
  })
  .refine((scenario) => scenario.workload !== undefined || scenario.scenarios.length > 0, {
    message: 'a scenario needs a "workload" or a list of "scenarios" with steps',
  })
  .describe('InfraBuilder end-to-end scenario');
export type Scenario = z.infer<typeof scenarioSchema>;

export interface Platform {
  /** In lower case; `linux`, `windows` and `macos` are the ones that the plan names. */
  readonly os: string;
  /** Kernels or releases as written (`5.10`, `2019`); empty for any. */
  readonly versions: readonly string[];
}

const OS_ALIASES = new Map([
  ['darwin', 'macos'],
  ['win32', 'windows'],
]);

/** `- linux: {kernels: [5.10]}` and plain `- linux`, in one form. Several entries for one system are joined. */
export function platformsOf(scenario: Scenario): Platform[] {
  const versions = new Map<string, string[]>();
  for (const platform of scenario.platforms) {
    const systems = typeof platform === 'string' ? [[platform, null] as const] : Object.entries(platform);
    for (const [name, details] of systems) {
      const os = OS_ALIASES.get(name.toLowerCase()) ?? name.toLowerCase();
      versions.set(os, [...new Set([...(versions.get(os) ?? []), ...versionsIn(details)])]);
    }
  }
  return [...versions].map(([os, list]) => ({ os, versions: list }));
}

const VERSION_KEY = /^(?:kernel|version|release)s?$/i;

/** A version, a list of them, or a mapping that holds them under `kernels`, `versions` or `releases`. */
function versionsIn(details: unknown): string[] {
  if (typeof details === 'string' || typeof details === 'number') return [String(details)];
  if (Array.isArray(details)) return details.flatMap(versionsIn);
  if (typeof details !== 'object' || details === null) return [];
  return Object.entries(details).flatMap(([key, value]) => (VERSION_KEY.test(key) ? versionsIn(value) : []));
}
