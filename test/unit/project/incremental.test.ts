import assert from 'node:assert/strict';
import { createProject } from '../../../src/core/project/project.ts';
import type { Snapshot } from '../../../src/core/project/snapshot.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { BLUEPRINT, line, MAPPING, SOUND, TODAY, workspace } from './workspace.ts';

/** A small generator (mulberry32): the same seed gives the same run on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SLUGS = ['topn_sampler', 'topn_samplr', 'Topn_Sampler', 'tail', 'tial', 'sketch'];
const FOLDERS = ['tasks/pending', 'tasks/in_progress', 'tasks/done', 'tasks'];

function anyTask(pick: (below: number) => number): string {
  const one = (list: readonly string[]) => list[pick(list.length)] ?? '';
  if (pick(12) === 0) return 'slug: [';
  const dependsOn = Array.from({ length: pick(3) }, () => one(SLUGS));
  return [
    ...(pick(4) === 0 ? ['# moved down'] : []),
    `slug: ${one(SLUGS)}`,
    `phase: P${pick(2)}`,
    `blueprint: {epic: ${one(['A1-E1', 'A1-E1', 'A1-E2'])}, story: ${one(['A1-S3', 'A1-S3', 'A1-S4'])}}`,
    'acceptance: [works]',
    `e2e_scenarios: [${one(['standard', 'extra', 'exrta'])}]`,
    `blueprint_goals: [${one(['G-1', 'G-44'])}]`,
    `depends_on: [${dependsOn.join(', ')}]`,
    '',
  ].join('\n');
}

/** One random change: the path and its new text, or undefined to remove it. */
function anyChange(pick: (below: number) => number): [string, string | undefined] {
  const one = (list: readonly string[]) => list[pick(list.length)] ?? '';
  const kind = pick(20);
  if (kind < 13) return [`${one(FOLDERS)}/${one(SLUGS)}.yaml`, pick(4) === 0 ? undefined : anyTask(pick)];
  const options: [string, string | undefined][] = [
    ['blueprint_tasks.yaml', one([MAPPING, `${MAPPING}          - slug: ${one(SLUGS)}\n`, 'epics: [', ''])],
    [
      'e2e/scenarios/extra.yml',
      one(['name: extra\nworkload: {type: standard}\n', 'name: other\nworkload: {type: standard}\n']),
    ],
    [
      'infrabuilder.yaml',
      one(['version: 1\n', 'version: 1\npaths: {docs: doc}\n', 'version: 1\npaths: {tasks: work}\n', 'goals: [']),
    ],
    ['docs/blueprint_vFinal.md', one([BLUEPRINT, '# Other\n'])],
    [`reports/${one(SLUGS)}_plan.md`, '# Plan'],
    ['docs/runbook.md', ''],
    [`work/pending/${one(SLUGS)}.yaml`, anyTask(pick)],
  ];
  const [path, text] = options[pick(options.length)] ?? ['README.md', ''];
  return [path, pick(3) === 0 ? undefined : text];
}

function content({ issues, tasks, documents, config, mapping, blueprint }: Snapshot): unknown {
  const text = (value: unknown) => JSON.stringify(value);
  return {
    issues: issues.map((issue) => `${line(issue)} ${text(issue)}`),
    tasks: text(tasks),
    documents,
    config,
    epics: mapping?.epics,
    blueprint,
  };
}

describe('an incremental snapshot', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`equals a fresh one after each of 100 random changes (seed ${seed})`, async () => {
      const pick = generator(seed);
      const files = memoryFiles(SOUND);
      const options = { today: () => TODAY };
      const project = createProject(files, options);
      const overlays = new Map<string, string>();
      for (let step = 0; step < 100; step++) {
        const changed: string[] = [];
        for (let change = pick(3); change >= 0; change--) {
          const [path, text] = anyChange(pick);
          if (pick(8) === 0) {
            if (text === undefined) overlays.delete(path);
            else overlays.set(path, text);
            project.setOverlay(path, text);
          } else if (text === undefined) await files.remove(path);
          else await files.write(path, text);
          changed.push(path);
        }
        project.update(pick(10) === 0 ? undefined : changed);
        const fresh = createProject(files, options);
        for (const [path, text] of overlays) fresh.setOverlay(path, text);
        assert.deepEqual(
          content(await project.snapshot()),
          content(await fresh.snapshot()),
          `step ${step}: ${changed.join(', ')}`,
        );
      }
    });
  }
});

describe('a workspace of 10,000 tasks', () => {
  const COUNT = 10_000;
  const path = (at: number) => `tasks/pending/t${at}.yaml`;
  const text = (at: number, goal = 'G-1') =>
    `slug: t${at}\nacceptance: [works]\nblueprint_goals: [${goal}]\ndepends_on: [t${at === 0 ? COUNT - 1 : at - 1}]\n`;
  const mapping = `epics:\n  E-1:\n    stories:\n      S-1:\n        tasks:\n${Array.from({ length: COUNT }, (_, at) => `          - slug: t${at}\n`).join('')}`;

  it('finds what one changed file breaks and mends, near and far', async () => {
    const tasks = Object.fromEntries(Array.from({ length: COUNT }, (_, at) => [path(at), text(at)]));
    const made = workspace({
      ...SOUND,
      ...tasks,
      'tasks/pending/topn_sampler.yaml': 'slug: t1\nacceptance: [works]\n',
      'blueprint_tasks.yaml': mapping,
    });
    const { project, files } = made;
    assert.deepEqual(await made.lines(), [
      `${path(0)}:4:14 error task.dependency-cycle`,
      `${path(1)}:1:7 error task.duplicate-slug`,
      'tasks/pending/topn_sampler.yaml:1:7 error task.duplicate-slug',
      'tasks/pending/topn_sampler.yaml:1:7 info task.no-goals',
      'tasks/pending/topn_sampler.yaml:1:7 error task.slug-file-mismatch',
    ]);
    await files.remove('tasks/pending/topn_sampler.yaml');
    await files.write(path(0), 'slug: t0\nacceptance: [works]\nblueprint_goals: [G-1]\n');
    project.update(['tasks/pending/topn_sampler.yaml', path(0)]);
    assert.deepEqual(await made.lines(), []);
    await files.remove(path(5000));
    project.update([path(5000)]);
    assert.deepEqual(await made.lines(), [
      'blueprint_tasks.yaml:5006:19 info mapping.unknown-task',
      `${path(5001)}:4:14 error task.unknown-dependency`,
    ]);
    assert.equal((await made.snapshot()).references({ kind: 'goal', id: 'G-1' }).length, COUNT - 1);
  });

  it('that is wrong everywhere still answers', async () => {
    const tasks = Object.fromEntries(
      Array.from({ length: COUNT }, (_, at) => [
        path(at),
        `slug: t${at}\nacceptance: [works]\nblueprint_goals: [G-1]\ndepends_on: [gone${at}x]\n`,
      ]),
    );
    const { issues } = await workspace(tasks).snapshot();
    assert.equal(issues.filter(({ code }) => code === 'task.unknown-dependency').length, COUNT);
  });

  it('that was copied without changing the slug answers too', async () => {
    const tasks = Object.fromEntries(
      Array.from({ length: COUNT }, (_, at) => [path(at), 'slug: todo\nacceptance: [works]\n']),
    );
    const { issues } = await workspace(tasks).snapshot();
    const twins = issues.filter(({ code }) => code === 'task.duplicate-slug');
    assert.equal(twins.length, COUNT);
    assert.match(twins[0]?.message ?? '', /t10\.yaml, .* and 9996 more as well/);
  });
});
