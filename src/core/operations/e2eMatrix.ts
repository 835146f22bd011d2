import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import type { Engine } from '../engine.ts';
import { CONFIGURATIONS, FAULTS, platformsOf, type Scenario, scenarioSchema, WORKLOADS } from '../model/scenario.ts';
import { type Verdict, verdictSchema } from '../model/verdict.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { measuringOf, type RunJson, runJson, runScenario } from './e2eRun.ts';
import { defineOperation, type OperationContext } from './operation.ts';
import { schemaVersion } from './shapes.ts';

const NONE = 'none';
const ALL = 'all';
/** A fault of a generated scenario begins when the agent is at rest, and lasts long enough to be noticed. */
const FAULT_AT_SECONDS = 15;
const FAULT_SECONDS = 15;
const GENERATED_SECONDS = 60;
/** What a generated constraint leaves the agent. */
const CONSTRAINT = { cpu_cores: 0.02 };

const cellShape = z.object({
  scenario: z.string(),
  platform: z.string(),
  verdict: verdictSchema,
  /** Why it is what it is. */
  reason: z.string(),
  goals: z.array(z.object({ goal: z.string(), verdict: verdictSchema })).readonly(),
  report: z.string().nullable(),
});
export type MatrixCell = z.output<typeof cellShape>;

const matrixShape = z.object({
  schemaVersion,
  verdict: verdictSchema,
  cells: z.array(cellShape).readonly(),
  /** Relative to the workspace root. */
  coverage: z.string().nullable(),
});

const matrixInput = z.object({
  scenarios: z.array(z.string()).optional(),
  workloads: z.array(z.string()).optional(),
  configurations: z.array(z.string()).optional(),
  failures: z.array(z.string()).optional(),
  platform: z.string().optional(),
  goal: z.string().optional(),
  durationSeconds: z.number().positive().optional(),
  replicates: z.number().int().positive().optional(),
  seed: z.number().int().nonnegative().optional(),
});

export const e2eMatrix = defineOperation({
  name: 'e2e_matrix',
  title: 'Run a matrix of scenarios',
  description:
    'Runs all scenarios, or workloads x configurations x failure modes, and says per goal, scenario and platform what ran.',
  readOnly: false,
  input: matrixInput,
  output: matrixShape,
  run: (engine, input, context) => runMatrix(engine, input, context),
});

export interface MatrixFilter {
  readonly scenarios?: readonly string[] | undefined;
  /** Any of these three makes the matrix one of generated scenarios; `all` stands for all. */
  readonly workloads?: readonly string[] | undefined;
  readonly configurations?: readonly string[] | undefined;
  readonly failures?: readonly string[] | undefined;
  readonly goal?: string | undefined;
}

/** The scenarios of a matrix: those of the workspace, or generated ones. Throws HumanError for an unknown name. */
export function matrixScenarios(snapshot: Pick<Snapshot, 'scenarios' | 'config'>, filter: MatrixFilter): Scenario[] {
  const { workloads, configurations, failures } = filter;
  const generated = [workloads, configurations, failures].some((list) => list !== undefined);
  const all = generated ? combinations(snapshot, filter) : snapshot.scenarios.map(({ value }) => value);
  const named = filter.scenarios;
  if (named !== undefined) {
    const unknown = named.find((name) => !all.some((scenario) => scenario.name === name));
    if (unknown !== undefined) {
      throw new HumanError(
        'scenario.unknown',
        `The matrix has no scenario "${unknown}".`,
        `It has: ${all.map(({ name }) => name).join(', ')}.`,
      );
    }
  }
  return all.filter(
    ({ name, blueprint_goals }) =>
      (named === undefined || named.includes(name)) &&
      (filter.goal === undefined || blueprint_goals.includes(filter.goal)),
  );
}

function combinations({ config }: Pick<Snapshot, 'config'>, filter: MatrixFilter): Scenario[] {
  const workloads = chosen('workload', filter.workloads ?? [ALL], WORKLOADS);
  const configurations = chosen('configuration', filter.configurations ?? ['standard'], CONFIGURATIONS);
  const failures = chosen('failure mode', filter.failures ?? [NONE], [NONE, ...FAULTS]);
  const goals = config.goals
    .filter(({ kind, applies }) => applies !== false && (kind === 'kpi' || kind === 'event'))
    .map(({ id, kind }) => ({ id, kind }));
  return workloads.flatMap((type) =>
    configurations.flatMap((base) =>
      failures.map((failure) =>
        scenarioSchema.parse({
          name: `matrix_${type}_${base}_${failure}`,
          blueprint_goals: goals.filter(({ kind }) => kind === 'kpi' || failure !== NONE).map(({ id }) => id),
          workload: { type, params: { duration_seconds: GENERATED_SECONDS } },
          configuration: { base },
          failures:
            failure === NONE
              ? []
              : [
                  {
                    type: failure,
                    at_seconds: FAULT_AT_SECONDS,
                    duration_seconds: FAULT_SECONDS,
                    ...(failure === 'resource_constraint' && { params: CONSTRAINT }),
                  },
                ],
        }),
      ),
    ),
  );
}

function chosen(what: string, names: readonly string[], known: readonly string[]): readonly string[] {
  if (names.includes(ALL)) return known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new HumanError('matrix.unknown', `There is no ${what} "${unknown}".`, `Known: ${[...known, ALL].join(', ')}.`);
}

/** Runs every scenario of the matrix here; what cannot run here is a cell too. `onRun` sees each run as it ends. */
export async function runMatrix(
  engine: Engine,
  input: z.output<typeof matrixInput>,
  { signal, onProgress }: OperationContext,
  onRun?: (run: RunJson) => void,
): Promise<z.output<typeof matrixShape>> {
  measuringOf(engine);
  engine.project.update();
  const snapshot = await engine.project.snapshot();
  const scenarios = matrixScenarios(snapshot, input);
  const cells: MatrixCell[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    onProgress?.(`${scenario.name} (${index + 1} of ${scenarios.length})`);
    const { goal, platform, durationSeconds, replicates, seed } = input;
    try {
      const run = await runScenario(engine, {
        scenario: scenario.name,
        // A file is run as it is, so that its run names it.
        ...(snapshot.scenarios.some(({ value }) => value === scenario) ? {} : { definition: scenario }),
        goal,
        platform,
        durationSeconds,
        replicates,
        seed,
        signal,
        onProgress,
      });
      cells.push(...cellsOf(scenario, runJson(run)));
      onRun?.(runJson(run));
    } catch (error) {
      if (!(error instanceof HumanError)) throw error;
      const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
      cells.push(...broken(scenario, reason));
    }
  }
  const coverage = `${snapshot.config.paths.e2e}/results/coverage`;
  await engine.files.write(`${coverage}.md`, coverageText(cells));
  await engine.files.write(`${coverage}.json`, `${JSON.stringify({ schemaVersion: 1, cells }, undefined, 2)}\n`);
  return { schemaVersion: 1, verdict: matrixVerdict(cells), cells, coverage: `${coverage}.md` };
}

function cellsOf(scenario: Scenario, run: RunJson): MatrixCell[] {
  const goals = scenario.blueprint_goals.map((goal) => ({
    goal,
    verdict: run.goals.find((each) => each.goal === goal)?.verdict ?? ('not-run' as const),
  }));
  const platforms = run.platforms.length === 0 ? [{ platform: 'here', ...run }] : run.platforms;
  return platforms.map(({ platform, verdict, reason }, index) => ({
    scenario: scenario.name,
    platform,
    verdict,
    reason,
    goals: index === 0 ? goals : goals.map(({ goal }) => ({ goal, verdict: 'not-run' as const })),
    report: index === 0 ? run.report : null,
  }));
}

function broken(scenario: Scenario, reason: string): MatrixCell[] {
  const goals = scenario.blueprint_goals.map((goal) => ({ goal, verdict: 'error' as const }));
  const [platform] = platformsOf(scenario).map(({ os }) => os);
  return [{ scenario: scenario.name, platform: platform ?? 'any', verdict: 'error', reason, goals, report: null }];
}

/** Of the cells that ran here: platforms that this machine is not cannot speak against it. */
function matrixVerdict(cells: readonly MatrixCell[]): Verdict {
  const ran = cells.filter(({ verdict }) => verdict !== 'not-run').map(({ verdict }) => verdict);
  const order: readonly Verdict[] = ['fail', 'error', 'inconclusive', 'pass'];
  return order.find((verdict) => ran.includes(verdict)) ?? 'not-run';
}

/** Goal x scenario x platform: what ran, what could not and why. */
export function coverageText(cells: readonly MatrixCell[]): string {
  const goals = [...new Set(cells.flatMap((cell) => cell.goals.map(({ goal }) => goal)))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const row = (parts: readonly string[]) =>
    `| ${parts.map((part) => part.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' / ')).join(' | ')} |`;
  const header = ['Scenario', 'Platform', 'Verdict', ...goals, 'Why'];
  const lines = cells.map((cell) =>
    row([
      cell.scenario,
      cell.platform,
      cell.verdict,
      ...goals.map((goal) => cell.goals.find((each) => each.goal === goal)?.verdict ?? '-'),
      cell.reason,
    ]),
  );
  return `# End-to-end coverage\n\n${row(header)}\n${row(header.map(() => '---'))}\n${lines.join('\n')}\n`;
}
