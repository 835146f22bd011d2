import type { ProcessInfo } from './types.ts';

interface Member {
  readonly info: ProcessInfo;
  readonly total: number;
}

export interface TreeState {
  /** All that are followed, zombies included. */
  readonly pids: ReadonlySet<number>;
  /** Those that live. */
  readonly members: readonly ProcessInfo[];
  /** CPU milliseconds since the first update, ended members included. */
  readonly cpuMs: number;
}

/**
 * Follows a process and all that it starts over snapshots of the process table. Once a member, always a member: a child
 * whose parent ended stays, and where the root leads a session, so does everything in it. CPU is the members' own time
 * plus that of the children they waited for; what an ended member had used stays counted also when nobody waited for it.
 */
export class ProcessTree {
  readonly #root: number;
  #members = new Map<string, Member>();
  #carried: ReadonlyMap<string, number> = new Map();
  /** CPU of ended members that no survivor shows. */
  #ended = 0;
  #baseline: number | undefined;
  #highest = 0;
  #session: number | undefined;

  constructor(root: number) {
    this.#root = root;
  }

  /**
   * Takes one snapshot of the process table; rows that are no members are ignored. `ownCpuMs` may know a member's own time
   * better than the table.
   */
  update(table: Iterable<ProcessInfo>, ownCpuMs = ({ cpuMs }: ProcessInfo) => cpuMs): TreeState {
    const living = this.#select([...table]);
    const missing = this.#settle(living);
    this.#members = new Map(living.map((info) => [keyOf(info), { info, total: info.cpuMs + info.childrenCpuMs }]));
    let total = this.#ended + missing;
    for (const info of living) total += ownCpuMs(info) + info.childrenCpuMs;
    this.#baseline ??= total;
    // A child that is waited for while the table is read can be seen twice or not at all; the next snapshot is right.
    this.#highest = Math.max(this.#highest, total - this.#baseline);
    const pids = new Set(living.map(({ pid }) => pid));
    return { pids, members: living.filter(({ zombie }) => !zombie), cpuMs: this.#highest };
  }

  #select(table: readonly ProcessInfo[]): ProcessInfo[] {
    const byPid = new Map(table.map((info) => [info.pid, info]));
    const root = byPid.get(this.#root);
    if (this.#session === undefined) this.#session = root?.session === this.#root ? this.#root : 0;
    const first = this.#members.size === 0 && this.#baseline === undefined;
    const verdicts = new Map<number, boolean>();
    const belongs = (info: ProcessInfo): boolean => {
      const known = verdicts.get(info.pid);
      if (known !== undefined) return known;
      verdicts.set(info.pid, false);
      const parent = byPid.get(info.parent);
      const member =
        (first && info.pid === this.#root) ||
        this.#members.has(keyOf(info)) ||
        (this.#session !== 0 && info.session === this.#session) ||
        (parent !== undefined && parent !== info && belongs(parent));
      verdicts.set(info.pid, member);
      return member;
    };
    return table.filter(belongs);
  }

  /**
   * Settles what members that ended had used. The survivor that waited for them shows it as children time; what does not
   * show was lost and is kept here. A table is not read in one moment, so either side may come one snapshot late: the
   * difference is carried that long before it counts for good. Returns what counts for now.
   */
  #settle(living: readonly ProcessInfo[]): number {
    const now = new Map(living.map((info) => [keyOf(info), info]));
    const byPid = new Map([...this.#members.values()].map((member) => [member.info.pid, member]));
    const owed = new Map<string, number>();
    for (const [key, member] of this.#members) {
      if (now.has(key)) continue;
      const total = member.total + Math.max(0, -(this.#carried.get(key) ?? 0));
      const heir = nearestSurvivor(member, byPid, now);
      if (heir === undefined) this.#ended += total;
      else owed.set(heir, (owed.get(heir) ?? 0) + total);
    }
    const carried = new Map<string, number>();
    let missing = 0;
    for (const [key, info] of now) {
      const before = this.#members.get(key)?.info;
      if (before === undefined) continue;
      const balance = info.childrenCpuMs - before.childrenCpuMs - (owed.get(key) ?? 0);
      const late = this.#carried.get(key) ?? 0;
      const matched = late * balance < 0 ? Math.min(Math.abs(late), Math.abs(balance)) : 0;
      this.#ended += Math.max(0, -late - matched);
      const rest = balance - Math.sign(balance) * matched;
      carried.set(key, rest);
      missing += Math.max(0, -rest);
    }
    this.#carried = carried;
    return missing;
  }
}

function nearestSurvivor(
  member: Member,
  byPid: ReadonlyMap<number, Member>,
  now: ReadonlyMap<string, ProcessInfo>,
): string | undefined {
  const seen = new Set<number>();
  for (let next = byPid.get(member.info.parent); next !== undefined; next = byPid.get(next.info.parent)) {
    const key = keyOf(next.info);
    if (now.has(key)) return key;
    if (seen.has(next.info.pid)) return undefined;
    seen.add(next.info.pid);
  }
  return undefined;
}

function keyOf({ pid, start }: ProcessInfo): string {
  return `${pid} ${start}`;
}
