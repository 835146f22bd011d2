import type { SurveyPorts } from './bootstrap/survey.ts';
import { type Checks, createChecks } from './checks/checks.ts';
import type { FixPorts } from './doctor/fix.ts';
import type { Needs } from './doctor/needs.ts';
import type { Approval, Clock, Files, Git, Processes, ReplayOracle, Target, Templates, Tools } from './ports.ts';
import { createProject, type Project } from './project/project.ts';

export interface EnginePorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly approval: Approval;
  readonly tools: Tools;
  readonly git: Git;
  readonly target: Target;
  readonly templates: Templates;
  readonly oracle: ReplayOracle;
  /** What programs inherit; its secrets are kept out of logs and results. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that can be done with one workspace. */
export interface Engine {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly project: Project;
  readonly checks: Checks;
  readonly bootstrapPorts: SurveyPorts & Pick<EnginePorts, 'approval' | 'clock'>;
  readonly doctorPorts: FixPorts;
  /** What the workspace's checks, goals and platforms ask of the machine. */
  needs(): Promise<Needs>;
}

/** The only wiring in the core. */
export function createEngine(ports: EnginePorts): Engine {
  const project = createProject(ports.files);
  return Object.freeze({
    root: ports.files.root,
    project,
    checks: createChecks(ports),
    bootstrapPorts: ports,
    doctorPorts: ports,
    async needs() {
      const { config } = await project.snapshot();
      return { checks: config.checks, goals: config.goals, platforms: [] };
    },
  });
}
