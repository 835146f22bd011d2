import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createProject } from '../../../src/core/project/project.ts';
import { createFiles } from '../../../src/node/files.ts';
import { line, SOUND, TASK, TODAY } from './workspace.ts';

const FILE = 'tasks/pending/odd.yaml';

/** Windows lets only administrators make links. */
function withLinks(title: string, run: () => Promise<void>): void {
  if (process.platform !== 'win32') it(title, run);
}

describe('a project on a real disk', () => {
  let outer: string;
  let root: string;

  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), 'infrabuilder project '));
    root = join(outer, 'work space');
    for (const [path, text] of Object.entries(SOUND)) write(path, text);
  });

  afterEach(() => {
    rmSync(outer, { recursive: true, force: true });
  });

  function write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  function open() {
    const project = createProject(createFiles(root), { today: () => TODAY });
    return { project, lines: async () => (await project.snapshot()).issues.map(line) };
  }

  it('loads, and follows a rename', async () => {
    const { project, lines } = open();
    assert.deepEqual(await lines(), []);
    mkdirSync(join(root, 'tasks/done'));
    renameSync(join(root, 'tasks/pending/topn_sampler.yaml'), join(root, 'tasks/done/topn_sampler.yaml'));
    project.update(['tasks/pending/topn_sampler.yaml', 'tasks/done/topn_sampler.yaml']);
    assert.deepEqual(
      (await project.snapshot()).tasks.map(({ file }) => file),
      ['tasks/done/topn_sampler.yaml'],
    );
  });

  it('bytes that are no UTF-8, and a folder named as a file', async () => {
    write(FILE, new Uint8Array([0x61, 0xff]));
    mkdirSync(join(root, 'e2e/scenarios/x.yaml'));
    assert.deepEqual(await open().lines(), [
      'e2e/scenarios/x.yaml:1:1 error file.is-folder',
      `${FILE}:1:1 error file.not-utf8`,
    ]);
  });

  it('a file where a folder is expected', async () => {
    write('reports', 'not a folder');
    assert.deepEqual(await open().lines(), []);
  });

  withLinks('links: out of the workspace, to nowhere and in a loop', async () => {
    writeFileSync(join(outer, 'secret.yaml'), TASK);
    symlinkSync('../../../secret.yaml', join(root, 'tasks/pending/a_out.yaml'));
    symlinkSync('./gone.yaml', join(root, 'tasks/pending/b_gone.yaml'));
    symlinkSync('./c_loop.yaml', join(root, 'tasks/pending/c_loop.yaml'));
    const lines = (await open().lines()).filter((one) => one.includes(' file.'));
    assert.deepEqual(
      lines.map((one) => one.split(':')[0]),
      ['tasks/pending/a_out.yaml', 'tasks/pending/b_gone.yaml', 'tasks/pending/c_loop.yaml'],
    );
    assert.ok(lines[0]?.endsWith('error file.outside'), lines[0]);
  });

  withLinks('a folder that is a link out of the workspace', async () => {
    mkdirSync(join(outer, 'elsewhere'));
    symlinkSync(join(outer, 'elsewhere'), join(root, 'reports'));
    assert.deepEqual(await open().lines(), ['reports:1:1 error file.outside']);
  });
});
