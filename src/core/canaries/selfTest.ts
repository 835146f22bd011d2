import { type GoalState, holdsNow } from '../goals/goalState.ts';
import type { Clock, Scratch } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { Bench } from './bench.ts';
import { type CanaryResult, switchedOff } from './result.ts';
import { knownOf, Run, type RunOptions } from './run.ts';

export interface SelfTestPorts {
  readonly scratch: Scratch;
  readonly clock: Clock;
  readonly workspace: Bench;
  /** The bench of a copy. */
  open(root: string): Bench;
}

export interface SelfTestOptions extends RunOptions {
  /** Only these goals. */
  readonly goals?: readonly string[] | undefined;
}

/**
 * Proves that each gate can still fail: plants one defect at a time in a copy of the workspace, measures its goal there as a
 * checkpoint does, and takes the defect back. Gives the canaries in the order of the goals, at least one for each. The
 * workspace itself is only read. Rejects with CancelledError when stopped and with HumanError for an unknown goal; whatever
 * the end, the copy is gone.
 */
export async function runSelfTest(
  ports: SelfTestPorts,
  snapshot: Snapshot,
  options: SelfTestOptions,
): Promise<readonly CanaryResult[]> {
  const { scratch, workspace } = ports;
  const { signal, onProgress: say } = options;
  const known = await workspace.goals.verify(snapshot, { goals: options.goals, measure: false, signal });
  const goals = known.goals.map(({ goal }) => goal);
  if (goals.every(({ applies }) => applies === false)) return goals.map(switchedOff);
  for (const left of await scratch.abandoned()) {
    if (left.root !== undefined) await ports.open(left.root).resolve();
    await left.dispose();
    say?.('removed a copy that an earlier run had left');
  }
  const { paths } = snapshot.config;
  say?.('copy the workspace');
  const copy = await scratch.copy({ without: ['.infrabuilder', `${paths.e2e}/results`], signal });
  try {
    const run = new Run(ports.open(copy.root), ports.clock, options);
    return await run.all(goals, knownOf(known, isMeasured));
  } finally {
    await copy.dispose();
  }
}

function isMeasured(state: GoalState): boolean {
  return holdsNow(state) || (state.fresh && state.verdict === 'fail');
}
