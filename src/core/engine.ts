import type { SurveyPorts } from './bootstrap/survey.ts';
import { type Checks, createChecks } from './checks/checks.ts';
import { redact, secretValues } from './checks/redact.ts';
import { type Conformance, createConformance, discoverRules, reportIssues } from './conformance/index.ts';
import type { FixPorts } from './doctor/fix.ts';
import type { Needs } from './doctor/needs.ts';
import { createEvidence } from './evidence/store.ts';
import type { CheckpointPorts } from './goals/checkpoint.ts';
import { createGoals, type Goals } from './goals/goals.ts';
import type { ConformanceFinding } from './goals/validators/validator.ts';
import type {
  Approval,
  Clock,
  Files,
  Git,
  Machine,
  Measuring,
  Processes,
  ReplayOracle,
  Scenarios,
  SyntaxTrees,
  Target,
  Templates,
  Tools,
  WorkTree,
} from './ports.ts';
import { createProject, type Project } from './project/project.ts';
import type { Snapshot } from './project/snapshot.ts';
import { createRunbooks, type Runbooks } from './runbook/analysis.ts';

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
  readonly tree: WorkTree;
  readonly machine: Machine;
  readonly trees: SyntaxTrees;
  /** Undefined where no scenario can be run: goals that need one are then not-run. */
  readonly scenarios?: Scenarios | undefined;
  readonly measuring?: Measuring | undefined;
  /** Version of InfraBuilder; stands in evidence. */
  readonly version: string;
  /** What programs inherit; its secrets are kept out of logs and results. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that can be done with one workspace. */
export interface Engine {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Version of InfraBuilder. */
  readonly version: string;
  readonly files: Files;
  readonly project: Project;
  readonly checks: Checks;
  readonly runbooks: Runbooks;
  readonly goals: Goals;
  /** Undefined where no scenario can be run. */
  readonly measuring: Measuring | undefined;
  /** What goals, gate and audit read of the world. */
  readonly goalPorts: CheckpointPorts;
  readonly bootstrapPorts: SurveyPorts & Pick<EnginePorts, 'approval' | 'clock'>;
  readonly doctorPorts: FixPorts;
  /** What the workspace's checks, goals and platforms ask of the machine. */
  needs(): Promise<Needs>;
  /** A scanner of the workspace's source, by its conformance rules. Dispose it. */
  openConformance(): Promise<Conformance>;
  /** Rules for a repository that has none yet: its components and today's edges, as YAML to edit. */
  draftRules(signal?: AbortSignal): Promise<string>;
}

/** The only wiring in the core. */
export function createEngine(ports: EnginePorts): Engine {
  const project = createProject(ports.files);
  const checks = createChecks(ports);
  const runbooks = createRunbooks(ports);
  const secrets = secretValues(ports.env);
  const goalPorts: CheckpointPorts = {
    ...ports,
    checks,
    runbook: runbooks,
    evidence: ({ config }) =>
      createEvidence({
        files: ports.files,
        clock: ports.clock,
        tree: ports.tree,
        reports: config.paths.reports,
        engineVersion: ports.version,
        redact: (text) => redact(text, secrets),
      }),
    conformance: (snapshot, signal) => scanConformance(ports, snapshot, signal),
  };
  return Object.freeze({
    root: ports.files.root,
    version: ports.version,
    files: ports.files,
    project,
    checks,
    runbooks,
    goals: createGoals(goalPorts),
    measuring: ports.measuring,
    goalPorts,
    bootstrapPorts: ports,
    doctorPorts: ports,
    async needs() {
      const { config } = await project.snapshot();
      return { checks: config.checks, goals: config.goals, platforms: [] };
    },
    openConformance: async () => conformanceOf(ports, await project.snapshot()),
    async draftRules(signal?: AbortSignal) {
      const { config } = await project.snapshot();
      const { files, trees } = ports;
      return discoverRules({ files, trees, source: config.paths.source, ...(signal && { signal }) });
    },
  });
}

/** Nothing from the cache: whoever can edit the work tree can edit a cache. */
async function scanConformance(
  ports: EnginePorts,
  snapshot: Snapshot,
  signal: AbortSignal | undefined,
): Promise<ConformanceFinding> {
  const conformance = conformanceOf(ports, snapshot);
  try {
    const report = await conformance.scan({ fresh: true, ...(signal && { signal }) });
    return { ...report, issues: reportIssues(report) };
  } finally {
    conformance.dispose();
  }
}

function conformanceOf({ files, trees, clock }: EnginePorts, { config, deviations }: Snapshot): Conformance {
  const { source } = config.paths;
  return createConformance({
    files,
    trees,
    clock,
    source,
    deviations: async () => deviations.map(({ value }) => value),
  });
}
