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

const params = z.record(z.string(), z.unknown());
const seconds = z.number().nonnegative();

/** `- linux: {kernels: [5.10]}`: YAML reads an unquoted 5.10 as the number 5.1, so versions are kept as written. */
const platformSchema = z.union([z.string().min(1), z.record(z.string(), z.unknown())]);

const failureSchema = z.looseObject({
  type: z.enum(FAULTS),
  target: z.string().min(1).optional(),
  params: params.optional(),
  at_seconds: seconds.optional(),
  duration_seconds: seconds.optional(),
});

const stepSchema = z.discriminatedUnion('action', [
  z.looseObject({ action: z.literal('configure'), params }),
  z.looseObject({ action: z.literal('start_workload'), params: z.looseObject({ type: z.enum(WORKLOADS) }) }),
  z.looseObject({ action: z.literal('wait'), params: z.looseObject({ duration_seconds: seconds }) }),
  z.looseObject({
    action: z.literal('inject_failure'),
    params: z.looseObject({ type: z.enum(FAULTS), target: z.string().min(1).optional() }),
  }),
  z.looseObject({
    action: z.literal('verify'),
    params: z
      .looseObject({
        expect_event: z.string().min(1).optional(),
        expect_no_event: z.string().min(1).optional(),
        expect_metric: z.string().min(1).optional(),
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
    name: z.string().min(1),
    description: z.string().optional(),
    blueprint_goals: z.array(goalIdSchema).default([]),
    platforms: z.array(platformSchema).default([]),
    workload: z.looseObject({ type: z.enum(WORKLOADS), params: params.optional() }).optional(),
    configuration: z.looseObject({ base: z.enum(CONFIGURATIONS) }).optional(),
    agents: z.looseObject({ count: z.int().positive() }).optional(),
    failures: z.array(failureSchema).default([]),
    scenarios: z
      .array(
        z.looseObject({ name: z.string().min(1), description: z.string().optional(), steps: z.array(stepSchema).min(1) }),
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
