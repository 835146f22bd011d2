import assert from 'node:assert/strict';
import type { Location } from '../../../src/core/model/source.ts';
import { SYMBOL_KINDS, type SymbolKind } from '../../../src/core/project/symbols.ts';
import { MAPPING, sound, TASK } from './workspace.ts';

const SECOND = `slug: tail_sum
blueprint: {epic: A1-E1, story: A1-S3}
acceptance: [tail_error ≤ 5%]
e2e_scenarios: [module_overlimit]
blueprint_goals: [G-4]
depends_on: [topn_sampler]
`;

const CONFIG = `version: 1
checks:
  lint: {run: [make, lint]}
goals:
  - {id: G-4, title: Top-N, kind: kpi, scenario: standard, kpis: {topn_capture_ratio: {min: 95}}}
  - {id: G-8, title: Green, kind: checks, checks: [lint]}
milestones:
  - {id: M2, title: Top-N, tasks: [topn_sampler], verify: {scenario: module_overlimit}}
  - {id: M3, title: Lint, verify: {check: lint}}
`;

const RUNBOOK = `name: runbook
blueprint_goals: [G-4]
scenarios:
  - name: module_overlimit
    steps: [{action: wait, params: {duration_seconds: 1}}]
validation: {kpis: {topn_capture_ratio: {min: 95}}}
`;

const DEVIATION =
  'id: D-1\ndate: 2026-01-01\nblueprint_item: A1-S3\nchange: c\njustification: j\nimpact_analysis: {G-4: none}\n';

const made = sound({
  'blueprint_tasks.yaml': `${MAPPING}          - slug: tail_sum\n`,
  'tasks/done/tail_sum.yaml': SECOND,
  'infrabuilder.yaml': CONFIG,
  'e2e/scenarios/runbook.yml': RUNBOOK,
  'docs/deviations/D-1.yaml': DEVIATION,
});

function show(places: readonly Location[]): string[] {
  return places.map(({ file, range: { start, end } }) => `${file}:${start.line}:${start.column}-${end.column}`);
}

async function places(kind: SymbolKind, id: string) {
  const snapshot = await made.snapshot();
  return { definitions: show(snapshot.definitions({ kind, id })), references: show(snapshot.references({ kind, id })) };
}

describe('symbols', () => {
  it('a goal is defined by the configuration and the blueprint’s table', async () => {
    assert.deepEqual(await places('goal', 'G-4'), {
      definitions: ['infrabuilder.yaml:5:10-13', 'docs/blueprint_vFinal.md:8:5-8'],
      references: [
        'e2e/scenarios/runbook.yml:2:19-22',
        'docs/deviations/D-1.yaml:6:19-22',
        'tasks/done/tail_sum.yaml:5:19-22',
        'tasks/pending/topn_sampler.yaml:14:5-8',
      ],
    });
  });

  it('a task is defined by its file', async () => {
    assert.deepEqual(await places('task', 'topn_sampler'), {
      definitions: ['tasks/pending/topn_sampler.yaml:1:7-19'],
      references: ['infrabuilder.yaml:8:36-48', 'blueprint_tasks.yaml:9:19-31', 'tasks/done/tail_sum.yaml:6:14-26'],
    });
  });

  it('an epic and a story are defined by the mapping, and where the blueprint first names them', async () => {
    assert.deepEqual(await places('epic', 'A1-E1'), {
      definitions: ['blueprint_tasks.yaml:3:3-8', 'docs/blueprint_vFinal.md:10:4-9'],
      references: ['tasks/done/tail_sum.yaml:2:19-24', 'tasks/pending/topn_sampler.yaml:5:9-14'],
    });
    assert.deepEqual((await places('story', 'A1-S3')).references, [
      'docs/deviations/D-1.yaml:3:17-22',
      'tasks/done/tail_sum.yaml:2:33-38',
      'tasks/pending/topn_sampler.yaml:6:10-15',
    ]);
  });

  it('a scenario is defined by its file, or inside one', async () => {
    assert.deepEqual(await places('scenario', 'module_overlimit'), {
      definitions: ['e2e/scenarios/runbook.yml:4:11-27'],
      references: ['infrabuilder.yaml:8:70-86', 'tasks/done/tail_sum.yaml:4:17-33'],
    });
    assert.deepEqual((await places('scenario', 'standard')).definitions, ['e2e/scenarios/standard.yml:1:7-15']);
  });

  it('KPIs are built in; checks and milestones are defined by the configuration', async () => {
    assert.deepEqual(await places('kpi', 'topn_capture_ratio'), {
      definitions: [],
      references: ['infrabuilder.yaml:5:67-85', 'e2e/scenarios/runbook.yml:6:21-39'],
    });
    assert.deepEqual(await places('check', 'lint'), {
      definitions: ['infrabuilder.yaml:3:3-7'],
      references: ['infrabuilder.yaml:6:52-56', 'infrabuilder.yaml:9:43-47'],
    });
    assert.deepEqual((await places('milestone', 'M3')).definitions, ['infrabuilder.yaml:9:10-12']);
  });

  it('every range holds the name and nothing else, so that a rename can replace it', async () => {
    const snapshot = await made.snapshot();
    let seen = 0;
    for (const kind of SYMBOL_KINDS) {
      for (const id of snapshot.symbolNames(kind)) {
        for (const { file, range } of [...snapshot.definitions({ kind, id }), ...snapshot.references({ kind, id })]) {
          const text = snapshot.source(file)?.text.split('\n')[range.start.line - 1];
          assert.equal(text?.slice(range.start.column - 1, range.end.column - 1), id, `${kind} ${id} in ${file}`);
          seen++;
        }
      }
    }
    assert.ok(seen > 40, `${seen} places`);
  });

  it('what nobody names is nowhere', async () => {
    assert.deepEqual(await places('goal', 'G-77'), { definitions: [], references: [] });
    assert.deepEqual(await places('task', 'G-4'), { definitions: [], references: [] });
  });

  it('finds what stands at a position, both ends included', async () => {
    const snapshot = await made.snapshot();
    const file = 'tasks/pending/topn_sampler.yaml';
    const at = (line: number, column: number) => {
      const use = snapshot.symbolAt(file, { line, column });
      return use && `${use.role} ${use.kind} ${use.id}`;
    };
    assert.deepEqual(
      [at(1, 7), at(1, 19), at(5, 11), at(11, 5), at(14, 8)],
      [
        'definition task topn_sampler',
        'definition task topn_sampler',
        'reference epic A1-E1',
        'reference scenario high_pid_churn',
        'reference goal G-4',
      ],
    );
    assert.deepEqual([at(1, 6), at(8, 6), at(99, 1)], [undefined, undefined, undefined]);
    assert.equal(snapshot.symbolAt('README.md', { line: 1, column: 1 }), undefined);
  });

  it('lists the names of a kind, built-in ones too', async () => {
    const snapshot = await made.snapshot();
    assert.deepEqual(snapshot.symbolNames('task'), ['tail_sum', 'topn_sampler']);
    assert.deepEqual(snapshot.symbolNames('epic'), ['A1-E1']);
    assert.deepEqual(snapshot.symbolNames('check'), ['lint']);
    assert.deepEqual(snapshot.symbolNames('scenario'), [
      'cpu_spikes',
      'high_cardinality',
      'high_pid_churn',
      'memory_pressure',
      'module_overlimit',
      'runbook',
      'standard',
    ]);
    assert.ok(snapshot.symbolNames('kpi').includes('cpu_usage'));
    assert.deepEqual(snapshot.symbolNames('goal'), ['G-1', 'G-2', 'G-3', 'G-4', 'G-8']);
  });

  it('gives the text and the ranges of every file that it read', async () => {
    const snapshot = await made.snapshot();
    const source = snapshot.source('tasks/pending/topn_sampler.yaml');
    assert.equal(source?.text, TASK);
    assert.deepEqual(source.parsed.locate(['phase']).start, { line: 2, column: 8 });
    assert.equal(snapshot.source('infrabuilder.yaml')?.text, CONFIG);
    assert.equal(snapshot.source('docs/runbook.md'), undefined);
  });
});
