import type { ProcessInfo } from './types.ts';

export interface TreeState {
  /** All that are followed by their pid, zombies included. */
  readonly followed: ReadonlyMap<number, ProcessInfo>;
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
  #members: ReadonlyMap<number, ProcessInfo> = new Map();
  /** By survivor: children time that no ended member explains yet, or below 0 what ended members are short of. */
  #carried: ReadonlyMap<number, number> = new Map();
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
    const rows = new Map<number, ProcessInfo>();
    for (const info of table) rows.set(info.pid, info);
    const now = this.#select(rows);
    const missing = this.#settle(now);
    this.#members = now;
    const members: ProcessInfo[] = [];
    let total = this.#ended + missing;
    for (const info of now.values()) {
      total += ownCpuMs(info) + info.childrenCpuMs;
      if (!info.zombie) members.push(info);
    }
    this.#baseline ??= total;
    // A child that is waited for while the table is read can be seen twice or not at all; the next snapshot is right.
    this.#highest = Math.max(this.#highest, total - this.#baseline);
    return { followed: now, members, cpuMs: this.#highest };
  }

  #select(rows: ReadonlyMap<number, ProcessInfo>): Map<number, ProcessInfo> {
    if (this.#session === undefined) this.#session = rows.get(this.#root)?.session === this.#root ? this.#root : 0;
    const first = this.#baseline === undefined;
    const verdicts = new Map<number, boolean>();
    const belongs = (info: ProcessInfo): boolean => {
      const known = verdicts.get(info.pid);
      if (known !== undefined) return known;
      verdicts.set(info.pid, false);
      const parent = rows.get(info.parent);
      const member =
        this.#members.get(info.pid)?.start === info.start ||
        (first && info.pid === this.#root) ||
        (this.#session !== 0 && info.session === this.#session) ||
        (parent !== undefined && belongs(parent));
      verdicts.set(info.pid, member);
      return member;
    };
    const members = new Map<number, ProcessInfo>();
    for (const info of rows.values()) if (belongs(info)) members.set(info.pid, info);
    return members;
  }

  /**
   * Settles what members that ended had used. The survivor that waited for them shows it as children time; what does not
   * show was lost and is kept here. A table is not read in one moment, so either side may come one snapshot late: the
   * difference is carried that long before it counts for good. Returns what counts for now.
   */
  #settle(now: ReadonlyMap<number, ProcessInfo>): number {
    const survives = (member: ProcessInfo) => now.get(member.pid)?.start === member.start;
    const owed = new Map<number, number>();
    for (const member of this.#members.values()) {
      if (survives(member)) continue;
      const short = Math.max(0, -(this.#carried.get(member.pid) ?? 0));
      const total = member.cpuMs + member.childrenCpuMs + short;
      const heir = this.#nearest(member, survives);
      if (heir === undefined) this.#ended += total;
      else owed.set(heir, (owed.get(heir) ?? 0) + total);
    }
    const carried = new Map<number, number>();
    let missing = 0;
    for (const before of this.#members.values()) {
      const info = now.get(before.pid);
      if (info === undefined || info.start !== before.start) continue;
      const balance = info.childrenCpuMs - before.childrenCpuMs - (owed.get(info.pid) ?? 0);
      const late = this.#carried.get(info.pid) ?? 0;
      const matched = late * balance < 0 ? Math.min(Math.abs(late), Math.abs(balance)) : 0;
      this.#ended += Math.max(0, -late - matched);
      const rest = balance - Math.sign(balance) * matched;
      if (rest !== 0) carried.set(info.pid, rest);
      missing += Math.max(0, -rest);
    }
    this.#carried = carried;
    return missing;
  }

  /** The closest ancestor, as the last snapshot had it, that survives: whoever waits, waits for it in the end. */
  #nearest(member: ProcessInfo, survives: (member: ProcessInfo) => boolean): number | undefined {
    const seen = new Set<number>();
    let next = this.#members.get(member.parent);
    while (next !== undefined && !seen.has(next.pid)) {
      if (survives(next)) return next.pid;
      seen.add(next.pid);
      next = this.#members.get(next.parent);
    }
    return undefined;
  }
}
