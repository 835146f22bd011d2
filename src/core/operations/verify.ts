import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import type { Engine } from '../engine.ts';
import type { Checkpoint, CheckpointOptions, CheckpointProgress } from '../goals/checkpoint.ts';
import { type GoalState, holdsNow } from '../goals/goalState.ts';
import { hasErrors } from '../model/issue.ts';
import type { Task } from '../model/task.ts';
import { verdictSchema } from '../model/verdict.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion, valueShape } from './shapes.ts';
import { unknownTask } from './tasks.ts';

export const goalShape = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  /** False where the project has switched the goal off; `reason` says why. */
  applies: z.boolean(),
  verdict: verdictSchema,
  fresh: z.boolean(),
  holds: z.boolean(),
  reason: z.string(),
  values: z.array(valueShape).readonly(),
  evidence: z.array(z.string()).readonly(),
  /** Seconds since the oldest evidence was started. */
  ageSeconds: z.number().nullable(),
  commands: z.array(z.string()).readonly(),
  issues: z.array(issueShape).readonly(),
});

const verifyShape = z.object({
  schemaVersion,
  /** True where every goal that was asked for holds, and the evidence is whole. */
  holds: z.boolean(),
  goals: z.array(goalShape).readonly(),
  issues: z.array(issueShape).readonly(),
});
export type VerifyJson = z.output<typeof verifyShape>;

export const verify = defineOperation({
  name: 'verify',
  title: 'Verify goals',
  description:
    'Verifies the hard-stop goals. Reuses fresh evidence, measures the rest (this can take minutes), returns verdicts.',
  readOnly: false,
  input: z.object({
    goals: z.array(z.string()).min(1).optional(),
    task: z.string().optional(),
    force: z.boolean().optional(),
    measure: z.boolean().optional().describe('false: run nothing, tell what the evidence says now'),
  }),
  output: verifyShape,
  async run(engine, input, { signal, onProgress }) {
    const { checkpoint, now } = await runVerify(engine, input, {
      signal,
      onProgress: (progress) => {
        const text = progressText(progress);
        if (text !== undefined) onProgress?.(text);
      },
    });
    return verifyJson(checkpoint, now);
  },
});

export interface VerifyInput {
  readonly goals?: readonly string[] | undefined;
  readonly task?: string | undefined;
  readonly force?: boolean | undefined;
  /** False: runs nothing, and judges by the evidence that is there. */
  readonly measure?: boolean | undefined;
}

/** Runs a checkpoint on the workspace as it is now. HumanError for an unknown goal or task, or a broken configuration. */
export async function runVerify(
  engine: Engine,
  { goals, task, force, measure }: VerifyInput,
  options: CheckpointOptions,
): Promise<{ checkpoint: Checkpoint; snapshot: Snapshot; now: Date }> {
  const snapshot = await currentSnapshot(engine);
  const chosen = task === undefined ? undefined : findTask(snapshot, task);
  const checkpoint = await engine.goals.verify(snapshot, {
    ...options,
    ...(measure !== undefined && { measure }),
    goals,
    task: chosen,
    force,
  });
  return { checkpoint, snapshot, now: engine.goalPorts.clock.now() };
}

/** The workspace as it is now. Nobody knows which goals exist while the configuration is broken. */
export async function currentSnapshot(engine: Engine): Promise<Snapshot> {
  engine.project.update();
  const snapshot = await engine.project.snapshot();
  const broken = snapshot.issues.find(({ file, severity }) => severity === 'error' && file === snapshot.configFile);
  if (broken === undefined) return snapshot;
  const where = `${broken.file}:${broken.range.start.line}:${broken.range.start.column}`;
  throw new HumanError('config.broken', `${where}: ${broken.message}`, 'Mend the configuration, then try again.');
}

export function findTask(snapshot: Snapshot, slug: string): Task {
  const task = snapshot.task(slug);
  if (task === undefined) throw unknownTask(slug, snapshot);
  return task;
}

export function verifyJson({ goals, issues }: Pick<Checkpoint, 'goals' | 'issues'>, now: Date): VerifyJson {
  return {
    schemaVersion: 1,
    holds: checkpointHolds({ goals, issues }),
    goals: goals.map((goal) => goalJson(goal, now)),
    issues,
  };
}

/** No goal that applies is no evidence either. */
export function checkpointHolds({ goals, issues }: Pick<Checkpoint, 'goals' | 'issues'>): boolean {
  const applying = goals.filter(({ goal }) => goal.applies !== false);
  return applying.length > 0 && applying.every(holdsNow) && !hasErrors(issues);
}

export function goalJson(state: GoalState, now: Date): VerifyJson['goals'][number] {
  const { goal, verdict, fresh, reason, values, evidence, measuredAt, commands, issues } = state;
  const age =
    measuredAt === undefined ? null : Math.max(0, Math.round((now.getTime() - Date.parse(measuredAt)) / 1000));
  return {
    id: goal.id,
    title: goal.title,
    kind: goal.kind,
    applies: goal.applies !== false,
    verdict,
    fresh,
    holds: holdsNow(state),
    reason,
    values,
    evidence,
    ageSeconds: age,
    commands,
    issues,
  };
}

/** A line for the person who waits. */
export function progressText(progress: CheckpointProgress): string | undefined {
  switch (progress.kind) {
    case 'planned': {
      const { measure, reuse } = progress;
      if (measure.length === 0) return undefined;
      const kept = reuse.length === 0 ? '' : ` ${reuse.length} fresh.`;
      return `To measure: ${measure.join(', ')}.${kept}`;
    }
    case 'started':
      return `${progress.step}: started`;
    case 'waiting':
      return progress.text;
    case 'message':
      return `${progress.step}: ${progress.text}`;
    case 'finished':
      return `${progress.step}: ${progress.verdict}. ${progress.reason}`;
  }
}
