import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import type { ScenarioRequest } from '../../../src/core/ports.ts';
import { RUN_VARIABLE } from '../../../src/e2e/reap/identity.ts';
import { runScenario } from '../../../src/e2e/runner/run.ts';
import type { Timings } from '../../../src/e2e/runner/timings.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';

const execute = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const WORKLOAD_SOURCE = here('../../../templates/e2e-workload');
const AGENT_SOURCE = here('../../fixtures/agents');

/** Windows of seconds in place of minutes. */
export const SHORT: Timings = {
  warmUpSeconds: 2,
  shortestCpuSeconds: 4,
  eventSeconds: 6,
  recoverySeconds: 4,
  startSeconds: 10,
  settleSeconds: 1,
};

/** A folder that holds the agent's program, and workspaces below it. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'infrabuilder-e2e-'));
  readonly binary = join(this.folder, 'agent');

  async build(): Promise<void> {
    await execute('go', ['build', '-o', this.binary, '.'], { cwd: AGENT_SOURCE });
  }

  /** A workspace whose agent behaves as `doctored` says, with these scenario files. */
  workspace(name: string, doctored: string, scenarios: Readonly<Record<string, string>>, agent = ''): string {
    const root = join(this.folder, name);
    mkdirSync(join(root, 'e2e', 'scenarios'), { recursive: true });
    writeFileSync(join(root, 'infrabuilder.yaml'), configText(this.binary, doctored, agent));
    for (const [file, text] of Object.entries(scenarios)) {
      writeFileSync(join(root, 'e2e', 'scenarios', `${file}.yml`), text);
    }
    return root;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configText(binary: string, doctored: string, agent: string): string {
  return `version: 1
agent:
  run: ['${binary}', run, --config, '{config}']
  stop_seconds: 2
  settings:
    run_id: '{nonce}'
    otlp_endpoint: '{endpoint}'
    sketch_endpoint: '{sketch_endpoint}'
    doctored: '${doctored}'
${agent}goals:
  - {id: G-2, title: Host Safety, kind: kpi, scenario: calm, kpis: {cpu_usage: {max: 4, unit: percent}, memory_usage: {max: 100, unit: MB}}}
  - {id: G-3, title: Statistical Fidelity, kind: kpi, scenario: calm, kpis: {p95p99_error: {max: 1, unit: percent}}}
  - {id: G-4, title: Top-N Accuracy, kind: kpi, scenario: calm, kpis: {topn_capture_ratio: {min: 95, unit: percent}}}
  - {id: G-5, title: Tail Error Bound, kind: kpi, scenario: calm, kpis: {tail_error: {max: 5, unit: percent}}}
  - {id: G-6, title: Self-Governance, kind: event, scenario: failing}
  - {id: G-10, title: Documentation Quality, kind: runbook, scenario: steps}
`;
}

const WORKLOAD = 'workload: {type: standard, params: {pids: 40, cpu_cores: 0.06, memory_mb: 64, duration_seconds: 7}}';

export const CALM = `name: calm
blueprint_goals: [G-2, G-3, G-4, G-5]
platforms: [linux]
${WORKLOAD}
`;

export const FAILING = `name: failing
blueprint_goals: [G-6]
platforms: [linux]
${WORKLOAD}
failures:
  - {type: network_partition, target: otelcol, params: {mode: refuse}, at_seconds: 2, duration_seconds: 3}
validation:
  kpis: {diag_events: {min: 1, unit: count}, data_loss: {max: 0, unit: percent}, recovery_time: {max: 5, unit: s}}
`;

export function play(root: string, request: ScenarioRequest, timings: Partial<Timings> = {}): Promise<ScenarioRun> {
  return runScenario(
    { root, launcher: sourceLauncher, workloadSource: WORKLOAD_SOURCE, timings: { ...SHORT, ...timings } },
    request,
  );
}

export function goalOf(run: ScenarioRun, goal: string): string {
  const found = run.goals?.find((each) => each.goal === goal);
  return `${found?.verdict}: ${found?.text}`;
}

/** What a run may not leave behind: processes that carry a run's mark, cgroups, journals and scratch folders. */
export async function leftovers(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const environment = await execute('cat', [`/proc/${pid}/environ`]).then(
      ({ stdout }) => stdout,
      () => '',
    );
    if (environment.includes(`${RUN_VARIABLE}=`) && (await runsIn(root)).some((run) => environment.includes(run))) {
      found.push(`process ${pid}`);
    }
  }
  const state = join(root, '.infrabuilder', 'e2e');
  if (existsSync(state)) found.push(...readdirSync(state).map((name) => `state ${name}`));
  return found;
}

async function runsIn(root: string): Promise<string[]> {
  const results = join(root, 'e2e', 'results');
  if (!existsSync(results)) return [];
  return readdirSync(results).flatMap((name) => readdirSync(join(results, name)));
}
