import type { Checks } from '../checks/checks.ts';
import type { Engine } from '../engine.ts';
import type { Evidence } from '../evidence/store.ts';
import { type GatePorts, type GateReport, judgeTask, type Missing } from '../goals/gate.ts';
import type { Workbench, WorkTree } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { staleDocuments, TaskDocuments } from '../workflow/taskDocuments.ts';
import { gatePorts } from './complete.ts';
import { currentSnapshot, findTask } from './verify.ts';

/** The copy that a run works in, as goals and gate see it. */
export interface Copy {
  readonly engine: Engine;
  readonly bench: Workbench;
  readonly slug: string;
  readonly ports: GatePorts;
  /** Evidence that was there before any code of the model ran, and what this process has measured since: run -> SHA-256. */
  readonly trusted: Map<string, string>;
  /** How the figures of each check were found, as its last run here said; evidence does not hold that. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

export interface CopyView {
  readonly snapshot: Snapshot;
  readonly report: GateReport;
  readonly documents: TaskDocuments;
  /** All that the gate asks for, stale documents included. */
  readonly missing: readonly Missing[];
}

/**
 * Two things differ from a workspace of a person. A revision such as HEAD^ means what it means there, because each step of
 * the run is a commit. And evidence is remembered as it is written, so that a program that the model wrote cannot add any.
 */
export function openCopy(person: Engine, engine: Engine, bench: Workbench, slug: string): Copy {
  const trusted = new Map<string, string>();
  const own = gatePorts(engine);
  const evidence = (snapshot: Snapshot) => remembering(own.evidence(snapshot), trusted);
  const tree = withRevisionsOf(person.goalPorts.tree, own.tree);
  const notes = new Map<string, readonly string[]>();
  const checks: Checks = {
    ...own.checks,
    async run(name, check, options) {
      const result = await own.checks.run(name, check, options);
      notes.set(name, result.notes);
      return result;
    },
  };
  return { engine, bench, slug, ports: { ...own, checks, tree, evidence }, trusted, notes };
}

/** Takes all evidence of now for true. */
export async function trustEvidence({ engine, ports, trusted }: Copy): Promise<void> {
  const { entries } = await ports.evidence(await currentSnapshot(engine)).load();
  for (const { run, sha256 } of entries) trusted.set(run, sha256);
}

export async function viewCopy({ engine, ports, slug }: Copy): Promise<CopyView> {
  const snapshot = await currentSnapshot(engine);
  const report = await judgeTask(ports, snapshot, findTask(snapshot, slug));
  const documents = new TaskDocuments(engine.documentPorts, snapshot, report);
  return { snapshot, report, documents, missing: [...report.missing, ...(await staleDocuments(documents))] };
}

function remembering(evidence: Evidence, trusted: Map<string, string>): Evidence {
  return {
    folder: evidence.folder,
    load: () => evidence.load(),
    prepare: (draft) => evidence.prepare(draft),
    checkOutputs: (entry) => evidence.checkOutputs(entry),
    async append(draft) {
      const entry = await evidence.append(draft);
      trusted.set(entry.run, entry.sha256);
      return entry;
    },
  };
}

function withRevisionsOf(person: WorkTree, copy: WorkTree): WorkTree {
  return {
    ...copy,
    async revision(folder, ref) {
      const meant = await person.revision(folder, ref);
      return meant.kind === 'commit' ? copy.revision(folder, meant.commit) : meant;
    },
  };
}
