/** Times of a run. Tests inject shorter ones; no user can. */
export interface Timings {
  /** Start-up work is not what an agent costs. */
  readonly warmUpSeconds: number;
  /** A shorter window says `inconclusive` about CPU. */
  readonly shortestCpuSeconds: number;
  /** A fault must be answered by a new event within this. */
  readonly eventSeconds: number;
  /** After the last fault the run goes on for at least this. */
  readonly recoverySeconds: number;
  /** The agent must deliver something within this. */
  readonly startSeconds: number;
  /** After a change of settings or a fault, events of what was before may still come for so long. */
  readonly settleSeconds: number;
}

export const TIMINGS: Timings = {
  warmUpSeconds: 10,
  shortestCpuSeconds: 60,
  eventSeconds: 30,
  recoverySeconds: 20,
  startSeconds: 20,
  settleSeconds: 5,
};
