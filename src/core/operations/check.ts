import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import type { CheckProgress } from '../checks/checks.ts';
import { isEnvironmentProblem } from '../checks/outcome.ts';
import type { Engine } from '../engine.ts';
import type { CheckResult } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import { FILE_START, type Location } from '../model/source.ts';
import type { Thresholds } from '../model/threshold.ts';
import { verdictSchema } from '../model/verdict.ts';
import { closest } from '../parse/suggest.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion, valueShape } from './shapes.ts';

const checkShape = z.object({
  schemaVersion,
  check: z.string(),
  verdict: verdictSchema,
  reason: z.string(),
  argv: z.array(z.string()).readonly(),
  cwd: z.string(),
  exitCode: z.number().nullable(),
  tests: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).nullable(),
  coverage: z.number().nullable(),
  values: z.array(valueShape).readonly(),
  issues: z.array(issueShape).readonly(),
  notes: z.array(z.string()).readonly(),
  log: z.string().nullable(),
  startedAt: z.string(),
  durationMs: z.number(),
  toolMissing: z.boolean(),
});

export const check = defineOperation({
  name: 'check',
  title: 'Run a check',
  description:
    'Runs a configured check (lint, test, bench, harness, ...) and returns verdict, test counts, values and problems.',
  readOnly: false,
  input: z.object({ name: z.string() }),
  output: checkShape,
  async run(engine, { name }, { signal, onProgress }) {
    const result = await runCheck(engine, name, {
      signal,
      onProgress: (progress) => {
        const text = progressText(progress);
        if (text !== undefined) onProgress?.(text);
      },
    });
    return checkJson(result);
  },
});

/** The result as JSON holds it: what is unknown is null. */
export function checkJson(result: CheckResult): z.output<typeof checkShape> {
  const { exitCode = null, tests = null, coverage = null, log = null, ...rest } = result;
  return { schemaVersion: 1, ...rest, exitCode, tests, coverage, log, toolMissing: isEnvironmentProblem(result) };
}

export interface CheckRunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
}

/** Runs a check of the workspace's configuration, with the thresholds that its goals set. */
export async function runCheck(engine: Engine, name: string, options: CheckRunOptions): Promise<CheckResult> {
  const { configured, context } = await prepare(engine, name);
  return engine.checks.run(name, configured, { ...options, ...context });
}

/** Runs benchmarks and keeps their output as the baseline of later runs. */
export async function saveBaseline(engine: Engine, name: string, options: CheckRunOptions): Promise<CheckResult> {
  const { configured, context } = await prepare(engine, name);
  return engine.checks.saveBaseline(name, configured, { ...options, ...context });
}

async function prepare(engine: Engine, name: string) {
  engine.project.update();
  const snapshot = await engine.project.snapshot();
  const configured = configuredCheck(snapshot, name);
  return {
    configured,
    context: { thresholds: thresholdsOf(snapshot.config), definition: definitionOf(snapshot, name) },
  };
}

/** Throws HumanError for a name that is not configured, and for a configuration that is broken. */
export function configuredCheck(snapshot: Snapshot, name: string): Config['checks'][string] {
  const broken = snapshot.issues.find(({ file, severity }) => severity === 'error' && file === snapshot.configFile);
  if (broken !== undefined) {
    const where = `${broken.file}:${broken.range.start.line}:${broken.range.start.column}`;
    throw new HumanError(
      'config.broken',
      `${where}: ${broken.message}`,
      'Mend the configuration, then run the check again.',
    );
  }
  const { checks } = snapshot.config;
  const found = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(checks);
  const like = closest(name, names);
  const hint =
    like === undefined
      ? `The checks are: ${names.join(', ')}.`
      : `Did you mean ${like}? The checks are: ${names.join(', ')}.`;
  throw new HumanError('check.unknown', `No check is called ${name}.`, hint);
}

/** The limits of all KPI goals that apply. */
export function thresholdsOf(config: Config): Thresholds {
  const limits: Thresholds = {};
  for (const goal of config.goals) if (goal.kind === 'kpi' && goal.applies !== false) Object.assign(limits, goal.kpis);
  return limits;
}

function definitionOf(snapshot: Snapshot, name: string): Location {
  const file = snapshot.configFile;
  const parsed = file === undefined ? undefined : snapshot.source(file)?.parsed;
  if (file === undefined || parsed === undefined) return { file: 'infrabuilder.yaml', range: FILE_START };
  return { file, range: parsed.locateKey(['checks', name]) };
}

/** A line for the person who waits; undefined for what the result says itself. */
export function progressText(progress: CheckProgress): string | undefined {
  switch (progress.kind) {
    case 'waiting':
      return `${progress.check}: waits for another run of the same check`;
    case 'started':
      return `${progress.check}: ${progress.argv.join(' ')} (in ${progress.cwd})`;
    case 'tests': {
      const { passed, failed, skipped } = progress.tests;
      return `${progress.check}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
    }
    case 'finished':
      return undefined;
  }
}
