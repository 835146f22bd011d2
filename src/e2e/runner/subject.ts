import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../core/base/errors.ts';
import { openEyes } from '../oracle/liveProc.ts';
import { Witness } from '../oracle/liveWitness.ts';
import { type AccountingGroup, makeAccountingGroup, planAccountingGroup } from '../profiling/linux/cgroup.ts';
import { recordProfile } from '../profiling/recorder.ts';
import { createSampler } from '../profiling/sampler.ts';
import type { Journal } from '../reap/journal.ts';
import type { AgentProcess } from './agentProcess.ts';

const PROFILE_HZ = 2;
const FOLLOW_MS = 150;

/** An agent that is measured: its cost is recorded, and our own eyes look at the system at its beat. */
export class Subject {
  readonly agent: AgentProcess;
  readonly profileFile: string;
  readonly looksFile: string;
  /** Milliseconds since the epoch. */
  profileBegan = 0;
  profileError: string | undefined;
  stepMs = 10;
  /** False where the system does not let us look. */
  sees = false;
  readonly #journal: Journal;
  readonly #received: string;
  readonly #intervalMs: number;
  #witness: Witness | undefined;
  #following: NodeJS.Timeout | undefined;
  #finished = false;
  #offset = 0;
  #latest = 0;
  #profiling: Promise<void> = Promise.resolve();
  readonly #stopProfile = new AbortController();
  #group: { readonly group: AccountingGroup; readonly debt: number } | undefined;

  /** `received` is the file of the receiver that the agent delivers to. */
  constructor(agent: AgentProcess, received: string, intervalMs: number, journal: Journal) {
    this.agent = agent;
    this.#received = received;
    this.#intervalMs = intervalMs;
    this.#journal = journal;
    this.profileFile = join(agent.folder, 'profile.jsonl');
    this.looksFile = join(agent.folder, 'looks.jsonl');
  }

  /** When the agent's last tick that arrived was taken, as it says; 0 before the first. */
  get latestTick(): number {
    return this.#latest;
  }

  async start(): Promise<void> {
    await this.agent.start();
    const eyes = openEyes();
    if (eyes !== undefined) {
      this.sees = true;
      this.stepMs = eyes.stepMs;
      this.#witness = new Witness(eyes, this.looksFile, this.#intervalMs);
    }
    await this.#account();
    this.profileBegan = Date.now();
    this.#profiling = this.#profile();
    this.#following = setTimeout(() => void this.#follow(), FOLLOW_MS);
  }

  /** Ends the looks and the recording; the agent itself is stopped by its owner before. */
  async finish(): Promise<void> {
    this.#finished = true;
    clearTimeout(this.#following);
    this.#witness?.dispose();
    this.#stopProfile.abort();
    await this.#profiling;
    if (this.#group !== undefined) {
      await this.#group.group.remove().then(
        () => this.#journal.forgive(this.#group?.debt ?? 0),
        () => undefined,
      );
    }
  }

  stopProfile(): void {
    this.#stopProfile.abort();
  }

  async #account(): Promise<void> {
    if (process.platform !== 'linux') return;
    const { identity } = this.agent.child;
    const plan = planAccountingGroup(identity.pid, `infrabuilder-${this.#journal.run}-${this.agent.name}`);
    if (plan === undefined) return;
    const home = join(plan.folder, '..', 'cgroup.procs');
    const debt = this.#journal.owe({ kind: 'cgroup', path: plan.folder, members: [{ ...identity, home }] });
    const group = await makeAccountingGroup(plan, [identity.pid]);
    if (group === undefined) this.#journal.forgive(debt);
    else this.#group = { group, debt };
  }

  async #profile(): Promise<void> {
    const sampler = createSampler(this.agent.pid, this.#group?.group);
    try {
      await recordProfile(sampler, {
        pid: this.agent.pid,
        file: this.profileFile,
        hz: PROFILE_HZ,
        signal: this.#stopProfile.signal,
      });
    } catch (error) {
      this.profileError = errorMessage(error);
    } finally {
      await sampler.dispose();
    }
  }

  /** Reads what arrived since the last time, and tells the witness when the subject ticks. */
  async #follow(): Promise<void> {
    const text = await this.#news().catch(() => '');
    for (const line of text.split('\n')) {
      if (!line.includes('resourceMetrics') || !line.includes(this.agent.nonce)) continue;
      const times = [...line.matchAll(/"timeUnixNano":"(\d+)"/g)].map(([, nanos]) => Number(nanos) / 1e6);
      const last = Math.max(this.#latest, ...times);
      if (last > this.#latest && last <= Date.now()) {
        this.#latest = last;
        this.#witness?.follow(last);
      }
    }
    if (!this.#finished) this.#following = setTimeout(() => void this.#follow(), FOLLOW_MS);
  }

  async #news(): Promise<string> {
    const { size } = await stat(this.#received);
    if (size <= this.#offset) return '';
    const file = await open(this.#received);
    try {
      const bytes = Buffer.alloc(size - this.#offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
      const whole = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
      this.#offset += whole;
      return bytes.toString('latin1', 0, whole);
    } finally {
      await file.close();
    }
  }
}
