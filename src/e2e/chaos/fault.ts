import type { z } from 'zod';
import { EnvironmentError, HumanError } from '../../core/base/errors.ts';
import type { FAULTS } from '../../core/model/scenario.ts';
import type { Journal } from '../reap/journal.ts';
import type { Service } from '../services/service.ts';
import type { Probe } from './probe.ts';
import type { ProxyApi } from './proxy/client.ts';

export type FaultType = (typeof FAULTS)[number];

/** Something that faults can hit. What is missing limits which faults: each says which part it needs. */
export interface FaultTarget {
  readonly name: string;
  /** The proxy that the target's clients connect through. */
  readonly proxy?: { readonly api: ProxyApi; readonly name: string };
  /** The process to restart. */
  readonly service?: Pick<Service, 'name' | 'pid' | 'running' | 'end' | 'start'>;
  /** Processes to constrain, when they are not those of `service`. */
  readonly pids?: () => readonly number[];
  /** Absolute paths of files to damage. */
  readonly files?: readonly string[];
  /** Looks at the target, through the proxy where there is one. */
  readonly probe?: Probe;
}

/** Whether something was seen; both texts are for a person. */
export interface Proof {
  readonly holds: boolean;
  readonly expected: string;
  readonly observed: string;
}

export interface FaultContext<P> {
  readonly id: string;
  readonly target: FaultTarget;
  readonly params: P;
  readonly journal: Journal;
}

/** A fault that is in place. */
export interface Injection {
  /** How it was done: `proxy toxic`, `cgroup v1`, `prlimit`. */
  readonly method: string;
  /** Looks whether the fault is really there. */
  prove(): Promise<Proof>;
  /** Takes it away. */
  resolve(): Promise<void>;
  /** Looks once whether all is as it was before. */
  recovered(): Promise<Proof>;
  /** How long it lasts when nobody says. */
  readonly defaultMs?: number;
}

/**
 * One kind of fault. `inject` throws EnvironmentError where this machine or target cannot have it (the fault is `not-run`
 * then) and HumanError where the request is wrong.
 */
export interface Fault<S extends z.ZodType = z.ZodType> {
  readonly params: S;
  inject(context: FaultContext<z.output<S>>): Promise<Injection>;
}

/** Keeps the parameters' type between schema and `inject`. */
export function defineFault<S extends z.ZodType>(fault: Fault<S>): Fault {
  return fault as unknown as Fault;
}

export function notPossible(reason: string, hint?: string): EnvironmentError {
  return new EnvironmentError('chaos.not-possible', reason, hint);
}

/** A part of the target that a fault cannot do without. */
export function need<T>(part: T | undefined, target: FaultTarget, what: string): T {
  if (part !== undefined) return part;
  throw new HumanError(
    'chaos.wrong-target',
    `The target ${target.name} has no ${what}.`,
    'Choose another target or another fault.',
  );
}

/** The probe's recovery: it must answer. */
export async function answers(probe: Probe): Promise<Proof> {
  const look = await probe.look();
  return {
    holds: look.ok,
    expected: `${probe.name} answers`,
    observed: `${look.detail} after ${Math.round(look.ms)} ms`,
  };
}
