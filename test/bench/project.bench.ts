/** Index of 10,000 tasks, and one changed file, in memory and on disk. Prints figures; asserts nothing about time. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Files } from '../../src/core/ports.ts';
import { createProject } from '../../src/core/project/project.ts';
import { createFiles } from '../../src/node/files.ts';
import { memoryFiles } from '../support/memoryFiles.ts';

const TASKS = 10_000;
const STORIES = 500;
const ROUNDS = 20;
const REPEATS = 3;

function taskText(number: number, note = '', waitsFor = number - 1): string {
  const story = number % STORIES;
  const dependsOn = number % 3 === 0 ? [] : ['depends_on:', `  - ${slugOf(waitsFor)}`];
  return [
    `# ${slugOf(number)}${note}`,
    `slug: ${slugOf(number)}`,
    'phase: P0',
    'module: sampler/',
    'blueprint:',
    `  epic: A${story % 20}-E1`,
    `  story: A${story % 20}-S${story}`,
    'acceptance:',
    '  - topn_capture_ratio ≥ 95% on replay harness',
    '  - sampler CPU ≤ 0.5%',
    '  - heap operations O(k log N) verified by profiling',
    'e2e_scenarios:',
    '  - standard',
    '  - high_pid_churn',
    'blueprint_goals:',
    '  - G-2  # Host Safety',
    '  - G-3  # Statistical Fidelity',
    '  - G-4  # Top-N Accuracy',
    ...dependsOn,
    '',
  ].join('\n');
}

function slugOf(number: number): string {
  return `task_${String(number).padStart(5, '0')}`;
}

function pathOf(number: number): string {
  return `tasks/${number < TASKS / 2 ? 'done' : 'pending'}/${slugOf(number)}.yaml`;
}

function mappingText(): string {
  const lines = ['epics:'];
  for (let epic = 0; epic < 20; epic++) {
    lines.push(`  A${epic}-E1:`, `    title: "Epic ${epic}"`, '    stories:');
    for (let story = epic; story < STORIES; story += 20) {
      lines.push(`      A${epic}-S${story}:`, `        title: "Story ${story}"`, '        tasks:');
      for (let number = story; number < TASKS; number += STORIES) {
        lines.push(`          - slug: ${slugOf(number)}`, '            phase: P0', '            module: sampler/');
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function workspaceTexts(): Record<string, string> {
  const texts: Record<string, string> = {
    'docs/blueprint_vFinal.md': '# Blueprint\n',
    'docs/runbook.md': '',
    'docs/CHANGELOG.md': '',
    'blueprint_tasks.yaml': mappingText(),
  };
  for (let number = 0; number < TASKS; number++) texts[pathOf(number)] = taskText(number);
  return texts;
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function row(what: string, ms: number, baseline?: number): void {
  const ratio = baseline === undefined ? '' : `${(ms / baseline).toFixed(3)} of the baseline`;
  console.log(`${what.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms  ${ratio}`);
}

async function measure(name: string, files: Files, baseline: number): Promise<void> {
  const first: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) first.push(await timed(() => createProject(files).snapshot()));
  row(`${name}: first index, cold code`, first[0] ?? Number.NaN, baseline);
  row(`${name}: first index, median of ${REPEATS}`, median(first), baseline);
  const project = createProject(files);
  const { tasks, issues } = await project.snapshot();
  if (tasks.length !== TASKS || issues.length > 0) throw new Error(`${tasks.length} tasks, ${issues.length} issues`);
  const changes: number[] = [];
  // Every other change touches the graph of dependencies, which is checked as a whole.
  for (let round = 0; round < ROUNDS; round++) {
    const number = 3 + ((round * 487) % (TASKS - 3));
    await files.write(pathOf(number), taskText(number, `, change ${round}`, number - 1 - (round % 2)));
    changes.push(
      await timed(() => {
        project.update([pathOf(number)]);
        return project.snapshot();
      }),
    );
  }
  row(`${name}: one changed file, median of ${ROUNDS}`, median(changes), baseline);
  row(`${name}: one changed file, worst of ${ROUNDS}`, Math.max(...changes), baseline);
  const snapshot = await project.snapshot();
  row(
    `${name}: all references to a goal`,
    await timed(() => snapshot.references({ kind: 'goal', id: 'G-2' })),
    baseline,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'infrabuilder-bench-'));
try {
  const texts = workspaceTexts();
  for (const sub of ['docs', 'tasks/pending', 'tasks/done']) mkdirSync(join(folder, sub), { recursive: true });
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(folder, path), text);
  const disk = createFiles(folder);
  const names = ['done', 'pending'].flatMap((status) => {
    const path = join(folder, 'tasks', status);
    return readdirSync(path).map((name) => join(path, name));
  });
  console.log(`${TASKS} tasks, ${process.version}, ${process.platform}`);
  const load = (name: string) => parse(readFileSync(name, 'utf8')) as unknown;
  await timed(() => names.slice(0, 1000).map(load));
  const baseline = await timed(() => names.map(load));
  row('baseline: read and yaml.parse of each task', baseline);
  await measure('disk', disk, baseline);
  await measure('memory', memoryFiles(texts), baseline);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
