import type { Engine } from '../engine.ts';
import { type GateReport, judgeTask } from '../goals/gate.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { fullFacts } from '../workflow/facts.ts';
import { TaskDocuments } from '../workflow/taskDocuments.ts';
import type { TaskFacts } from '../workflow/transition.ts';
import { gatePorts } from './complete.ts';
import { currentSnapshot, findTask } from './verify.ts';

/** One task with all that evidence and documents say about it now. */
export interface TaskView {
  readonly snapshot: Snapshot;
  readonly report: GateReport;
  readonly documents: TaskDocuments;
  facts(): Promise<TaskFacts>;
}

/** HumanError for an unknown task or a broken configuration. What a crash has left is settled first, and told. */
export async function viewTask(engine: Engine, slug: string, say?: (message: string) => void): Promise<TaskView> {
  for (const { message } of await engine.settle()) say?.(message);
  const snapshot = await currentSnapshot(engine);
  const report = await judgeTask(gatePorts(engine), snapshot, findTask(snapshot, slug));
  const documents = new TaskDocuments(engine.documentPorts, snapshot, report);
  return { snapshot, report, documents, facts: () => fullFacts(snapshot, report, documents, engine.goalPorts.tree) };
}
