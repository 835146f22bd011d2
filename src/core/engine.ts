import { HumanError } from './base/errors.ts';
import type { SurveyPorts } from './bootstrap/survey.ts';
import { type Checks, createChecks } from './checks/checks.ts';
import { redact, secretValues } from './checks/redact.ts';
import { type Conformance, createConformance, discoverRules, languageOf, reportIssues } from './conformance/index.ts';
import type { FixPorts } from './doctor/fix.ts';
import type { Needs } from './doctor/needs.ts';
import { readModule } from './documents/moduleSource.ts';
import { withApprovals } from './evidence/approvals.ts';
import { createEvidence, type Evidence } from './evidence/store.ts';
import type { CheckpointPorts } from './goals/checkpoint.ts';
import { createGoals, type Goals } from './goals/goals.ts';
import type { ConformanceFinding } from './goals/validators/validator.ts';
import type { GoalFact } from './grounding/facts.ts';
import { createGrounding, type Grounding } from './grounding/grounding.ts';
import { chooseProvider, type ProviderChoice, type ResolvedProvider, resolveProvider } from './grounding/provider.ts';
import type { Deviation } from './model/deviation.ts';
import type {
  Approval,
  Clock,
  Files,
  Git,
  Isolation,
  Locks,
  Machine,
  Measuring,
  ModelEndpoints,
  Processes,
  ReplayOracle,
  Scenarios,
  Scratch,
  SyntaxTrees,
  Target,
  Templates,
  Tools,
  Transcripts,
  Watcher,
  WorkTree,
} from './ports.ts';
import { joinPath } from './project/layout.ts';
import { createProject, type Project } from './project/project.ts';
import type { Snapshot } from './project/snapshot.ts';
import { createRunbooks, type Runbooks } from './runbook/analysis.ts';
import { settleJournals } from './workflow/settle.ts';
import type { TaskDocumentPorts } from './workflow/taskDocuments.ts';
import type { Recovery } from './workflow/transaction.ts';

export interface EnginePorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly approval: Approval;
  /** Undefined where nobody else can work on the workspace. */
  readonly locks?: Locks | undefined;
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
  readonly models: ModelEndpoints;
  /** Undefined in a workspace that is not on a disk. */
  readonly isolation?: Isolation | undefined;
  /** Undefined where nothing can be copied. */
  readonly scratch?: Scratch | undefined;
  /** The engine of another folder on this machine: the copy that a run of the implementation loop works in. */
  readonly openWorkspace?: ((root: string) => Engine) | undefined;
  readonly transcripts?: Transcripts | undefined;
  /** Undefined where changes cannot be watched. */
  readonly watcher?: Watcher | undefined;
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
  /** Answers with checked citations. */
  readonly grounding: Grounding;
  /** Who words answers: by option, environment or configuration. Throws HumanError for a choice that cannot be. */
  provider(choice: ProviderChoice, signal?: AbortSignal): Promise<ResolvedProvider>;
  /** Models behind endpoints, for whoever offers them by name. */
  readonly models: ModelEndpoints;
  /** Undefined where no scenario can be run. */
  readonly measuring: Measuring | undefined;
  /** What goals, gate and audit read of the world. */
  readonly goalPorts: CheckpointPorts;
  /** What the documents of a task are made of. */
  readonly documentPorts: TaskDocumentPorts;
  readonly trees: SyntaxTrees;
  /** Copies for runs of the implementation loop; undefined where there can be none. */
  readonly isolation: Isolation | undefined;
  /** Copies to break things in; undefined where there can be none. */
  readonly scratch: Scratch | undefined;
  /** The engine of another folder on this machine; undefined where there can be none. */
  readonly at: ((root: string) => Engine) | undefined;
  readonly transcripts: Transcripts | undefined;
  readonly watcher: Watcher | undefined;
  /** Takes the secrets of the environment out of a text. */
  redact(text: string): string;
  /** Finishes or undoes what a crash has left half done. */
  settle(): Promise<readonly Recovery[]>;
  readonly bootstrapPorts: SurveyPorts & Pick<EnginePorts, 'approval' | 'clock'>;
  readonly doctorPorts: FixPorts;
  /** What the workspace's checks, goals and platforms ask of the machine. */
  needs(): Promise<Needs>;
  /** A scanner of the workspace's source, by its conformance rules, as if `granted` were in force. Dispose it. */
  openConformance(granted?: Deviation): Promise<Conformance>;
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
    evidence: (snapshot) => evidenceOf(ports, snapshot),
    conformance: (snapshot, signal) => scanConformance(ports, snapshot, signal),
  };
  const documentPorts: TaskDocumentPorts = {
    ...ports,
    moduleFiles: ({ config }, module) =>
      readModule({ ...ports, languageOf: languageAt }, moduleFolder(config.paths.source, module)),
    architecture: (snapshot, module) => architectureOf(ports, snapshot, module),
  };
  const goals = createGoals(goalPorts);
  return Object.freeze({
    root: ports.files.root,
    version: ports.version,
    files: ports.files,
    project,
    checks,
    runbooks,
    goals,
    grounding: createGrounding({ ...ports, project, facts: (ids, signal) => factsOf(goals, project, ids, signal) }),
    async provider(choice: ProviderChoice, signal?: AbortSignal) {
      const { config } = await project.snapshot();
      return resolveProvider(chooseProvider(choice, ports.env, config), ports.models, signal);
    },
    models: ports.models,
    measuring: ports.measuring,
    goalPorts,
    documentPorts,
    trees: ports.trees,
    isolation: ports.isolation,
    scratch: ports.scratch,
    at: ports.openWorkspace,
    transcripts: ports.transcripts,
    watcher: ports.watcher,
    redact: (text: string) => redact(text, secrets),
    settle: async () => settleJournals(ports, await project.snapshot()),
    bootstrapPorts: ports,
    doctorPorts: ports,
    async needs() {
      const { config } = await project.snapshot();
      return { checks: config.checks, goals: config.goals, platforms: [] };
    },
    openConformance: async (granted?: Deviation) => conformanceOf(ports, await project.snapshot(), granted),
    async draftRules(signal?: AbortSignal) {
      const { config } = await project.snapshot();
      const { files, trees } = ports;
      return discoverRules({ files, trees, source: config.paths.source, ...(signal && { signal }) });
    },
  });
}

/** Goals as their evidence stands; nothing is measured. */
async function factsOf(
  goals: Goals,
  project: Project,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<GoalFact[]> {
  const snapshot = await project.snapshot();
  const known = ids.filter((id) => snapshot.goal(id) !== undefined);
  if (known.length === 0) return [];
  const checkpoint = await goals.verify(snapshot, { goals: known, measure: false, signal });
  return checkpoint.goals.map(({ goal, ...state }) => ({ ...state, goal: goal.id, title: goal.title }));
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

function conformanceOf(ports: EnginePorts, snapshot: Snapshot, granted?: Deviation): Conformance {
  const { files, trees, clock } = ports;
  const { source } = snapshot.config.paths;
  const own = granted === undefined ? [] : [{ value: granted, recorded: true }];
  const deviations = async () => {
    const { deviations: all } = snapshot;
    const asks = all.some(({ value }) => value.status === 'approved');
    const entries = asks ? (await evidenceOf(ports, snapshot).load()).entries : [];
    return [...own, ...(await withApprovals(all, entries))];
  };
  return createConformance({ files, trees, clock, source, deviations });
}

function evidenceOf(ports: EnginePorts, { config }: Pick<Snapshot, 'config'>): Evidence {
  const secrets = secretValues(ports.env);
  return createEvidence({
    files: ports.files,
    clock: ports.clock,
    tree: ports.tree,
    reports: config.paths.reports,
    engineVersion: ports.version,
    redact: (text) => redact(text, secrets),
  });
}

/** A module is named below the source folder, or from the workspace root. */
function moduleFolder(source: string, module: string): string {
  const own = joinPath(module);
  return source === '.' || own === source || own.startsWith(`${source}/`) ? own : joinPath(source, own);
}

function languageAt(path: string) {
  const found = languageOf(path);
  return found && { grammar: found.grammar, test: found.language.isTest(path) };
}

async function architectureOf(ports: EnginePorts, snapshot: Snapshot, module: string | undefined) {
  const conformance = conformanceOf(ports, snapshot);
  try {
    const scan = await conformance.scan();
    const known = module === undefined || scan.rules.length === 0;
    const reach = known ? undefined : await conformance.scopeOf(joinPath(module)).catch(unlessUnknown);
    return { scan, reach };
  } finally {
    conformance.dispose();
  }
}

/** A module that no component holds is no error of a document: it says so. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof HumanError)) throw error;
}
