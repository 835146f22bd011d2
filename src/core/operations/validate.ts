import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import { canaryIssues } from '../canaries/declared.ts';
import { readMarkers } from '../documents/markers.ts';
import type { Engine } from '../engine.ts';
import { readTaskEvidence } from '../goals/gate.ts';
import { compareIssues, hasErrors, type Issue } from '../model/issue.ts';
import { lineRange } from '../model/source.ts';
import type { Task } from '../model/task.ts';
import { REPORT_KINDS } from '../project/documents.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { TaskDocuments } from '../workflow/taskDocuments.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion } from './shapes.ts';

export const validate = defineOperation({
  name: 'validate',
  title: 'Validate workspace',
  description: 'Lists every problem in the tasks, blueprint mapping, goals, scenarios, milestones and documents.',
  readOnly: true,
  input: z.object({}),
  output: z.object({ schemaVersion, issues: z.array(issueShape).readonly() }),
  async run(engine) {
    engine.project.update();
    const snapshot = await engine.project.snapshot();
    const canaries = await canaryIssues(snapshot, engine.files);
    const stale = await staleDocuments(engine, snapshot);
    return { schemaVersion: 1 as const, issues: [...snapshot.issues, ...canaries, ...stale].sort(compareIssues) };
  },
});

/** Only of tasks under way: what is done rests on the gate, and what is pending has nothing to keep up with. */
async function staleDocuments(engine: Engine, snapshot: Snapshot): Promise<Issue[]> {
  const { configFile } = snapshot;
  if (hasErrors(snapshot.issues.filter(({ file }) => file === configFile))) return [];
  const found: Issue[] = [];
  for (const task of snapshot.tasks.filter(({ status }) => status === 'in_progress')) {
    found.push(...(await staleOf(engine, snapshot, task)));
  }
  return found;
}

async function staleOf(engine: Engine, snapshot: Snapshot, task: Task): Promise<Issue[]> {
  const { slug } = task;
  const readEvidence = () => readTaskEvidence(engine.goalPorts, snapshot, task);
  const documents = new TaskDocuments(engine.documentPorts, snapshot, { task, readEvidence });
  const found: Issue[] = [];
  for (const kind of REPORT_KINDS) {
    const file = snapshot.reports(slug)[kind];
    if (file === undefined) continue;
    const text = (await engine.files.read(file)) ?? '';
    found.push(...readMarkers(text, file).issues);
    const changed = await documents.state(kind).then((state) => state.changed, unlessExpected);
    if (changed.length === 0) continue;
    const message = `It is older than what it describes: ${changed.join(', ')} changed. Renew it with "infrabuilder task ${kind} ${slug}"; what you wrote in it stays.`;
    const [first = ''] = text.split(/\r?\n/);
    found.push({ code: 'document.stale', severity: 'warning', message, file, range: lineRange(1, first) });
  }
  return found;
}

/** Where it cannot be judged, for rules that are broken or a tool that is missing, others say so. */
function unlessExpected(error: unknown): readonly string[] {
  if (error instanceof HumanError) return [];
  throw error;
}
