import assert from 'node:assert/strict';
import { runVerify } from '../../../src/core/operations/verify.ts';
import { Workspace } from './support.ts';

const PROTO = 'syntax = "proto3";\npackage a.v1;\nmessage A {\n  string name = 1;\n  string kind = 2;\n}\n';
const BROKEN = PROTO.replace('  string kind = 2;\n', '');
const GOAL = 'goals: [{id: G-1, title: Schema, kind: schema}]\n';

describe('G-1 with the real buf', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.dispose());

  const lay = (source: string, goals = GOAL) =>
    workspace.write('infrabuilder.yaml', `version: 1\npaths: {source: ${source}}\n${goals}`);
  async function verdict(): Promise<string> {
    const { checkpoint } = await runVerify(workspace.engine(), {}, {});
    const [state] = checkpoint.goals;
    const places = (state?.issues ?? [])
      .filter(({ severity }) => severity === 'error')
      .map(({ file, range }) => `${file}:${range.start.line}`);
    return [`${state?.verdict}: ${state?.reason}`, ...places].join(' | ');
  }

  it('passes, then fails at the line, in a subfolder of the workspace repository', async () => {
    lay('agent');
    workspace.write('agent/buf.yaml', 'version: v2\nmodules:\n  - path: proto\n');
    workspace.write('agent/proto/a.proto', PROTO);
    workspace.commit();
    workspace.commit();
    assert.equal(await verdict(), 'pass: buf found no breaking change since HEAD^ in agent.');
    workspace.write('agent/proto/a.proto', BROKEN);
    assert.match(await verdict(), /^fail: buf found 1 issue\. \| agent\/proto\/a\.proto:3$/);
    workspace.commit();
    assert.match(await verdict(), /^fail/);
    workspace.commit();
    assert.match(await verdict(), /^pass/, 'two commits later it is the past');
  });

  it('finds the module below the source folder, in a repository of its own', async () => {
    lay('agent');
    workspace.write('agent/schema/buf.yaml', 'version: v2\n');
    workspace.write('agent/schema/a.proto', PROTO);
    workspace.commit('agent');
    workspace.commit();
    workspace.commit('agent');
    assert.equal(await verdict(), 'pass: buf found no breaking change since HEAD^ in agent/schema.');
    workspace.write('agent/schema/a.proto', BROKEN);
    assert.match(await verdict(), /^fail: .* \| agent\/schema\/a\.proto:3$/);
  });

  it('works without buf.yaml, on a workspace that is the source, against a named ref', async () => {
    lay('.', 'goals: [{id: G-1, title: Schema, kind: schema, against: base}]\n');
    workspace.write('proto/a.proto', PROTO);
    workspace.commit();
    workspace.git('.', 'tag', 'base');
    workspace.write('proto/a.proto', BROKEN);
    workspace.commit();
    workspace.commit();
    assert.match(await verdict(), /^fail: .* \| proto\/a\.proto:3$/);
  });

  it('has not run where there is nothing to compare', async () => {
    lay('agent');
    workspace.write('agent/a.go', 'package a\n');
    assert.equal(await verdict(), 'not-run: There is no .proto file below agent.');
    workspace.write('agent/a.proto', PROTO);
    assert.match(await verdict(), /^not-run: agent is in no git repository\./);
    workspace.commit();
    assert.match(
      await verdict(),
      /^not-run: The repository of agent has no HEAD\^\. Before the second commit there is nothing to compare with/,
    );
    assert.deepEqual(workspace.evidence(), []);
    workspace.git('.', 'rm', '--quiet', '--cached', 'agent/a.proto');
    workspace.git('.', 'commit', '--quiet', '--amend', '-m', 'none');
    workspace.commit();
    assert.match(await verdict(), /^not-run: There was no \.proto file below agent at HEAD\^\./);
  });

  it('is an error where the schema does not parse', async () => {
    lay('agent');
    workspace.write('agent/a.proto', PROTO);
    workspace.commit();
    workspace.commit();
    workspace.write('agent/a.proto', 'syntax = "proto3";\nmessage {\n');
    assert.doesNotMatch(await verdict(), /^(?:pass|not-run)/);
  });
});
