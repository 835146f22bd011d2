import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import type { PlannedSequence, ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { Journal } from '../reap/journal.ts';
import { planWorkload } from '../workload/planner.ts';
import { workloadTool } from '../workload/tool.ts';
import { type Act, type ActContext, playWorkload } from './act.ts';
import { baseSettings, buildAgent } from './agentSpec.ts';
import { type RunnerOptions, toolFolder } from './options.ts';
import { type Phase, PhaseMachine } from './phases.ts';
import { Stage } from './stage.ts';
import { playSteps } from './steps.ts';
import type { Timings } from './timings.ts';
import type { Watch } from './watch.ts';
import type { Workspace } from './workspace.ts';

export interface PlayOptions {
  readonly runner: RunnerOptions;
  readonly workspace: Workspace;
  readonly plan: ScenarioPlan;
  readonly spec: AgentSpec;
  readonly timings: Timings;
  /** Absolute, for raw data. */
  readonly folder: string;
  /** Absolute, for what is needed while it runs. */
  readonly scratch: string;
  readonly journal: Journal;
  readonly watch: Watch;
  readonly say: (phase: Phase, message: string) => void;
}

/** Plays a plan: each replicate of the workload, then each list of steps. `done` sees every act as it ends. */
export async function playPlan(
  options: PlayOptions,
  done: (act: Act, phases: PhaseMachine) => Promise<void>,
): Promise<void> {
  const { plan, workspace, spec, journal, watch, scratch, folder, runner, say } = options;
  const { config, root } = workspace;
  mkdirSync(scratch, { recursive: true });
  mkdirSync(folder, { recursive: true });
  say('set up', 'build the agent and the workload generator');
  const binary = join(scratch, process.platform === 'win32' ? 'agent.exe' : 'agent');
  await buildAgent(spec, { root, config, binary, journal, log: join(folder, 'build.log'), watch });
  const { signal } = watch;
  const tool = await workloadTool({ source: runner.workloadSource, cache: toolFolder(root), signal });
  const base = await baseSettings(root, config, spec, plan.configuration.base);
  const marker = config.goals.flatMap((goal) => (goal.kind === 'event' ? [goal.event] : []))[0] ?? 'AgentDiagEvent';

  const act = async (name: string, play: (context: ActContext) => Promise<Act>) => {
    const phases = new PhaseMachine((phase, detail) => say(phase, `${name === '' ? '' : `${name}: `}${detail}`));
    const place = name === '' ? folder : join(folder, name);
    phases.enter('set up', 'receivers and proxies');
    const stage = await Stage.build({
      folder: place,
      root,
      spec,
      binary,
      settings: { ...base, ...plan.configuration.settings },
      agents: plan.agents,
      control: plan.control,
      marker,
      launcher: runner.launcher,
      journal,
      watch,
      startSeconds: options.timings.startSeconds,
    });
    const context: ActContext = {
      name,
      folder: place,
      stage,
      journal,
      phases,
      watch,
      warmUpSeconds: plan.warmUpSeconds,
      tool,
      say: (message) => say(phases.current ?? 'set up', message),
    };
    try {
      await done(await play(context), phases);
    } catch (error) {
      throw watch.causeOf(error);
    } finally {
      await stage.stop();
    }
  };

  if (plan.workload !== undefined) {
    const { type, params } = plan.workload;
    const durationMs = (plan.warmUpSeconds + plan.windowSeconds) * 1000;
    const workload = planWorkload({ type, params, seed: plan.seed, durationMs });
    for (let replicate = 1; replicate <= plan.replicates; replicate++) {
      await act(plan.replicates === 1 ? '' : `run-${replicate}`, (context) =>
        playWorkload(context, workload, plan.windowSeconds, plan.faults),
      );
    }
  }
  for (const sequence of plan.sequences) {
    checkName(sequence);
    await act(sequence.name, (context) =>
      playSteps(context, sequence, {
        seed: plan.seed,
        settleSeconds: options.timings.settleSeconds,
        intervalSeconds: spec.interval_seconds,
        received: context.stage.otelcol.file,
        controlReceived: plan.control ? join(context.folder, 'control-otelcol', 'received.jsonl') : undefined,
      }),
    );
  }
}

/** The name becomes a folder. */
function checkName({ name }: PlannedSequence): void {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return;
  throw new HumanError('scenario.bad-name', `"${name}" cannot name a folder.`, 'Use letters, digits, "_" and "-".');
}
