import { HumanError } from '../../core/base/errors.ts';
import { FAULTS, type Fault, type Scenario } from '../../core/model/scenario.ts';
import type { PlannedFault } from '../../core/model/scenarioPlan.ts';

/** What faults can hit in a run. Receivers stand behind a proxy; the agent has processes only. */
export const TARGETS = {
  otelcol: 'receiver',
  'sketch-merger': 'receiver',
  agent: 'process',
} as const;
export type TargetName = keyof typeof TARGETS;

/** Which kind of target a fault needs, and the one it hits when none is named. */
const HITS: Record<Fault, { readonly kind: (typeof TARGETS)[TargetName]; readonly target: TargetName }> = {
  network_latency: { kind: 'receiver', target: 'otelcol' },
  network_partition: { kind: 'receiver', target: 'otelcol' },
  service_restart: { kind: 'receiver', target: 'otelcol' },
  resource_constraint: { kind: 'process', target: 'agent' },
  data_corruption: { kind: 'receiver', target: 'otelcol' },
  clock_skew: { kind: 'receiver', target: 'otelcol' },
};

const SECONDS = /^(.+)_seconds$/;
/** These are in seconds for the fault too. */
const KEPT = new Set(['offset_seconds']);

/** A fault that is left to itself lasts this long, unless it has a length of its own (a restart has its downtime). */
const DEFAULT_SECONDS = 10;
/** A restart that is over before anybody calls proves nothing. */
const DEFAULT_DOWNTIME_MS = 5000;

/** Faults of a scenario by time. Throws HumanError for a target that this run does not have, or that cannot be hit so. */
export function plannedFaults({ failures }: Scenario): PlannedFault[] {
  return failures
    .map((failure) =>
      plannedFault({
        type: failure.type,
        target: failure.target,
        params: failure.params ?? {},
        atSeconds: failure.at_seconds ?? 0,
        durationSeconds: failure.duration_seconds,
      }),
    )
    .sort((a, b) => a.atSeconds - b.atSeconds);
}

export function plannedFault(given: {
  readonly type: string;
  readonly target: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  readonly atSeconds: number;
  readonly durationSeconds: number | undefined;
}): PlannedFault {
  const hit = Object.hasOwn(HITS, given.type) ? HITS[given.type as Fault] : undefined;
  if (hit === undefined) {
    throw new HumanError('chaos.unknown', `There is no fault "${given.type}".`, `Known faults: ${FAULTS.join(', ')}.`);
  }
  const target = given.target ?? hit.target;
  const kind = Object.hasOwn(TARGETS, target) ? TARGETS[target as TargetName] : undefined;
  if (kind === undefined) {
    throw new HumanError(
      'chaos.unknown-target',
      `The fault ${given.type} is to hit "${target}", which an embedded run does not have.`,
      `Targets: ${Object.keys(TARGETS).join(', ')}.`,
    );
  }
  if (kind !== hit.kind) {
    const fit = Object.entries(TARGETS).filter(([, each]) => each === hit.kind);
    throw new HumanError(
      'chaos.wrong-target',
      `The fault ${given.type} cannot hit "${target}".`,
      `It can hit: ${fit.map(([name]) => name).join(', ')}.`,
    );
  }
  const own = given.type === 'service_restart';
  const params = { ...(own && { downtime_ms: DEFAULT_DOWNTIME_MS }), ...milliseconds(given.params) };
  const durationSeconds = given.durationSeconds ?? (own ? undefined : DEFAULT_SECONDS);
  return { type: given.type, target, params, atSeconds: given.atSeconds, durationSeconds };
}

/** `downtime_seconds: 5` is `downtime_ms: 5000`. */
function milliseconds(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const stem = KEPT.has(name) ? undefined : SECONDS.exec(name)?.[1];
      return stem === undefined || typeof value !== 'number' ? [name, value] : [`${stem}_ms`, value * 1000];
    }),
  );
}

/** Seconds that a fault lasts. */
export function faultSeconds({ durationSeconds, params }: PlannedFault): number {
  if (durationSeconds !== undefined) return durationSeconds;
  return typeof params.downtime_ms === 'number' ? params.downtime_ms / 1000 : 1;
}
