import { HumanError } from '../../core/base/errors.ts';
import type { Config } from '../../core/model/config.ts';
import type { Goal } from '../../core/model/goal.ts';
import { isKpi, KPIS } from '../../core/model/kpi.ts';
import type { Scenario } from '../../core/model/scenario.ts';
import type { PlannedLimit } from '../../core/model/scenarioPlan.ts';
import type { Threshold } from '../../core/model/threshold.ts';
import { convert } from '../../core/model/units.ts';

export interface Limits {
  readonly limits: readonly PlannedLimit[];
  /** Goals of the scenario that its run judges. */
  readonly goals: readonly string[];
  /** Goals of the scenario that other checks judge. */
  readonly others: readonly string[];
}

/**
 * The limits of a run: those of the scenario, then those of the KPI goals that it names; both hold where both are there.
 * `goal` narrows to one goal. Throws HumanError for an unknown KPI, a wrong unit, or a goal that no run can judge.
 */
export function limitsOf(scenario: Scenario, config: Config, goal: string | undefined): Limits {
  const named = new Set(goal === undefined ? scenario.blueprint_goals : [goal]);
  const wanted = config.goals.filter(({ id, applies }) => named.has(id) && applies !== false);
  const only = goal === undefined ? undefined : config.goals.find(({ id }) => id === goal);
  if (goal !== undefined) checkGoal(goal, only, config);
  const limits = new Map<string, PlannedLimit>();
  const own = scenario.validation?.kpis ?? {};
  const wantedKpis = only === undefined ? undefined : new Set(kpisOf(only));
  for (const [kpi, limit] of Object.entries(own)) {
    const normal = normalise(`scenario ${scenario.name}`, kpi, limit);
    if (wantedKpis === undefined || wantedKpis.has(kpi)) {
      const goals = wanted.filter((each) => kpisOf(each).includes(kpi)).map(({ id }) => id);
      limits.set(kpi, { kpi, ...normal, goals });
    }
  }
  for (const each of wanted) {
    if (each.kind !== 'kpi') continue;
    for (const [kpi, limit] of Object.entries(each.kpis)) {
      const normal = normalise(`goal ${each.id}`, kpi, limit);
      limits.set(kpi, stricter({ kpi, ...normal, goals: [each.id] }, limits.get(kpi)));
    }
  }
  const judged = wanted.filter(isJudged).map(({ id }) => id);
  return { limits: [...limits.values()], goals: judged, others: [...named].filter((id) => !judged.includes(id)) };
}

function isJudged({ kind }: Goal): boolean {
  return kind === 'kpi' || kind === 'event' || kind === 'runbook';
}

/** The KPIs that a goal hangs on; of an event goal those that faults answer to. */
export function kpisOf(goal: Goal): readonly string[] {
  if (goal.kind === 'kpi') return Object.keys(goal.kpis);
  return goal.kind === 'event' ? ['diag_events', 'recovery_time', 'data_loss'] : [];
}

function checkGoal(id: string, goal: Goal | undefined, config: Config): void {
  if (goal === undefined) {
    throw new HumanError(
      'goal.unknown',
      `No goal is called ${id}.`,
      `Goals: ${config.goals.map((each) => each.id).join(', ')}.`,
    );
  }
  if (!isJudged(goal)) {
    throw new HumanError(
      'goal.not-by-scenario',
      `${id} (${goal.title}) is not judged by a scenario.`,
      `Run: infrabuilder verify --goal ${id}`,
    );
  }
}

function normalise(where: string, kpi: string, limit: Threshold): { min?: number; max?: number; unit: string } {
  if (!isKpi(kpi)) {
    throw new HumanError(
      'scenario.unknown-kpi',
      `The ${where} limits the KPI "${kpi}", which nothing measures.`,
      `Known KPIs: ${Object.keys(KPIS).join(', ')}.`,
    );
  }
  const unit = KPIS[kpi].units[0];
  const factor = limit.unit === undefined ? 1 : convert(1, limit.unit, unit);
  if (factor === undefined) {
    throw new HumanError(
      'scenario.unit-mismatch',
      `The ${where} limits ${kpi} in "${limit.unit}", but it is measured in ${unit}.`,
      `Write "unit: ${unit}", and check the limit.`,
    );
  }
  return {
    ...(limit.min !== undefined && { min: limit.min * factor }),
    ...(limit.max !== undefined && { max: limit.max * factor }),
    unit,
  };
}

function stricter(limit: PlannedLimit, other: PlannedLimit | undefined): PlannedLimit {
  if (other === undefined) return limit;
  const min = Math.max(limit.min ?? Number.NEGATIVE_INFINITY, other.min ?? Number.NEGATIVE_INFINITY);
  const max = Math.min(limit.max ?? Number.POSITIVE_INFINITY, other.max ?? Number.POSITIVE_INFINITY);
  return {
    kpi: limit.kpi,
    ...(Number.isFinite(min) && { min }),
    ...(Number.isFinite(max) && { max }),
    unit: limit.unit,
    goals: [...new Set([...other.goals, ...limit.goals])],
  };
}
