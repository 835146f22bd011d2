import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import { type Child, startChild } from '../reap/child.ts';
import type { Journal } from '../reap/journal.ts';
import { fill, type Placeholders, runSettings } from './agentSpec.ts';

/** A line of the agent's log that is a diagnostic event of this run. */
export interface LoggedEvent {
  /** When it came out, on our clock. */
  readonly at: number;
  readonly text: string;
  readonly severity: string;
}

/** What an agent may write before it counts as a flood: in all, and each second. */
const LOG_BYTES = 32 * 1024 * 1024;
export const FLOOD_BYTES_PER_SECOND = 256 * 1024;

export interface AgentOptions {
  readonly name: string;
  readonly spec: AgentSpec;
  readonly nonce: string;
  /** Absolute, of this agent alone. */
  readonly folder: string;
  readonly cwd: string;
  readonly binary: string;
  readonly endpoint: string;
  readonly sketchEndpoint: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The word that marks a diagnostic event. */
  readonly marker: string;
  readonly journal: Journal;
}

/** One agent under test. */
export class AgentProcess {
  readonly name: string;
  readonly nonce: string;
  readonly folder: string;
  readonly events: LoggedEvent[] = [];
  /** Where it serves pprof, once it said so. */
  pprof: string | undefined;
  logBytes = 0;
  startedAt = 0;
  readonly #options: AgentOptions;
  readonly #values: Placeholders;
  #settings: Record<string, unknown>;
  #child: Child | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.name = options.name;
    this.nonce = options.nonce;
    this.folder = options.folder;
    this.#values = {
      binary: options.binary,
      config: join(options.folder, 'config.json'),
      out: join(options.folder, 'out'),
      nonce: options.nonce,
      endpoint: options.endpoint,
      sketch_endpoint: options.sketchEndpoint,
    };
    this.#settings = { ...options.settings, ...runSettings(options.spec, this.#values) };
  }

  get pid(): number {
    return this.#child?.identity.pid ?? 0;
  }

  get child(): Child {
    if (this.#child === undefined) throw new RangeError(`The ${this.name} was never started.`);
    return this.#child;
  }

  async start(): Promise<void> {
    const { spec, journal, cwd } = this.#options;
    mkdirSync(this.folder, { recursive: true });
    this.#write();
    this.startedAt = Date.now();
    this.#child = await startChild({
      name: this.name,
      argv: spec.run.map((part) => fill(part, this.#values)),
      cwd,
      journal,
      log: join(this.folder, 'agent.log'),
      logBytes: LOG_BYTES,
      onLine: (line) => this.#take(line),
    });
  }

  /** Changes settings; before the start they are simply the ones it starts with. Says how they take effect. */
  configure(settings: Readonly<Record<string, unknown>>): string {
    this.#settings = { ...this.#settings, ...settings };
    if (this.#child === undefined) return 'it starts with them';
    this.#write();
    if (this.#options.spec.reload === 'none') return 'they take effect at its next start';
    if (process.platform === 'win32') return 'this system has no SIGHUP: they take effect at its next start';
    this.#child.signal('SIGHUP');
    return 'SIGHUP was sent';
  }

  /** Asks it to stop; `killed` when it did not within its time. */
  async stop(): Promise<{ readonly killed: boolean; readonly text: string }> {
    const { killed, code, signal } = await this.child.stop(this.#options.spec.stop_seconds * 1000);
    return { killed, text: signal === null ? `code ${code}` : signal };
  }

  /** The error of an agent that ended by itself. */
  ended(): HumanError {
    const { exit, argv, tail } = this.child;
    const how = exit?.signal ?? `code ${exit?.code ?? 'unknown'}`;
    const seconds = (((exit?.at ?? Date.now()) - this.startedAt) / 1000).toFixed(1);
    return new HumanError(
      'agent.ended',
      `The ${this.name} ended with ${how} after ${seconds} s. The command was: ${argv.join(' ')}\n${lastOutput(tail)}`,
      `Its whole output is in ${join(this.folder, 'agent.log')}.`,
    );
  }

  floods(): boolean {
    const seconds = Math.max(1, (Date.now() - this.startedAt) / 1000);
    return this.child.dropped > 0 || this.logBytes / seconds > FLOOD_BYTES_PER_SECOND;
  }

  #write(): void {
    writeFileSync(this.#values.config, `${JSON.stringify(this.#settings, undefined, 2)}\n`);
  }

  #take(line: string): void {
    this.logBytes += line.length + 1;
    const address = /pprof|profiles are served/.test(line) ? /127\.0\.0\.1:\d+/.exec(line)?.[0] : undefined;
    if (address !== undefined) this.pprof = `http://${address}`;
    if (!line.includes(this.nonce) || !line.includes(this.#options.marker)) return;
    this.events.push({ at: Date.now(), ...readEvent(line) });
  }
}

function readEvent(line: string): { text: string; severity: string } {
  try {
    const { msg, message, level } = JSON.parse(line) as { msg?: unknown; message?: unknown; level?: unknown };
    const text = typeof msg === 'string' ? msg : typeof message === 'string' ? message : line;
    return { text, severity: typeof level === 'string' ? level.toLowerCase() : '' };
  } catch {
    return { text: line, severity: '' };
  }
}

export function lastOutput(tail: readonly string[]): string {
  return tail.length === 0 ? 'It said nothing.' : `Its last output:\n${tail.slice(-10).join('\n')}`;
}
