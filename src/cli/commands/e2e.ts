import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { errorMessage, HumanError } from '../../core/base/errors.ts';
import { e2eList } from '../../core/operations/e2eList.ts';
import { coverageText, matrixScenarios, runMatrix } from '../../core/operations/e2eMatrix.ts';
import { measuringOf, type RunJson, runJson, runScenario } from '../../core/operations/e2eRun.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT, exitCodeOf } from '../exit.ts';
import { evidenceLines, failureLines, planText, runText } from '../render/e2e.ts';
import { table } from '../render/table.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface ShapeOptions extends CommonOptions {
  readonly goal?: string;
  readonly platform?: string;
  readonly duration?: number;
  readonly replicates?: number;
  readonly seed?: number;
  readonly dryRun?: boolean;
}

interface RunOptions extends ShapeOptions {
  readonly scenario: string;
  readonly junit?: string;
  readonly events?: boolean;
}

interface MatrixOptions extends ShapeOptions {
  readonly scenario?: readonly string[];
  readonly workload?: readonly string[];
  readonly configuration?: readonly string[];
  readonly failure?: readonly string[];
}

export function addE2e(program: Command, context: Context): void {
  const group = program
    .command('e2e')
    .description('run the agent under a real workload, inject faults and judge')
    .addHelpText(
      'after',
      examples('infrabuilder e2e list', 'infrabuilder e2e run --scenario=standard', 'infrabuilder e2e resolve --all'),
    );
  addShape(addCommon(group.command('run')))
    .description('run one scenario')
    .option('--scenario <name>', 'a scenario of the workspace, or a workload', 'standard')
    .option('--junit <file>', 'write the verdicts as JUnit XML as well')
    .option('--events', 'print progress and result as JSON lines; stops when standard input ends')
    .addHelpText('after', EXAMPLES)
    .action((options: RunOptions) => run(options, context));
  addShape(addCommon(group.command('matrix')))
    .description('run all scenarios, or workloads x configurations x failure modes')
    .option('--scenario <names>', 'only these, separated by commas', names)
    .option('--workload <names>', 'generate scenarios for these workloads, or for all', names)
    .option('--configuration <names>', 'minimal, standard, full, custom, or all', names)
    .option('--failure <names>', 'none, a fault, or all', names)
    .addHelpText(
      'after',
      examples('infrabuilder e2e matrix', 'infrabuilder e2e matrix --workload all --failure none --dry-run'),
    )
    .action((options: MatrixOptions) => matrix(options, context));
  addCommon(group.command('list'))
    .description('list the scenarios and the workloads that can be run')
    .addHelpText('after', examples('infrabuilder e2e list', 'infrabuilder e2e list --json'))
    .action((options: CommonOptions) => list(options, context));
  addCommon(group.command('resolve'))
    .description('give back what runs that crashed have left: processes, faults, cgroups, files')
    .requiredOption('--all', 'all runs of the workspace')
    .addHelpText('after', examples('infrabuilder e2e resolve --all'))
    .action((options: CommonOptions) => resolveRuns(options, context));
  addCommon(group.command('profile'))
    .description('measure CPU and memory of a process and all that it starts')
    .requiredOption('--pid <number>', 'the process', count)
    .option('--duration <time>', 'how long, such as 30 or 2m', seconds, 30)
    .option('--hz <number>', 'samples a second, 1 to 10', count, 2)
    .option('--pprof <url>', 'where it serves Go profiles, such as http://127.0.0.1:6060')
    .addHelpText(
      'after',
      examples(
        'infrabuilder e2e profile --pid 4711 --duration 2m',
        'infrabuilder e2e profile --pid 4711 --pprof http://127.0.0.1:6060',
      ),
    )
    .action((options: ProfileOptions) => profile(options, context));
}

function addShape(command: Command): Command {
  return command
    .option('--goal <id>', 'judge only what this goal needs')
    .option('--platform <name>', 'linux, linux-5.10, windows, ...: what this machine is not is not run')
    .option(
      '--duration <time>',
      'length of the window, such as 90, 90s or 5m; by default as the scenario says',
      seconds,
    )
    .option('--replicates <number>', 'how often', count)
    .option('--seed <number>', 'seed of the workload', count)
    .option('--dry-run', 'print what would be done, and do nothing');
}

async function run(options: RunOptions, context: Context): Promise<void> {
  const { io } = context;
  const engine = context.engine(options);
  const request = { ...shape(options), scenario: options.scenario };
  if (options.dryRun) {
    const plan = await measuringOf(engine).plan(request);
    if (options.json) context.printJson({ schemaVersion: 1, plan });
    else context.print(planText(plan));
    return;
  }
  const events = options.events ? eventRun(context) : undefined;
  const result = runJson(
    await runScenario(engine, {
      ...request,
      signal: events?.signal ?? io.signal,
      onProgress: (message) => (events ? events.emit({ type: 'progress', message }) : context.say(`${message}\n`)),
    }),
  );
  if (options.junit !== undefined) copyJunit(result, engine.root, resolve(io.cwd, options.junit));
  if (events) events.emit({ type: 'result', result });
  else if (options.json) context.printJson(result);
  else {
    context.print(runText(io.out, result));
    context.print(evidenceLines(result));
  }
  context.say(failureLines(result));
  context.exitCode = exitCodeOf(result.verdict);
}

async function matrix(options: MatrixOptions, context: Context): Promise<void> {
  const { io } = context;
  const engine = context.engine(options);
  const filter = {
    scenarios: options.scenario && [...options.scenario],
    workloads: options.workload && [...options.workload],
    configurations: options.configuration && [...options.configuration],
    failures: options.failure && [...options.failure],
  };
  if (options.dryRun) {
    const scenarios = matrixScenarios(await engine.project.snapshot(), { ...filter, goal: options.goal });
    const measuring = measuringOf(engine);
    const plans = [];
    for (const definition of scenarios) {
      plans.push(await measuring.plan({ ...shape(options), scenario: definition.name, definition }));
    }
    if (options.json) context.printJson({ schemaVersion: 1, plans });
    else {
      const rows = plans.map((plan) => [plan.scenario, `${plan.seconds} s`, plan.notRun ?? 'runs here']);
      context.print(table(['SCENARIO', 'TIME', 'HERE'], rows));
    }
    return;
  }
  const onProgress = (message: string) => context.say(`${message}\n`);
  const result = await runMatrix(
    engine,
    { ...shape(options), ...filter },
    { signal: io.signal, onProgress },
    (each) => {
      if (!options.json) context.print(evidenceLines(each));
      context.say(failureLines(each));
    },
  );
  if (options.json) context.printJson(result);
  else context.print(`${coverageText(result.cells)}\n${result.coverage}\n`);
  context.exitCode = exitCodeOf(result.verdict);
}

async function list(options: CommonOptions, context: Context): Promise<void> {
  const result = await e2eList.run(context.engine(options), {}, { signal: context.io.signal });
  if (options.json) return context.printJson(result);
  const rows = result.scenarios.map(({ name, workload, goals, platforms, faults, steps, description }) => [
    name,
    steps > 0 ? `${steps} steps` : (workload ?? '-'),
    goals.join(' ') || '-',
    platforms.join(', ') || 'any',
    faults.join(' ') || '-',
    description ?? '',
  ]);
  context.print(table(['SCENARIO', 'WORKLOAD', 'GOALS', 'PLATFORMS', 'FAULTS', 'ABOUT'], rows));
}

async function resolveRuns(options: CommonOptions, context: Context): Promise<void> {
  const repairs = await measuringOf(context.engine(options)).resolveAll();
  if (options.json) context.printJson({ schemaVersion: 1, repairs });
  else if (repairs.length === 0) context.say('No run has left anything.\n');
  for (const { run: id, state, settled, strays, failures } of options.json ? [] : repairs) {
    if (state === 'in-use') context.print(`${id}: still runs; nothing was touched\n`);
    else context.print(`${id}: ${state}, ${settled.length} things given back, ${strays} stray processes ended\n`);
    for (const text of settled) context.print(`  ${text}\n`);
    for (const failure of failures) context.say(`  ${failure}\n`);
  }
  context.exitCode = repairs.some(({ state }) => state === 'failed') ? EXIT.doesNotHold : EXIT.holds;
}

interface ProfileOptions extends CommonOptions {
  readonly pid: number;
  readonly duration: number;
  readonly hz: number;
  readonly pprof?: string;
}

async function profile(options: ProfileOptions, context: Context): Promise<void> {
  const { pid, duration, hz, pprof } = options;
  const answer = await measuringOf(context.engineOrHere(options)).profile({
    pid,
    seconds: duration,
    hz,
    pprof,
    signal: context.io.signal,
    onProgress: (message) => context.say(`${message}\n`),
  });
  if (options.json) context.printJson({ schemaVersion: 1, pid, ...answer });
  else {
    const rows = answer.values.map(({ name, value, unit = '', n }) => [
      name,
      `${Number(value.toPrecision(5))} ${unit}`,
      String(n ?? ''),
    ]);
    if (rows.length > 0) context.print(table(['FIGURE', 'VALUE', 'SAMPLES'], rows));
    for (const { name, percent } of answer.functions) context.print(`${percent.toFixed(1).padStart(6)} %  ${name}\n`);
    for (const note of answer.notes) context.say(`${note}\n`);
    context.say(`${answer.file}\n`);
  }
  context.exitCode = answer.values.length === 0 ? EXIT.notRun : EXIT.holds;
}

function shape({ goal, platform, duration, replicates, seed }: ShapeOptions) {
  return { goal, platform, durationSeconds: duration, replicates, seed };
}

function copyJunit({ report }: RunJson, root: string, target: string): void {
  if (report === null) return;
  try {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, dirname(report), 'junit.xml'), target);
  } catch (error) {
    throw new HumanError('e2e.junit', `${target} cannot be written: ${errorMessage(error)}`, 'Name another file.');
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

function seconds(text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smh]?)$/.exec(text.trim()) ?? [];
  const value = Number(figure) * (UNITS[unit] ?? Number.NaN);
  if (value > 0) return value;
  throw new InvalidArgumentError('Give seconds, or a time such as 90s, 5m or 1h.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && text.trim() !== '') return value;
  throw new InvalidArgumentError('Give a whole number.');
}

function names(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

const EXAMPLES = `
Examples:
  infrabuilder e2e run --scenario=standard
  infrabuilder e2e run --scenario=high_pid_churn --duration=90 --goal=G-4
  infrabuilder e2e run --scenario=failover --dry-run

Reports are kept in e2e/results/<scenario>/<run>/. A window shorter than 60 s says nothing about CPU.
`;
