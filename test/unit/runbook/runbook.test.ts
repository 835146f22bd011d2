import assert from 'node:assert/strict';
import { type Scenario, scenarioSchema } from '../../../src/core/model/scenario.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { readRunbook } from '../../../src/core/runbook/entries.ts';
import { featurePatterns, featuresIn } from '../../../src/core/runbook/features.ts';
import { checkParity } from '../../../src/core/runbook/parity.ts';
import { checkStructure } from '../../../src/core/runbook/structure.ts';

const ENTRY = [
  '# Runbook',
  '## Self-Governance',
  '### Feature Overview',
  'Keeps the agent within its limits.',
  '| `max_cpu` | 2 | 0.1 to 100 |',
  '### 2. Metrics and Events',
  '| `agent_cpu` | metric | below the limit |',
  '| `ModuleOverLimit` | event | absent |',
  '### Diagnostic Procedures',
  '- Symptom: `ModuleOverLimit`. Raise the limit, or find what changed.',
  '### Operational Scenarios',
  '#### ModuleOverLimit',
  '1. Read `module` in the event.',
  '### Blueprint Goal Coverage',
  '- G-6: verify with scenario `failover`.',
];
const without = (...lines: number[]) => ENTRY.filter((_, at) => !lines.includes(at));
const shown = (issues: readonly { code: string; range: { start: { line: number } } }[]) =>
  issues.map(({ code, range }) => `${code} ${range.start.line}`);

describe('features in source text', () => {
  const names = (file: string, ...lines: string[]) =>
    featuresIn(lines.join('\n'), file, file, featurePatterns(undefined)).map(
      ({ kind, name, range }) => `${kind} ${name} ${range.start.line}:${range.start.column}`,
    );

  it('are keys, metrics and events of Go', () => {
    assert.deepEqual(
      names(
        'config/config.go',
        'type C struct {',
        '\tMax float64 `json:"max_cpu" default:"2"`',
        '\tOff bool `json:"-"`',
        '}',
      ),
      ['config max_cpu 2:21'],
    );
    assert.deepEqual(
      names(
        'model/event.go',
        '\tName string `json:"event"`',
        '\tEventType = "AgentDiagEvent"',
        '\tEventOver = "ModuleOverLimit"',
      ),
      ['event ModuleOverLimit 3:15'],
    );
    assert.deepEqual(
      names(
        'export/metric.go',
        'const MetricCPU = "agent_cpu"',
        '// MetricOld = "gone"',
        'm.Int64Counter("sent.total")',
      ),
      ['metric agent_cpu 1:20', 'metric sent.total 3:17'],
    );
  });

  it('are those of TypeScript and Python', () => {
    assert.deepEqual(names('src/config.ts', '  maxCpu: z.number(),', "const EVENT_OVER = 'OverLimit';"), [
      'config maxCpu 1:3',
      'event OverLimit 2:21',
    ]);
    assert.deepEqual(names('a/metrics.py', "CPU = Gauge('agent_cpu', 'CPU')"), ['metric agent_cpu 1:14']);
  });

  it("follow a goal's own patterns, by kind", () => {
    const own = featurePatterns({ metric: [{ pattern: 'emit\\("(\\w+)"', in: 'src/**/*.rs' }] });
    const found = (file: string) => featuresIn('emit("cpu")', file, file, own).map(({ name }) => name);
    assert.deepEqual([found('src/a/b.rs'), found('src/c.rs'), found('lib/c.rs')], [['cpu'], ['cpu'], []]);
    assert.throws(() => featurePatterns({ event: [{ pattern: '(' }] }), { code: 'features.pattern' });
  });
});

describe('documentation parity', () => {
  const source = 'Max float64 `json:"max_cpu"`\nconst MetricCPU = "agent_cpu"\nconst EventOver = "ModuleOverLimit"';
  const features = featuresIn(source, 'agent/config.go', 'config.go', featurePatterns(undefined));
  const task = (slug: string, title?: string) => ({ slug, title, file: `tasks/done/${slug}.yaml` }) as Task;
  const check = (lines: string[], { done = [] as Task[], changelog = '' } = {}) => {
    const runbook = lines.join('\n');
    const texts = { runbookFile: 'docs/runbook.md', runbook, changelogFile: 'docs/CHANGELOG.md', changelog };
    return checkParity(features, done, readRunbook(runbook), texts);
  };

  it('holds where each feature stands in its part', () => {
    assert.deepEqual(check(ENTRY), []);
  });

  it('finds what is undocumented at its line in the source, and what stands in the wrong part', () => {
    const [missing] = check(without(6));
    assert.deepEqual(
      [missing?.code, missing?.file, missing?.range.start],
      ['docs.undocumented', 'agent/config.go', { line: 2, column: 20 }],
    );
    assert.deepEqual(shown(check(without(7))), ['docs.wrong-section 3']);
    assert.deepEqual(shown(check([...without(4), 'See `max_cpu_total`.'])), ['docs.undocumented 1']);
  });

  it('finds names that the source does not have, but not plain words', () => {
    const more = [
      ...ENTRY.slice(0, 5),
      '| `min_cpu` | 1 | |',
      '| `yes` | |',
      '```',
      '| `not_read` |',
      '```',
      ...ENTRY.slice(5),
    ];
    assert.deepEqual(shown(check(more)), ['docs.unknown-name 6']);
  });

  it('asks runbook and change log for each done task, by slug or title', () => {
    const done = [task('topn_sampler', 'Adaptive sampling')];
    assert.deepEqual(
      check(ENTRY, { done }).map(({ message }) => /but (\S+) does not/.exec(message)?.[1]),
      ['docs/runbook.md', 'docs/CHANGELOG.md'],
    );
    assert.deepEqual(check([...ENTRY, 'The top-N: topn-sampler.'], { done, changelog: '- Adaptive  Sampling' }), []);
  });
});

describe('runbook structure', () => {
  const scenario = (more: object = {}): Scenario =>
    scenarioSchema.parse({
      name: 'runbook_scenarios',
      scenarios: [
        {
          name: 'overlimit',
          steps: [{ action: 'verify', params: { expect_event: 'AgentDiagEvent.*ModuleOverLimit.*sampler' } }],
        },
      ],
      validation: { runbook_coverage: { required_sections: ['ModuleOverLimit'] } },
      ...more,
    });
  const check = (lines: string[], played = scenario()) =>
    shown(checkStructure(readRunbook(lines.join('\n')), 'docs/runbook.md', played, new Set(['G-6']), ['failover']));

  it('holds for an entry with five parts', () => {
    assert.deepEqual(check(ENTRY), []);
  });

  it('finds a part that is missing or empty', () => {
    assert.deepEqual(check(without(2, 3, 4)), ['runbook.part-missing 2']);
    assert.deepEqual(check(without(3, 4)), ['runbook.part-empty 3']);
  });

  it('finds a symptom without remediation, in whatever words', () => {
    const bare = (line: string) => check(ENTRY.map((text, at) => (at === 9 ? line : text)));
    assert.deepEqual(bare('- Symptom: `ModuleOverLimit`.'), ['runbook.no-remediation 10']);
    assert.deepEqual(bare('- Symptom: `ModuleOverLimit`\n  with a rising slope.'), ['runbook.no-remediation 10']);
    assert.deepEqual(bare('`ModuleOverLimit` is bad. Beware.'), ['runbook.no-symptoms 9']);
    assert.deepEqual(bare('- Symptom: `ModuleOverLimit`\n- Remediation: raise the limit.'), []);
    assert.deepEqual(bare('| Symptom | Action |\n|---|---|\n| `ModuleOverLimit` | raise it |'), []);
    assert.deepEqual(bare('#### Symptoms\n`ModuleOverLimit`.\n#### Remediation\nRaise it.'), []);
    assert.deepEqual(bare('#### Symptoms of `ModuleOverLimit`\n#### Remediation\n'), [
      'runbook.part-empty 9',
      'runbook.no-remediation 10',
    ]);
  });

  it('finds operational scenarios without steps, and goals that there are not', () => {
    assert.deepEqual(check(ENTRY.map((text, at) => (at === 12 ? 'Read it.' : text))), ['runbook.no-steps 11']);
    assert.deepEqual(check(ENTRY.map((text, at) => (at === 14 ? '- G-66: all.' : text))), ['runbook.unknown-goal 14']);
    assert.deepEqual(check(ENTRY.map((text, at) => (at === 14 ? 'All.' : text))), ['runbook.no-goal 14']);
  });

  it('compares with what the scenarios play', () => {
    assert.deepEqual(check(ENTRY.map((text) => text.replace('ModuleOverLimit', 'Other'))), [
      'runbook.required-section 1',
      'runbook.event-undescribed 1',
    ]);
    const other = scenario({
      scenarios: [{ name: 'x', steps: [{ action: 'wait', params: { duration_seconds: 1 } }] }],
    });
    assert.deepEqual(
      check(
        ENTRY.map((text, at) => (at === 14 ? '- G-6.' : text)),
        other,
      ),
      ['runbook.entry-unplayed 11'],
    );
  });

  it('takes no heading in a code fence for one', () => {
    assert.deepEqual(check([...ENTRY.slice(0, 4), '```', '### Feature Overview', '```', ...ENTRY.slice(4)]), []);
  });
});
