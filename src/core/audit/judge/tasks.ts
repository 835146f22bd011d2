import { type GatePorts, judgeTask, type Missing } from '../../goals/gate.ts';
import { taskEvents } from '../../goals/taskLog.ts';
import type { Task } from '../../model/task.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { Ruling } from './proofs.ts';

/** A task that lies in done/, as the gate judges it today, and whether it ever went through the gate. */
export interface DoneTask {
  readonly task: Task;
  readonly ruling: Ruling;
  readonly byHand: boolean;
}

const SAYS_OTHERWISE = /^gate\.(?:goal-fail|acceptance-fails)$|^tamper\./;
/** What a later change of the source brings about, and no more. */
const ONLY_OLD = /^gate\.(?:goal-stale|result-stale|acceptance-unmeasured|document-stale|needs-sign-off)$/;
const MOST_SHOWN = 3;

export async function judgeDone(ports: GatePorts, snapshot: Snapshot): Promise<DoneTask[]> {
  const shared = remember(ports);
  const found: DoneTask[] = [];
  for (const task of snapshot.tasks) {
    if (task.status !== 'done') continue;
    const { missing, checkpoint } = await judgeTask(shared, snapshot, task);
    const last = taskEvents(checkpoint.survey.ledger, task.slug).at(-1);
    const isRecorded = last?.statement.predicate.event === 'done';
    found.push({ task, byHand: !isRecorded, ruling: rule(missing, isRecorded ? last.path : undefined) });
  }
  return found;
}

function rule(missing: readonly Missing[], record: string | undefined): Ruling {
  const evidence = record === undefined ? [] : [record];
  if (missing.length === 0 && record !== undefined) {
    return { verdict: 'supported', evidence, reason: 'It went through the gate, which would let it pass today.' };
  }
  const shown = missing.slice(0, MOST_SHOWN).map(({ message }) => message);
  const more = missing.length > MOST_SHOWN ? [`${missing.length - MOST_SHOWN} more.`] : [];
  const said = ['The gate misses:', ...shown, ...more].join(' ');
  const reason =
    record === undefined ? `No evidence says that it was completed. ${missing.length === 0 ? '' : said}`.trim() : said;
  if (missing.some(({ code }) => SAYS_OTHERWISE.test(code))) return { verdict: 'contradicted', evidence, reason };
  if (record === undefined) return { verdict: 'no-evidence', evidence, reason };
  return { verdict: missing.every(({ code }) => ONLY_OLD.test(code)) ? 'stale' : 'no-evidence', evidence, reason };
}

/** The gate reads evidence, work tree and features anew for each task; here they are the same for all. */
function remember(ports: GatePorts): GatePorts {
  const lists = new Map<string, ReturnType<GatePorts['tree']['list']>>();
  const evidence = new Map<Snapshot, ReturnType<GatePorts['evidence']>>();
  const features = new Map<Snapshot, ReturnType<GatePorts['features']>>();
  const list: GatePorts['tree']['list'] = (roots, without = []) =>
    kept(lists, JSON.stringify([roots, without]), () => ports.tree.list(roots, without));
  return {
    ...ports,
    tree: { ...ports.tree, list },
    features: (snapshot) => kept(features, snapshot, () => ports.features(snapshot)),
    evidence: (snapshot) =>
      kept(evidence, snapshot, () => {
        const real = ports.evidence(snapshot);
        const ledger = real.load();
        return {
          folder: real.folder,
          load: () => ledger,
          append: (draft) => real.append(draft),
          prepare: (draft) => real.prepare(draft),
          checkOutputs: (entry) => real.checkOutputs(entry),
        };
      }),
  };
}

function kept<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
