import type { Issue } from '../../../src/core/model/issue.ts';
import { createProject, type Project } from '../../../src/core/project/project.ts';
import type { Snapshot } from '../../../src/core/project/snapshot.ts';
import { type MemoryContent, type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

export const TODAY = '2026-11-22';

export const BLUEPRINT = `# Blueprint

| # | Goal | Concrete Check | Verification Method |
|---|------|----------------|---------------------|
| **G-1** | **Additive-Only Schema** | \`.proto\` diffs pass \`buf breaking\` | \`buf breaking\` |
| **G-2** | **Host Safety** | CPU ≤ 2% | Resource monitor |
| **G-3** | **Statistical Fidelity** | p95/p99 error ≤ 1% | Replay |
| **G-4** | **Top-N Accuracy** | \`topn_capture_ratio\` ≥ 95% | Replay |

## A1-E1 Process collection

### A1-S3 Adaptive-N top heap
`;

export const MAPPING = `# Blueprint to Task mapping
epics:
  A1-E1:
    title: "Process Collection & Scoring"
    stories:
      A1-S3:
        title: "Adaptive-N Top-Heap"
        tasks:
          - slug: topn_sampler
            phase: P0
            module: sampler/
`;

export const TASK = `slug: topn_sampler
phase: P0
module: sampler/
blueprint:
  epic: A1-E1
  story: A1-S3
acceptance:
  - topn_capture_ratio ≥ 95% on replay harness
e2e_scenarios:
  - standard
  - high_pid_churn
blueprint_goals:
  - G-2  # Host Safety
  - G-4  # Top-N Accuracy
`;

export const SCENARIO = `name: standard
blueprint_goals:
  - G-2
workload:
  type: standard
validation:
  kpis:
    cpu_usage:
      max: 2.0
      unit: percent
`;

/** A small workspace in the plan's layout without a single issue. */
export const SOUND: Readonly<Record<string, string>> = {
  'docs/blueprint_vFinal.md': BLUEPRINT,
  'docs/runbook.md': '',
  'docs/CHANGELOG.md': '',
  'blueprint_tasks.yaml': MAPPING,
  'tasks/pending/topn_sampler.yaml': TASK,
  'e2e/scenarios/standard.yml': SCENARIO,
};

export interface Workspace {
  readonly files: MemoryFiles;
  readonly project: Project;
  snapshot(): Promise<Snapshot>;
  /** `tasks/pending/a.yaml:7:5 error task.unknown-goal`, one for each issue. */
  lines(): Promise<string[]>;
  issue(code: string): Promise<Issue>;
}

/** The sound workspace with some files changed; undefined takes a file away. */
export function sound(changes: Readonly<Record<string, MemoryContent | undefined>> = {}): Workspace {
  const all: Record<string, MemoryContent | undefined> = { ...SOUND, ...changes };
  const kept = Object.entries(all).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
  return workspace(Object.fromEntries(kept));
}

export function workspace(content: Readonly<Record<string, MemoryContent>>): Workspace {
  const files = memoryFiles(content);
  const project = createProject(files, { today: () => TODAY });
  const snapshot = () => project.snapshot();
  return {
    files,
    project,
    snapshot,
    lines: async () => (await snapshot()).issues.map(line),
    async issue(code) {
      const { issues } = await snapshot();
      const found = issues.find((issue) => issue.code === code);
      if (found === undefined) throw new Error(`No ${code} among:\n${issues.map(line).join('\n')}`);
      return found;
    },
  };
}

export function line({ file, range, severity, code }: Issue): string {
  return `${file}:${range.start.line}:${range.start.column} ${severity} ${code}`;
}
