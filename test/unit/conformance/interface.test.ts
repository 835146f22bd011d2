import assert from 'node:assert/strict';
import { found, goFile, issues, rulesFile, scan, verdicts } from './support.ts';

const AGENT = [
  'package agent',
  '',
  'import "context"',
  '',
  'type Stopper interface{ Shutdown(ctx context.Context) error }',
  '',
  'type Module interface {',
  '\tStopper',
  '\tInit(ctx context.Context, budget Budget) (err error)',
  '\tResources() Budget',
  '}',
  '',
  'type Budget struct{ CPU, Memory float64 }',
  '',
].join('\n');

const COMPLETE = [
  'type FullModule[T any] struct{ seen map[string]T }',
  '',
  'func (m *FullModule[T]) Init(_ context.Context, b agent.Budget) error { return nil }',
  'func (m *FullModule[T]) Resources() (agent.Budget)                    { return agent.Budget{} }',
  'func (m FullModule[K]) Shutdown(context.Context) error                { return nil }',
  '',
].join('\n');

const IMPORTS = ['"context"', '"example.com/agent/agent"'];
const rules = (types = '{collector,sampler}/**#*Module', more = 'implements: "agent#Module"') =>
  rulesFile(['agent', 'collector', 'sampler'], `  - {id: lifecycle, kind: interface, types: "${types}", ${more}}\n`);

const world = (sampler: string, extra: Record<string, string> = {}) => ({
  rules: rules(),
  files: {
    'agent/module.go': AGENT,
    'collector/c.go': goFile(IMPORTS, COMPLETE, 'collector'),
    'sampler/s.go': goFile(IMPORTS, sampler, 'sampler'),
    ...extra,
  },
});

describe('interface rules', () => {
  it('accept generic types, pointer receivers, embedded interfaces and other names of parameters', async () => {
    const report = await scan(world(COMPLETE));
    assert.deepEqual([found(report), issues(report)], [[], []]);
    assert.deepEqual(report.rules[0]?.counts, { Init: 2, Resources: 2, Shutdown: 2 });
  });

  it('say which method a type likely lacks, or has with other types', async () => {
    const report = await scan(
      world('type ShortModule struct{}\n\nfunc (ShortModule) Init(context.Context) error { return nil }\n'),
    );
    assert.deepEqual(found(report), ['sampler/s.go:7:6 lifecycle']);
    assert.equal(
      report.violations[0]?.message,
      'ShortModule likely does not implement agent#Module: it lacks Init(context.Context, Budget) error ' +
        '(it has Init(context.Context) error), Resources() Budget, Shutdown(context.Context) error.',
    );
    assert.deepEqual(report.rules[0]?.counts, { Init: 1, Resources: 1, Shutdown: 1 });
  });

  it('see methods that come from embedded types, of this package or another, over any number of levels and files', async () => {
    const sampler = 'type DeepModule struct {\n\t*outer\n\tname string\n}\n\ntype outer struct{ base.Life }\n';
    const files = {
      'sampler/outer.go': goFile(
        IMPORTS,
        'func (outer) Resources() agent.Budget { return agent.Budget{} }\n',
        'sampler',
      ),
      'agent/life/life.go': goFile(
        IMPORTS,
        'type Life struct{}\nfunc (*Life) Init(context.Context, agent.Budget) error { return nil }\nfunc (*Life) Shutdown(context.Context) error { return nil }\n',
        'base',
      ),
    };
    const one = world(sampler, files);
    one.files['sampler/s.go'] = goFile([...IMPORTS, '"example.com/agent/agent/life"'], sampler, 'sampler');
    assert.deepEqual(found(await scan(one)), []);
  });

  it('see methods on every platform and say what they cannot see', async () => {
    const sampler = 'type ConnModule struct{ net.Conn }\n';
    const report = await scan(
      world(sampler, {
        'sampler/s_windows.go': goFile(
          IMPORTS,
          'func (ConnModule) Resources() agent.Budget { return agent.Budget{} }\n',
          'sampler',
        ),
      }),
    );
    const message = report.violations[0]?.message ?? '';
    assert.ok(!message.includes('Resources'), message);
    assert.ok(message.endsWith('Methods of the embedded net.Conn cannot be seen from here.'), message);
  });

  it('ask for a type in every module that the rule names', async () => {
    const report = await scan(world('type Other struct{}\n'));
    assert.deepEqual(found(report), ['conformance.yaml:7:45 lifecycle']);
    assert.equal(report.violations[0]?.message, 'No type like "*Module" is in sampler/**.');
  });

  it('do not count interfaces, aliases and test doubles as implementations', async () => {
    const sampler = `${COMPLETE}\ntype AModule = FullModule[int]\ntype IModule interface{ Init() }\n`;
    assert.deepEqual(
      found(await scan(world(sampler, { 'sampler/s_test.go': 'package sampler\n\ntype fakeModule struct{}\n' }))),
      [],
    );
  });

  it('take names of methods, with or without types', async () => {
    const files = world('type SModule struct{}\n\nfunc (SModule) Close() {}\n').files;
    const named = (methods: string) => rules('sampler/**#*Module', `methods: ${methods}`);
    assert.deepEqual(found(await scan({ rules: named('[Close]'), files })), []);
    assert.deepEqual(found(await scan({ rules: named('["Close() error"]'), files })), ['sampler/s.go:7:6 lifecycle']);
  });

  it('are not evaluated without an interface, without methods, or without types', async () => {
    const { files } = world(COMPLETE);
    for (const [text, code] of [
      [rules(undefined, 'implements: "agent#Modul"'), 'conformance.unknown-interface'],
      [rules(undefined, 'methods: []'), 'conformance.incomplete-rule'],
      [rules('nowhere/**#*Module'), 'conformance.rule-matches-nothing'],
    ] as const) {
      const report = await scan({ rules: text, files });
      assert.deepEqual(
        [report.issues.map((issue) => issue.code), verdicts(report)],
        [[code], { lifecycle: 'not-evaluated' }],
      );
    }
  });
});
