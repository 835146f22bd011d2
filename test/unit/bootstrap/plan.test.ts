import assert from 'node:assert/strict';
import { isNothingToDo } from '../../../src/core/bootstrap/action.ts';
import { foldersOf } from '../../../src/core/bootstrap/layout.ts';
import { bootstrapOptions } from '../../../src/core/bootstrap/options.ts';
import { planBootstrap } from '../../../src/core/bootstrap/plan.ts';
import { planJson } from '../../../src/core/bootstrap/render.ts';
import { pathsSchema } from '../../../src/core/model/config.ts';
import { MISSING, planned, surveyOf, template } from './helper.ts';

const FOLDERS = foldersOf(pathsSchema.parse({}));
const IGNORED =
  '# InfraBuilder\n.infrabuilder/\n_bench.txt\n.*.tmp\n*.bak-*\ne2e/results/\ninfrastructure-agent-testbed/results/\n';
const CLONES = '/infrastructure-agent/\n/infrastructure-agent-testbed/\n';
const FOLDER = { ...MISSING, kind: 'folder' as const };

function laid(extra: Record<string, string> = {}) {
  return {
    target: { ...FOLDER, entries: ['Makefile', 'docs', 'infrabuilder.yaml'] },
    folders: new Set(FOLDERS),
    existing: {
      Makefile: 'Makefile\n',
      'docs/runbook.md': 'docs/runbook.md\n',
      'infrabuilder.yaml': 'infrabuilder.yaml\n',
      '.gitignore': IGNORED + CLONES,
      ...extra,
    },
  };
}

describe('plan of a bootstrap', () => {
  it('lays the whole workspace into an empty place: configuration first, clones after the files', () => {
    assert.deepEqual(planned({}, surveyOf()), [
      'Workspace /work/ws',
      'write infrabuilder.yaml',
      'write Makefile',
      'write docs/runbook.md',
      'write .gitignore',
      'create docs/',
      'create tasks/pending/',
      'create tasks/in_progress/',
      'create tasks/done/',
      'create reports/',
      'create e2e/scenarios/',
      'create e2e/kind/',
      'create e2e/workload/',
      'create e2e/chaos/',
      'create e2e/validators/',
      'create e2e/profiling/',
      'create e2e/reporting/',
      'clone https://github.com/newrelic/infrastructure-agent.git into infrastructure-agent',
      'clone https://github.com/newrelic/infrastructure-agent-testbed.git into infrastructure-agent-testbed',
      'skip containers: no Docker engine answers',
      'note There is no blueprint yet. Copy yours to docs/blueprint_vFinal.md, or run init again with --blueprint FILE. Until then validate reports blueprint.missing.',
      'note There is no ADR yet. Copy yours to docs/ADR-001.md, or run init again with --adr FILE.',
    ]);
  });

  it('makes two commits around the sample, so that HEAD^ holds its schema', () => {
    const survey = surveyOf({ templates: [template('infrastructure-agent/proto/a.proto'), template('Makefile')] });
    const plan = planBootstrap(bootstrapOptions({ sample: true }), survey);
    const commit = plan.actions.find((action) => action.kind === 'commit');
    assert.deepEqual(commit?.commits, [
      { message: 'Import the embedded agent and its testbed', files: ['infrastructure-agent/proto/a.proto'] },
      { message: 'Lay the InfraBuilder workspace', files: ['.gitignore', 'Makefile'] },
    ]);
  });

  it('finds nothing to do the second time', () => {
    const there = laid({ 'docs/blueprint_vFinal.md': '# B\n', 'docs/ADR-001.md': '# A\n' });
    const survey = surveyOf({ ...there, source: 'repository', testbed: 'repository' });
    assert.deepEqual(planned({}, survey), [
      'Workspace /work/ws',
      'skip infrastructure-agent: it is there already',
      'skip infrastructure-agent-testbed: it is there already',
      'skip containers: no Docker engine answers',
      'ok 4 files already there',
      'Nothing to do.',
    ]);
    assert.equal(isNothingToDo(planBootstrap(bootstrapOptions({}), survey)), true);
  });

  it('keeps a file that differs, and replaces it only under --force', () => {
    const survey = surveyOf(laid({ Makefile: 'mine:\n' }));
    assert.ok(planned({}, survey).includes('keep Makefile: it differs from what init would write'));
    assert.ok(planned({ force: true }, survey).includes('replace Makefile, after a question and with a backup'));
  });

  it('takes other line ends for the same text', () => {
    const survey = surveyOf(laid({ Makefile: 'Makefile\r\n' }));
    assert.equal(
      planned({ force: true }, survey).some((line) => line.includes('Makefile')),
      false,
    );
  });

  it('appends to a .gitignore of the person, and leaves their lines alone', () => {
    const survey = surveyOf(laid({ '.gitignore': 'secret\n.infrabuilder/\n' }));
    const action = planBootstrap(bootstrapOptions({ sample: true }), survey).actions.find(
      (a) => a.kind === 'append-lines',
    );
    assert.equal(
      action && 'content' in action && action.content,
      'secret\n.infrabuilder/\n\n# InfraBuilder\n_bench.txt\n.*.tmp\n*.bak-*\ne2e/results/\ninfrastructure-agent-testbed/results/\n',
    );
  });

  it('lets the sample take the place of what an earlier init wrote, but not of what a person wrote', () => {
    const survey = surveyOf({
      templates: [template('Makefile', 'sample\n'), template('docs/runbook.md', 'sample\n')],
      plain: new Map([
        ['Makefile', 'plain\n'],
        ['docs/runbook.md', 'plain\n'],
      ]),
      existing: { Makefile: 'plain\r\n', 'docs/runbook.md': 'mine\n' },
    });
    const lines = planned({ sample: true }, survey);
    assert.ok(lines.includes('write Makefile'));
    assert.ok(lines.includes('keep docs/runbook.md: it differs from what init would write'));
  });

  it('does not bring a task back that was moved on', () => {
    const survey = surveyOf({
      ...laid(),
      templates: [template('tasks/pending/topn_sampler.yaml')],
      tasks: new Map([['topn_sampler.yaml', 'tasks/done/topn_sampler.yaml']]),
    });
    assert.ok(planned({ sample: true }, survey).includes('keep tasks/done/topn_sampler.yaml: the task is here'));
  });

  it('copies the blueprint and ADR that it is given or finds, over those of the sample', () => {
    const survey = surveyOf({
      templates: [template('docs/blueprint_vFinal.md', 'sample\n')],
      blueprint: { path: '/work/Blueprint_vFinal.md', content: 'mine\n' },
      adr: { path: '/work/ADR-001.md', content: 'adr\n' },
    });
    const lines = planned({ sample: true, blueprint: '/work/Blueprint_vFinal.md' }, survey);
    assert.ok(lines.includes('copy /work/Blueprint_vFinal.md to docs/blueprint_vFinal.md'));
    assert.ok(lines.includes('copy /work/ADR-001.md to docs/ADR-001.md'));
    assert.equal(lines.filter((line) => line.includes('docs/blueprint_vFinal.md')).length, 1);
    assert.equal(
      lines.some((line) => line.startsWith('note')),
      false,
    );
  });

  it('follows the folders of a configuration that is there', () => {
    const paths = pathsSchema.parse({ source: '.', docs: 'documents' });
    const lines = planned({ paths }, surveyOf({ templates: [template('documents/runbook.md')] }));
    assert.ok(lines.includes('skip .: the workspace itself is this repository'));
    assert.ok(lines.includes('create documents/'));
  });

  it('never commits in a repository that is there', () => {
    const inside = surveyOf({ target: { ...MISSING, repository: '/work' } });
    assert.ok(
      planned({ sample: true }, inside).includes(
        'skip git repository: the workspace lies in the repository /work; init commits nothing there',
      ),
    );
    assert.ok(planned({ sample: true, git: false }, surveyOf()).includes('skip git repository: not wanted'));
    assert.ok(
      planned({ sample: true }, surveyOf({ git: false })).some((line) =>
        line.startsWith('skip git repository: git is not'),
      ),
    );
  });

  it('refuses to mix the sample into a clone, and to clone over a file or without git', () => {
    const at = (lines: string[]) => lines.filter((line) => line.startsWith('stop'));
    assert.deepEqual(at(planned({ sample: true }, surveyOf({ source: 'repository' }))), [
      'stop infrastructure-agent is a repository of its own; the sample is not mixed into it. Use another folder for --sample, or leave out --sample.',
    ]);
    assert.deepEqual(at(planned({ sourceUrl: 'https://u:secret@h/a.git' }, surveyOf({ source: 'file' }))), [
      'stop infrastructure-agent is a file; the clone of https://***@h/a.git goes there. Rename infrastructure-agent.',
    ]);
    assert.equal(at(planned({}, surveyOf({ git: false }))).length, 2);
  });

  it('says that git keeps a password of a URL', () => {
    const lines = planned({ sourceUrl: 'https://u:secret@h/a.git' }, surveyOf());
    assert.ok(
      lines.includes(
        'note git keeps the password of https://***@h/a.git in .git/config. A credential helper is safer.',
      ),
    );
    assert.equal(lines.join('\n').includes('secret'), false);
  });

  it('has a form for programs, without texts and passwords', () => {
    const options = bootstrapOptions({ sourceUrl: 'https://u:secret@h/a.git' });
    const plan = planBootstrap(options, surveyOf({ templates: [template('Makefile', 'secret recipe')] }));
    const text = JSON.stringify(planJson(plan));
    assert.equal(text.includes('secret'), false);
    assert.match(text, /"kind":"write-file","path":"Makefile","executable":false/);
    assert.match(text, /"nothingToDo":false/);
  });

  it('starts containers only where a compose file can be', () => {
    const ready = { containers: { kind: 'ready' as const } };
    const compose = template('infrastructure-agent-testbed/docker-compose.yml');
    const containers = (lines: string[]) => lines.filter((line) => /container/.test(line));
    assert.deepEqual(containers(planned({ sample: true }, surveyOf(ready))), [
      'skip containers: the testbed has no compose file',
    ]);
    assert.deepEqual(containers(planned({ sample: true }, surveyOf({ ...ready, templates: [compose] }))), [
      'start the containers of infrastructure-agent-testbed, if it has a compose file and Docker answers',
    ]);
    const interrupted = { kind: 'unavailable' as const, reason: 'the testbed has no compose file' };
    assert.deepEqual(
      containers(planned({ sample: true }, surveyOf({ containers: interrupted, templates: [compose] }))),
      ['start the containers of infrastructure-agent-testbed, if it has a compose file and Docker answers'],
    );
    assert.deepEqual(containers(planned({}, surveyOf({ containers: { kind: 'running' } }))), [
      'skip containers: they are running already',
    ]);
  });
});
