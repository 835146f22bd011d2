import type { ScenarioEvidence } from '../../model/evidence.ts';
import type { ScenarioRun } from '../../model/scenarioRun.ts';
import { mentions } from '../../parse/mentions.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import { type Facts, type Measured, notRun, type Step } from '../step.ts';
import type { StepContext } from './validator.ts';

/** Share of the asked load that must be there, or the figures speak of another load. */
const LEAST_LOAD = 0.95;

/** A KPI without a figure concerns only the goals that ask for it. */
const NOT_MEASURED = 'e2e.not-measured';
const LOAD = /^The load was not held/;

/** One run of a scenario; it serves every goal and acceptance line that names the scenario. */
export function scenarioStep(name: string, { ports, snapshot, inputs }: StepContext): Step {
  return {
    id: `scenario:${name}`,
    beside: judgesFigures(name, snapshot) ? 'nothing' : 'scenarios',
    definition: snapshot.scenario(name)?.value ?? { name },
    inputs: [inputs.runtime, inputs.testbed, inputs.e2e],
    command: `infrabuilder e2e run --scenario=${name}`,
    async measure({ signal, say }) {
      if (ports.scenarios === undefined)
        return notRun(`Scenario ${name} was not run: there is no scenario runner here.`);
      return fromRun(await ports.scenarios.run({ scenario: name, signal, onProgress: say }));
    },
  };
}

/** KPIs that load beside a run does not change: events, and what arrived. */
const COUNTED = new Set(['diag_events', 'recovery_time', 'data_loss']);

/** Whether anything in the workspace holds a figure of this scenario against a limit that load beside it would change. */
function judgesFigures(name: string, { goals, tasks, scenario }: Snapshot): boolean {
  const own = scenario(name)?.value;
  const named = new Set(own?.blueprint_goals ?? []);
  const asked = goals.flatMap((goal) =>
    goal.kind === 'kpi' && (goal.scenario === name || named.has(goal.id)) ? Object.keys(goal.kpis) : [],
  );
  const promised = tasks.flatMap(({ acceptance }) =>
    acceptance.flatMap(({ expectation }) =>
      expectation?.where !== undefined && mentions(expectation.where, name) ? expectation.metric : [],
    ),
  );
  const kpis = [...Object.keys(own?.validation?.kpis ?? {}), ...asked, ...promised];
  return kpis.some((kpi) => !COUNTED.has(kpi));
}

function fromRun(run: ScenarioRun): Measured {
  const { verdict, reason, kpis, issues, artifacts } = run;
  return {
    verdict,
    reason,
    values: kpis,
    tests: null,
    issues,
    scenario: evidenceOf(run),
    ran: verdict !== 'not-run',
    argv: [],
    cwd: '.',
    exitCode: undefined,
    programs: ['go'],
    raw: artifacts.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), path, copy: false })),
  };
}

function evidenceOf({ run, seed, load, faults, steps, controlEvents, report }: ScenarioRun): ScenarioEvidence {
  return {
    run,
    seed,
    load: load ?? null,
    faults: faults.map(({ target, events, ...fault }) => ({ ...fault, target: target ?? null, events: [...events] })),
    steps: [...steps],
    controlEvents: controlEvents === undefined ? null : [...controlEvents],
    report: report ?? null,
  };
}

/** Why a run says nothing about any goal, or undefined where it does. */
export function unusable(facts: Facts | undefined): { verdict: Facts['verdict']; reason: string } | undefined {
  if (facts === undefined) return { verdict: 'not-run', reason: 'The scenario was not run yet.' };
  const { verdict, reason, scenario, issues } = facts;
  if (verdict === 'error' || verdict === 'not-run') return { verdict, reason };
  if (scenario === null) return { verdict: 'error', reason: 'The evidence holds no scenario run.' };
  const { load } = scenario;
  if (load !== null && !(load.asked > 0 && load.achieved >= load.asked * LEAST_LOAD)) {
    const what = `${load.achieved} of ${load.asked} ${load.unit}`;
    return { verdict: 'inconclusive', reason: `The load was not reached: ${what}.` };
  }
  const wrong = issues.find(({ severity, code }) => severity === 'error' && code !== NOT_MEASURED);
  // A subject that crashed half-way uses little CPU.
  if (wrong !== undefined) return { verdict: 'fail', reason: `The subject misbehaved: ${wrong.message}` };
  return verdict === 'inconclusive' && LOAD.test(reason) ? { verdict, reason } : undefined;
}
