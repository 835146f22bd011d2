import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, errorMessage, HumanError } from '../../core/base/errors.ts';
import { Emitter } from '../../core/base/event.ts';
import { FAULTS } from '../../core/model/scenario.ts';
import type { Journal } from '../reap/journal.ts';
import type { Fault, FaultTarget, FaultType, Injection, Proof } from './fault.ts';
import { clockSkew } from './faults/clock_skew.ts';
import { dataCorruption } from './faults/data_corruption.ts';
import { networkLatency } from './faults/network_latency.ts';
import { networkPartition } from './faults/network_partition.ts';
import { resourceConstraint } from './faults/resource_constraint.ts';
import { serviceRestart } from './faults/service_restart.ts';

/** A new fault is one file and one line here. */
const TABLE: Record<FaultType, Fault> = {
  network_latency: networkLatency,
  network_partition: networkPartition,
  service_restart: serviceRestart,
  resource_constraint: resourceConstraint,
  data_corruption: dataCorruption,
  clock_skew: clockSkew,
};

const RECOVERY_MS = 30_000;
const RECOVERY_LOOK_MS = 50;

export interface FaultRequest {
  readonly type: string;
  /** Name of a target. */
  readonly target: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Resolves by itself after so long; without it some faults have a length of their own, others last until resolved. */
  readonly durationMs?: number;
}

/**
 * `active`: proven and in place. `resolved`: gone, recovery proven. `not-run`: this machine or target cannot have it.
 * `unproven`: it was put in place but had no effect that we could see, and was taken away. `unresolved`: it could not be
 * taken away, or the target did not recover.
 */
export type FaultState = 'active' | 'resolved' | 'not-run' | 'unproven' | 'unresolved';

/** All about one fault; times are milliseconds since the epoch. */
export interface FaultRecord {
  readonly id: string;
  readonly type: FaultType;
  readonly target: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly state: FaultState;
  readonly method?: string;
  /** When the injection began: its effects may show from here on. */
  readonly injectedAt?: number;
  readonly proof?: Proof;
  readonly resolvedAt?: number;
  readonly recovery?: Proof;
  /** From the order to resolve until the target was seen well. */
  readonly recoveryMs?: number;
  readonly reason?: string;
}

interface Entry {
  record: FaultRecord;
  injecting: Promise<unknown> | undefined;
  injection: Injection | undefined;
  timer: NodeJS.Timeout | undefined;
  resolving: Promise<FaultRecord> | undefined;
}

/** Injects and resolves the faults of one run. */
export class FaultController {
  readonly changed = new Emitter<FaultRecord>();
  readonly #targets: ReadonlyMap<string, FaultTarget>;
  readonly #journal: Journal;
  readonly #entries = new Map<string, Entry>();
  #next = 1;

  constructor(targets: readonly FaultTarget[], journal: Journal) {
    this.#targets = new Map(targets.map((target) => [target.name, target]));
    this.#journal = journal;
  }

  get records(): readonly FaultRecord[] {
    return [...this.#entries.values()].map((entry) => entry.record);
  }

  /**
   * Puts a fault in place and proves it. Rejects with HumanError for a wrong request (type, target, parameters); what the
   * machine refuses comes back as a record with a reason.
   */
  async inject(request: FaultRequest): Promise<FaultRecord> {
    const fault = this.#faultOf(request);
    const target = this.#targetOf(request);
    const parsed = fault.params.safeParse(request.params ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue?.path.join('.') ?? '';
      throw new HumanError(
        'chaos.bad-param',
        `The fault ${request.type} cannot use its parameters: ${where === '' ? '' : `${where}: `}${issue?.message}.`,
      );
    }
    const type = request.type as FaultType;
    const id = `f${this.#next++}-${type}`;
    const params = parsed.data as Record<string, unknown>;
    const entry: Entry = {
      record: { id, type, target: target.name, params, state: 'active' },
      injecting: undefined,
      injection: undefined,
      timer: undefined,
      resolving: undefined,
    };
    this.#entries.set(id, entry);
    const injectedAt = Date.now();
    try {
      const injecting = fault.inject({ id, target, params, journal: this.#journal });
      entry.injecting = injecting.catch(() => undefined);
      entry.injection = await injecting;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) {
        this.#entries.delete(id);
        throw error;
      }
      const hint = error.hint === undefined ? '' : ` ${error.hint}`;
      return this.#set(entry, { state: 'not-run', reason: error.message + hint });
    }
    const injection = entry.injection;
    this.#set(entry, { method: injection.method, injectedAt });
    const proof = await injection
      .prove()
      .catch((error: unknown): Proof => ({ holds: false, expected: 'a proof', observed: errorMessage(error) }));
    this.#set(entry, { proof });
    if (!proof.holds) {
      await this.resolve(id);
      if (entry.record.state === 'resolved')
        this.#set(entry, { state: 'unproven', reason: `Expected: ${proof.expected}. Observed: ${proof.observed}.` });
      return entry.record;
    }
    const durationMs = request.durationMs ?? injection.defaultMs;
    if (durationMs !== undefined && entry.resolving === undefined)
      entry.timer = setTimeout(() => void this.resolve(id), durationMs);
    return entry.record;
  }

  /** Takes a fault away and waits until its target is well. Never rejects for what goes wrong: the record says it. */
  resolve(id: string): Promise<FaultRecord> {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new HumanError('chaos.unknown-fault', `There is no fault ${id}.`);
    entry.resolving ??= this.#resolve(entry);
    return entry.resolving;
  }

  /** Resolves what is left, the latest first. */
  async resolveAll(): Promise<readonly FaultRecord[]> {
    for (const id of [...this.#entries.keys()].reverse()) await this.resolve(id);
    return this.records;
  }

  async #resolve(entry: Entry): Promise<FaultRecord> {
    clearTimeout(entry.timer);
    // A cancel may come while the fault is being put in place.
    await entry.injecting;
    const { injection } = entry;
    if (injection === undefined) return entry.record;
    const began = Date.now();
    try {
      await injection.resolve();
    } catch (error) {
      return this.#set(entry, { state: 'unresolved', reason: errorMessage(error) });
    }
    let recovery: Proof;
    for (;;) {
      recovery = await injection
        .recovered()
        .catch((error: unknown): Proof => ({ holds: false, expected: 'recovery', observed: errorMessage(error) }));
      if (recovery.holds || Date.now() - began > RECOVERY_MS) break;
      await sleep(RECOVERY_LOOK_MS);
    }
    const now = Date.now();
    return recovery.holds
      ? this.#set(entry, { state: 'resolved', resolvedAt: began, recovery, recoveryMs: now - began })
      : this.#set(entry, {
          state: 'unresolved',
          resolvedAt: began,
          recovery,
          reason: `${recovery.expected}: ${recovery.observed}`,
        });
  }

  #set(entry: Entry, change: Partial<FaultRecord>): FaultRecord {
    entry.record = { ...entry.record, ...change };
    this.changed.fire(entry.record);
    return entry.record;
  }

  #faultOf(request: FaultRequest): Fault {
    const fault = Object.hasOwn(TABLE, request.type) ? TABLE[request.type as FaultType] : undefined;
    if (fault === undefined)
      throw new HumanError(
        'chaos.unknown',
        `There is no fault "${request.type}".`,
        `Known faults: ${FAULTS.join(', ')}.`,
      );
    return fault;
  }

  #targetOf(request: FaultRequest): FaultTarget {
    const target = this.#targets.get(request.target);
    if (target === undefined) {
      throw new HumanError(
        'chaos.unknown-target',
        `There is no target "${request.target}".`,
        `Targets of this run: ${[...this.#targets.keys()].join(', ') || 'none'}.`,
      );
    }
    return target;
  }
}
