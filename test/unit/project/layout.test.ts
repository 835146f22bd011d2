import assert from 'node:assert/strict';
import type { Files } from '../../../src/core/ports.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { applyFix } from '../../support/applyFix.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { BLUEPRINT, line, MAPPING, SCENARIO, SOUND, sound, TASK, workspace } from './workspace.ts';

describe('layouts', () => {
  it('the root itself may be the source repository', async () => {
    const config = 'version: 1\npaths: {source: ., testbed: testbed, docs: ./doc/, tasks: work/tasks, e2e: test/e2e}\n';
    const made = workspace({
      'infrabuilder.yaml': config,
      'main.go': 'package main',
      'doc/blueprint.md': BLUEPRINT,
      'doc/runbook.md': '',
      'doc/CHANGELOG.md': '',
      'blueprint_tasks.yml': MAPPING,
      'work/tasks/in_progress/topn_sampler.yml': TASK,
      'test/e2e/scenarios/standard.yaml': SCENARIO,
    });
    assert.deepEqual(await made.lines(), []);
    const { tasks, scenarios } = await made.snapshot();
    assert.deepEqual(
      tasks.map(({ slug, status, file }) => ({ slug, status, file })),
      [{ slug: 'topn_sampler', status: 'in_progress', file: 'work/tasks/in_progress/topn_sampler.yml' }],
    );
    assert.deepEqual(
      scenarios.map(({ file }) => file),
      ['test/e2e/scenarios/standard.yaml'],
    );
  });

  it('every folder may be the root', async () => {
    const made = sound({
      'infrabuilder.yaml': 'version: 1\npaths: {docs: ., reports: ., e2e: ., tasks: .}\n',
      'docker-compose.yaml': 'services: {}\n',
      'pending/topn_sampler.yaml': TASK,
    });
    assert.deepEqual(await made.lines(), [
      'CHANGELOG.md:1:1 info changelog.missing',
      'blueprint_vFinal.md:1:1 warning blueprint.missing',
      'runbook.md:1:1 warning runbook.missing',
    ]);
  });

  it('a folder that leaves the workspace is reported where the configuration names it', async () => {
    const made = sound({ 'infrabuilder.yaml': 'version: 1\npaths: {reports: ../elsewhere}\n' });
    assert.deepEqual(await made.lines(), ['infrabuilder.yaml:2:18 error file.outside']);
  });

  it('only YAML files with a visible name are tasks', async () => {
    const made = sound({
      'tasks/pending/.topn.yaml.swp': '',
      'tasks/pending/.x.yaml': '',
      'tasks/pending/README.md': '',
    });
    assert.deepEqual(await made.lines(), []);
  });

  it('odd names are names', async () => {
    const made = workspace({
      'tasks/pending/ä b.yaml': 'slug: a_b\nacceptance: [works]\n',
      'tasks/pending/__proto__.yaml': '',
    });
    const { tasks } = await made.snapshot();
    assert.deepEqual(
      tasks.map(({ file }) => file),
      ['tasks/pending/ä b.yaml'],
    );
    assert.ok(
      (await made.lines()).some((line) => line.startsWith('tasks/pending/__proto__.yaml:1:1 error yaml.empty')),
    );
  });

  it('task.unknown-folder: a status that does not exist, and a folder inside a status', async () => {
    const made = sound({ 'tasks/blocked/a.yaml': TASK, 'tasks/done/2026/b.yaml': TASK, 'tasks/.cache/c': '' });
    assert.deepEqual(await made.lines(), [
      'tasks/blocked:1:1 info task.unknown-folder',
      'tasks/done/2026:1:1 info task.unknown-folder',
    ]);
  });

  it('task.outside-folders: a task beside the folders, mended by moving it in', async () => {
    const made = sound({ 'tasks/pending/topn_sampler.yaml': undefined, 'tasks/topn_sampler.yaml': TASK });
    assert.deepEqual(await made.lines(), [
      'blueprint_tasks.yaml:9:19 info mapping.unknown-task',
      'tasks/topn_sampler.yaml:1:1 warning task.outside-folders',
    ]);
    const [fix] = (await made.issue('task.outside-folders')).fixes ?? [];
    assert.ok(fix);
    made.project.update(await applyFix(made.files, fix));
    assert.deepEqual(await made.lines(), []);
    const taken = sound({ 'tasks/topn_sampler.yaml': TASK });
    assert.equal((await taken.issue('task.outside-folders')).fixes, undefined);
  });
});

describe('files as other systems write them', () => {
  it('with Windows line ends and a byte order mark have no issue, and a fix keeps both', async () => {
    const odd = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    const all = Object.fromEntries(Object.entries(SOUND).map(([path, text]) => [path, odd(text)]));
    assert.deepEqual(await workspace(all).lines(), []);
    const file = 'tasks/pending/topn_sampler.yaml';
    const made = workspace({ ...all, [file]: odd(TASK.replace('slug: topn_sampler', 'slug: topn_samplr')) });
    const { fixes = [] } = await made.issue('task.slug-file-mismatch');
    const fix = fixes.find(({ edits }) => edits.length > 0);
    assert.ok(fix);
    made.project.update(await applyFix(made.files, fix));
    assert.deepEqual(await made.lines(), []);
    assert.equal(await made.files.read(file), odd(TASK));
  });
});

describe('files that cannot be read', () => {
  const FILE = 'tasks/pending/odd.yaml';

  it('file.not-utf8', async () => {
    assert.deepEqual(await sound({ [FILE]: new Uint8Array([0x73, 0xff, 0xfe]) }).lines(), [
      `${FILE}:1:1 error file.not-utf8`,
    ]);
  });

  it('file.is-folder: a folder named as a file', async () => {
    const made = sound({ [`${FILE}/inner.txt`]: '' });
    assert.deepEqual(await made.lines(), [`${FILE}:1:1 error file.is-folder`]);
    assert.match((await made.issue('file.is-folder')).message, /is a folder, not a file\. Rename the folder\./);
  });

  it('file.outside: a link that leaves the workspace; one that stays inside is followed', async () => {
    assert.deepEqual(await sound({ [FILE]: { link: '../../../secret.yaml' } }).lines(), [
      `${FILE}:1:1 error file.outside`,
    ]);
    const inside = sound({ 'tasks/pending/topn_sampler.yaml': { link: '../../shared.yaml' }, 'shared.yaml': TASK });
    assert.deepEqual(await inside.lines(), []);
  });

  it('a folder that is a link to elsewhere', async () => {
    const made = workspace({ 'blueprint_tasks.yaml': 'epics: {}\n', tasks: { link: '/etc' } });
    const lines = await made.lines();
    assert.deepEqual(
      lines.filter((line) => line.includes('file.')),
      ['tasks:1:1 error file.outside'],
    );
  });

  it('file.special: a pipe or a device is never opened', async () => {
    const files = memoryFiles(SOUND);
    const withPipe: Files = {
      ...files,
      list: async (path) => [
        ...(await files.list(path)),
        ...(path === 'tasks/pending' ? [{ name: 'odd.yaml', kind: 'other' as const }] : []),
      ],
      read: (path) => (path === FILE ? Promise.reject(new TypeError('opened')) : files.read(path)),
    };
    const { issues } = await createProject(withPipe).snapshot();
    assert.deepEqual(issues.map(line), [`${FILE}:1:1 error file.special`]);
  });

  it('each root file: the workspace goes on without it, and blames nothing else', async () => {
    for (const file of ['infrabuilder.yaml', 'blueprint_tasks.yaml', 'docs/blueprint_vFinal.md']) {
      assert.deepEqual(await sound({ [file]: new Uint8Array([0xff]) }).lines(), [`${file}:1:1 error file.not-utf8`]);
    }
  });

  it('is forgotten once the file is mended or gone', async () => {
    const made = sound({ [FILE]: new Uint8Array([0xff]), 'docs/blueprint_vFinal.md': new Uint8Array([0xff]) });
    assert.equal((await made.lines()).length, 2);
    await made.files.remove(FILE);
    await made.files.remove('docs/blueprint_vFinal.md');
    await made.files.write('docs/blueprint.md', BLUEPRINT);
    made.project.update([FILE, 'docs/blueprint_vFinal.md', 'docs/blueprint.md']);
    assert.deepEqual(await made.lines(), []);
  });
});
