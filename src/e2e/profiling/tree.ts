import type { ProcessInfo } from './types.ts';

interface Member {
  readonly info: ProcessInfo;
  readonly total: number;
}

export interface TreeState {
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
  #ended = 0;
  #baseline: number | undefined;
  #highest = 0;
  #session: number | undefined;

  constructor(root: number) {
    this.#root = root;
  }

  /** Takes one snapshot of the process table; rows that are no members are ignored. */
  update(table: Iterable<ProcessInfo>): TreeState {
    const living = this.#select([...table]);
    this.#ended += this.#lost(living);
    this.#members = new Map(living.map((info) => [keyOf(info), { info, total: info.cpuMs + info.childrenCpuMs }]));
    let total = this.#ended;
    for (const member of this.#members.values()) total += member.total;
    this.#baseline ??= total;
    // A child that is waited for while the table is read can be seen twice or not at all; the next snapshot is right.
    this.#highest = Math.max(this.#highest, total - this.#baseline);
    return { members: living.filter(({ zombie }) => !zombie), cpuMs: this.#highest };
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

  /** CPU of members that ended since the last snapshot and that no surviving member has taken over by waiting. */
  #lost(living: readonly ProcessInfo[]): number {
    const now = new Map(living.map((info) => [keyOf(info), info]));
    const byPid = new Map([...this.#members.values()].map((member) => [member.info.pid, member]));
    const owed = new Map<string, number>();
    let lost = 0;
    for (const [key, member] of this.#members) {
      if (now.has(key)) continue;
      const heir = nearestSurvivor(member, byPid, now);
      if (heir === undefined) lost += member.total;
      else owed.set(heir, (owed.get(heir) ?? 0) + member.total);
    }
    for (const [key, total] of owed) {
      const inherited = (now.get(key)?.childrenCpuMs ?? 0) - (this.#members.get(key)?.info.childrenCpuMs ?? 0);
      lost += Math.max(0, total - inherited);
    }
    return lost;
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
