import type { MeasuredValue } from '../model/check.ts';
import type { GoalOf } from '../model/goal.ts';
import { compareIssues, type Issue } from '../model/issue.ts';
import type { Files, WorkTree } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { readRunbook } from './entries.ts';
import { FEATURE_KINDS, type Feature, featurePatterns, featuresIn } from './features.ts';
import { checkParity } from './parity.ts';
import { checkStructure } from './structure.ts';

const READ = /\.(?:go|[cm]?[jt]sx?|py|java|rs|cpp|cc|h|hpp)$/;
const TESTS = /_test\.go$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/;
const LARGEST_FILE = 2 * 1024 * 1024;

export interface RunbookReport {
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
}

export interface Runbooks {
  /** Configuration keys, metrics and events that the source declares outside its tests. */
  features(snapshot: Snapshot, patterns?: GoalOf<'docs-parity'>['features']): Promise<readonly Feature[]>;
  /** G-7. Undefined where there is no runbook. */
  parity(goal: GoalOf<'docs-parity'>, snapshot: Snapshot): Promise<RunbookReport | undefined>;
  /** G-10. Undefined where there is no runbook. */
  structure(goal: Pick<GoalOf<'runbook'>, 'scenario'>, snapshot: Snapshot): Promise<RunbookReport | undefined>;
}

export interface RunbookPorts {
  readonly files: Files;
  readonly tree: Pick<WorkTree, 'list'>;
}

export function createRunbooks({ files, tree }: RunbookPorts): Runbooks {
  async function features({ config }: Snapshot, own?: GoalOf<'docs-parity'>['features']): Promise<readonly Feature[]> {
    const { source, testbed } = config.paths;
    const patterns = featurePatterns(own);
    const prefix = source === '.' ? '' : `${source}/`;
    const found = new Map<string, Feature>();
    for (const path of [...(await tree.list([source])).keys()].sort()) {
      const isRead = path.startsWith(prefix) && READ.test(path) && !TESTS.test(path);
      if (!isRead || (source === '.' && path.startsWith(`${testbed}/`))) continue;
      if (((await files.stat(path))?.size ?? 0) > LARGEST_FILE) continue;
      const text = await files.read(path).catch(() => undefined);
      for (const feature of featuresIn(text ?? '', path, path.slice(prefix.length), patterns)) {
        const key = `${feature.kind} ${feature.name}`;
        if (!found.has(key)) found.set(key, feature);
      }
    }
    return [...found.values()];
  }

  async function read(path: string | undefined): Promise<string | undefined> {
    return path === undefined ? undefined : files.read(path);
  }

  return {
    features,

    async parity(goal, snapshot) {
      const { runbook: runbookFile, changelog: changelogFile } = snapshot.documents;
      const runbook = await read(runbookFile);
      if (runbook === undefined || runbookFile === undefined) return undefined;
      const declared = await features(snapshot, goal.features);
      const done = snapshot.tasks.filter(({ status }) => status === 'done');
      const texts = { runbookFile, runbook, changelogFile, changelog: await read(changelogFile) };
      const issues = checkParity(declared, done, readRunbook(runbook), texts);
      const counts = FEATURE_KINDS.map((kind) => ({
        name: `${kind}_found`,
        value: declared.filter((feature) => feature.kind === kind).length,
        unit: 'count',
      }));
      const values = [...counts, { name: 'done_tasks_found', value: done.length, unit: 'count' }];
      return { values, issues: issues.sort(compareIssues) };
    },

    async structure({ scenario }, snapshot) {
      const file = snapshot.documents.runbook;
      const text = await read(file);
      if (text === undefined || file === undefined) return undefined;
      const book = readRunbook(text);
      const names = snapshot.scenarios.flatMap(({ value }) => [value.name, ...value.scenarios.map((one) => one.name)]);
      const goals = new Set(snapshot.goals.map(({ id }) => id));
      const issues = checkStructure(book, file, snapshot.scenario(scenario)?.value, goals, names);
      const whole = book.entries.filter(({ parts }) => parts.size === 5).length;
      const values = [
        { name: 'entries', value: book.entries.length, unit: 'count' },
        { name: 'entries_with_five_parts', value: whole, unit: 'count' },
      ];
      return { values, issues: issues.sort(compareIssues) };
    },
  };
}
