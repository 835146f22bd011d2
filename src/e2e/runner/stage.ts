import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { FaultTarget } from '../chaos/fault.ts';
import { httpProbe } from '../chaos/probe.ts';
import { type Proxies, startProxies } from '../chaos/proxies.ts';
import type { Journal } from '../reap/journal.ts';
import { type ReceiverService, startReceiverService } from '../services/receiverService.ts';
import type { WorkerLauncher } from '../services/worker.ts';
import { startWorkload, type Workload } from '../workload/driver.ts';
import type { WorkloadPlan } from '../workload/plan.ts';
import { AgentProcess, lastOutput } from './agentProcess.ts';
import { Subject } from './subject.ts';
import type { Watch } from './watch.ts';

export interface StageOptions {
  /** Absolute folder for the raw data of this act. */
  readonly folder: string;
  readonly root: string;
  readonly spec: AgentSpec;
  readonly binary: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly agents: number;
  readonly control: boolean;
  readonly marker: string;
  readonly launcher: WorkerLauncher;
  readonly journal: Journal;
  readonly watch: Watch;
  readonly startSeconds: number;
}

const NONCE_BYTES = 6;

/** All that runs in one act: receivers, proxies, the workload and the agents. */
export class Stage {
  readonly otelcol: ReceiverService;
  readonly sketches: ReceiverService;
  readonly subjects: readonly Subject[];
  /** Hears of no fault; its own receiver, no proxy. */
  readonly control: Subject | undefined;
  readonly targets: readonly FaultTarget[];
  workload: Workload | undefined;
  readonly #options: StageOptions;
  #stopping = false;
  #ledgers = 0;

  private constructor(
    options: StageOptions,
    services: { otelcol: ReceiverService; sketches: ReceiverService },
    subjects: readonly Subject[],
    control: Subject | undefined,
    targets: readonly FaultTarget[],
  ) {
    this.#options = options;
    this.otelcol = services.otelcol;
    this.sketches = services.sketches;
    this.subjects = subjects;
    this.control = control;
    this.targets = targets;
  }

  /** Starts services and proxies; agents and workload do not run yet. */
  static async build(options: StageOptions): Promise<Stage> {
    const { folder, launcher, journal, watch, spec } = options;
    const receiver = (name: string) =>
      startReceiverService({ name, folder: join(folder, name), launcher, journal }, watch.signal);
    const [otelcol, sketches, quiet, proxies] = await Promise.all([
      receiver('otelcol'),
      receiver('sketch-merger'),
      options.control ? receiver('control-otelcol') : undefined,
      startProxies({ journal, launcher }, watch.signal),
    ]);
    watch.check();
    const front = {
      otelcol: await before(proxies, otelcol),
      sketches: await before(proxies, sketches),
    };
    const agent = (name: string, endpoint: string, sketchEndpoint: string) =>
      new AgentProcess({
        name,
        spec,
        nonce: randomBytes(NONCE_BYTES).toString('hex'),
        folder: join(folder, name),
        cwd: options.root,
        binary: options.binary,
        endpoint,
        sketchEndpoint,
        settings: options.settings,
        marker: options.marker,
        journal,
      });
    const intervalMs = spec.interval_seconds * 1000;
    const subjects = Array.from({ length: options.agents }, (_, i) => {
      const name = i === 0 ? 'agent' : `agent-${i + 1}`;
      return new Subject(agent(name, front.otelcol.url, front.sketches.url), otelcol.file, intervalMs, journal);
    });
    const control =
      quiet && new Subject(agent('control', quiet.service.url, quiet.service.url), quiet.file, intervalMs, journal);
    const targets: FaultTarget[] = [
      { name: 'otelcol', service: otelcol.service, ...front.otelcol.target },
      { name: 'sketch-merger', service: sketches.service, ...front.sketches.target },
      { name: 'agent', pids: () => subjects.map((subject) => subject.agent.pid) },
    ];
    return new Stage(options, { otelcol, sketches }, subjects, control, targets);
  }

  async startWorkload(plan: WorkloadPlan, tool: string): Promise<Workload> {
    const { folder, journal, watch } = this.#options;
    await this.workload?.stop();
    mkdirSync(folder, { recursive: true });
    const workload = await startWorkload({
      plan,
      tool,
      ledger: join(folder, `ledger${this.#ledgers++ === 0 ? '' : `-${this.#ledgers}`}.jsonl`),
      journal,
      signal: watch.signal,
    });
    this.workload = workload;
    void workload.ended.then(({ error }) => error && watch.fail(error));
    return workload;
  }

  /** Starts all agents and waits until each has delivered something. */
  async startAgents(): Promise<void> {
    const { watch, startSeconds } = this.#options;
    const all = this.#all();
    for (const subject of all) {
      await subject.start();
      void subject.agent.child.exited.then(() => {
        if (!this.#stopping) watch.fail(subject.agent.ended());
      });
    }
    for (const subject of all) {
      if (await watch.find(() => subject.latestTick || undefined, startSeconds * 1000)) continue;
      const { agent } = subject;
      throw new HumanError(
        'agent.silent',
        `The ${agent.name} delivered nothing to its receiver within ${startSeconds} s. The command was: ${agent.child.argv.join(' ')}\n${lastOutput(agent.child.tail)}`,
        'It must send OTLP metrics with the resource attribute run_id to its endpoint: see "agent" in infrabuilder.yaml.',
      );
    }
  }

  /** Stops the agents, then the workload, then our eyes. Returns what went wrong with it, one sentence each. */
  async stop(): Promise<string[]> {
    this.#stopping = true;
    const problems: string[] = [];
    const all = this.#all();
    for (const subject of all) subject.stopProfile();
    await Promise.all(
      all.map(async ({ agent }) => {
        if (agent.pid === 0) return;
        const { killed, text } = await agent.stop();
        if (killed) problems.push(`The ${agent.name} did not stop within its time after SIGTERM and was killed.`);
        else if (text !== 'code 0' && text !== 'SIGTERM') problems.push(`The ${agent.name} stopped with ${text}.`);
      }),
    );
    for (const subject of all) await subject.finish();
    await this.workload?.stop();
    return problems;
  }

  #all(): Subject[] {
    return [...this.subjects, ...(this.control === undefined ? [] : [this.control])];
  }
}

async function before(proxies: Proxies, receiver: ReceiverService) {
  const { service } = receiver;
  const { api, name, listen } = await proxies.before(service.name, `127.0.0.1:${service.port}`);
  const url = `http://${listen}`;
  return { url, target: { proxy: { api, name }, probe: httpProbe(`${url}/status`) } };
}
