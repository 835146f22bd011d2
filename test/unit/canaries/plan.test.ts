import assert from 'node:assert/strict';
import { builtInDefects } from '../../../src/core/canaries/builtin/index.ts';
import type { DeclaredFeature } from '../../../src/core/canaries/builtin/subject.ts';
import { isPlantable } from '../../../src/core/canaries/defect.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { readRunbook } from '../../../src/core/runbook/entries.ts';
import { featurePatterns, featuresIn } from '../../../src/core/runbook/features.ts';
import { checkStructure } from '../../../src/core/runbook/structure.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const PATHS = 'version: 1\npaths: {source: agent}\n';
const PROTO = 'syntax = "proto3";\nmessage A {\n  string name = 1;\n}\n';

/** The defects of the one goal, by title; `base` are the files that the base revision has. */
async function plan(
  goal: string,
  files: Readonly<Record<string, string>>,
  { features = [], base = Object.keys(files) }: { features?: DeclaredFeature[]; base?: readonly string[] } = {},
) {
  const memory = memoryFiles({ 'infrabuilder.yaml': `${PATHS}${goal}`, ...files });
  const snapshot = await createProject(memory).snapshot();
  const [first] = snapshot.goals;
  assert.ok(first);
  const listing = (paths: readonly string[]) => new Map(paths.map((path) => [path, 'id'] as const));
  return builtInDefects(first, {
    snapshot,
    files: memory,
    tree: {
      list: async () => listing(Object.keys(memory.texts())),
      listAt: async () => listing(base),
      revision: async () => ({ kind: 'commit', commit: 'c', gitFolder: '.git', prefix: '' }),
    },
    features: async () => features,
    trespass: async () => ({ file: 'agent/x.go', content: 'package x\n', title: 'a imports b, which r forbids' }),
  });
}

async function planted(...args: Parameters<typeof plan>) {
  return (await plan(...args)).filter(isPlantable);
}

const goal = (fields: string) => `goals: [{id: G-1, title: T, ${fields}}]\n`;

describe('built-in defects', () => {
  describe('of a schema goal', () => {
    it('change a field of a file that the base revision has', async () => {
      const files = { 'agent/a.proto': PROTO, 'agent/b.proto': PROTO };
      const [defect] = await planted(goal('kind: schema'), files, { base: ['agent/b.proto'] });
      assert.equal(defect?.title, 'the field name turns from string into double in agent/b.proto');
      assert.deepEqual(defect?.files, [{ file: 'agent/b.proto', content: PROTO.replace('string', 'double') }]);
    });

    it('are not there without a field to change, and say so', async () => {
      const [defect] = await plan(goal('kind: schema'), { 'agent/a.proto': 'syntax = "proto3";\n' });
      assert.deepEqual(defect && 'why' in defect && defect.why, 'No .proto file below agent has a field to change.');
    });
  });

  describe('of a documentation goal', () => {
    const FEATURES: DeclaredFeature[] = [
      { kind: 'metric', name: 'a.b', file: 'agent/m/metrics.go' },
      { kind: 'event', name: 'Over', file: 'agent/m/metrics.go' },
    ];
    const GO = { 'agent/m/metrics.go': 'package m\n' };

    it('declare one of each kind that the source has, as the reader finds it', async () => {
      const defects = await planted(goal('kind: docs-parity'), GO, { features: FEATURES });
      assert.deepEqual(
        defects.map(({ title }) => title),
        ['an undocumented metric', 'an undocumented event'],
      );
    });

    for (const [language, source] of [
      ['Go', 'agent/m/a.go'],
      ['TypeScript', 'agent/m/a.ts'],
      ['Python', 'agent/m/a.py'],
    ] as const) {
      it(`are found by the reader of features in ${language}`, async () => {
        const defects = await planted(goal('kind: docs-parity'), { [source]: 'package m\n' });
        const found = defects.flatMap(({ files }) =>
          files.flatMap(({ file, content }) =>
            featuresIn(content, file, file.slice('agent/'.length), featurePatterns(undefined)).map(({ kind }) => kind),
          ),
        );
        assert.deepEqual(found, ['config', 'metric', 'event']);
      });
    }

    it('rename a feature where the project has patterns of its own', async () => {
      const own = goal('kind: docs-parity, features: {metric: [{pattern: "register (\\\\S+)"}]}');
      const text = 'register a.b\n';
      const [defect] = await planted(
        own,
        { 'agent/m/metrics.go': text },
        { features: [{ kind: 'metric', name: 'a.b', file: 'agent/m/metrics.go' }] },
      );
      assert.deepEqual(defect?.files, [{ file: 'agent/m/metrics.go', content: 'register a.b_canary\n' }]);
    });

    it('are not there where nobody knows how a feature would look', async () => {
      const [defect] = await plan(goal('kind: docs-parity'), { 'agent/a.rs': '' });
      assert.equal(defect && isPlantable(defect), false);
    });
  });

  describe('of a goal on checks', () => {
    const CHECKS = `checks:
  big: {run: [go, test, ./...], cwd: agent, parser: gotest, coverage: {min: 80}}
  small: {run: [go, test, ./...], cwd: testbed, parser: gotest}
  format: {run: [gofmt, -l, .], cwd: agent, parser: gofmt}
  own: {run: [make], cwd: agent}
`;
    const FILES = {
      'agent/a.go': 'package a\n',
      'agent/b.go': 'package a\n',
      'agent/a_test.go': 'package a_test\n\nfunc TestA(t *testing.T) {\n}\n',
      'testbed/t_test.go': 'package t\n\nfunc TestT(t *testing.T) {\n}\n',
    };

    it('break the smallest suite, the coverage and the format', async () => {
      const defects = await planted(goal('kind: checks, checks: [own, big, small, format]') + CHECKS, FILES);
      assert.deepEqual(
        defects.map(({ title, step, shows, files }) => [title.replace(/\d+/, 'N'), step, shows, files[0]?.file]),
        [
          ['a failing test (small)', 'check:small', 'fail', 'testbed/infrabuilder_canary_test.go'],
          ['all tests skipped (small)', 'check:small', 'no-pass', 'testbed/t_test.go'],
          ['N statements that no test reaches (big)', 'check:big', 'fail', 'agent/infrabuilder_canary.go'],
          ['a file that is not formatted (format)', 'check:format', 'fail', 'agent/infrabuilder_canary.go'],
        ],
      );
      assert.match(defects[2]?.files[0]?.content ?? '', /^package a\n/);
    });

    it('are not there for a program that nobody knows', async () => {
      const [defect] = await plan(goal('kind: checks, checks: [own]') + CHECKS, FILES);
      assert.match((defect && 'why' in defect && defect.why) || '', /Declare a canary/);
    });
  });

  it('of a runbook goal are an entry whose only fault is the missing remediation', async () => {
    const text = '# Runbook\n';
    const [defect] = await planted(goal('kind: runbook, scenario: s'), { 'docs/runbook.md': text });
    const content = defect?.files[0]?.content ?? '';
    assert.ok(content.startsWith(text));
    const issues = checkStructure(readRunbook(content), 'docs/runbook.md', undefined, new Set(['G-1']), []);
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['runbook.no-remediation'],
    );
    assert.equal(defect?.step, 'goal:G-1');
  });

  it('of a conformance goal are the file that the rules forbid', async () => {
    const [defect] = await planted(goal('kind: conformance'), {});
    assert.equal(defect?.title, 'a imports b, which r forbids');
  });

  it('are none for what only a run shows', async () => {
    assert.deepEqual(await plan(goal('kind: command, run: [check]'), {}), []);
    assert.deepEqual(await plan(goal('kind: event, scenario: s'), {}), []);
  });
});
