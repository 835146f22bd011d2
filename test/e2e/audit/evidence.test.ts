import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { auditWorkspace } from '../../../src/core/operations/audit.ts';
import { addChangelogEntry } from '../../../src/core/operations/runbook.ts';
import { taskRun } from '../../../src/core/operations/taskRun.ts';
import { TaskWorkspace } from '../../support/taskWorkspace.ts';
import { openEngine } from './support.ts';

describe('an audit beside the gate', () => {
  let workspace: TaskWorkspace;
  before(async () => {
    workspace = TaskWorkspace.create();
    const engine = openEngine(workspace.root);
    await taskRun.run(engine, { slug: 'heap' }, {});
    workspace.write('agent/heap/ratio.txt', '98\n');
    workspace.append('docs/runbook.md', '\n## heap\n\nHow to run heap.\n');
    await addChangelogEntry(engine, 'heap', 'Added', undefined);
    await taskRun.run(engine, { slug: 'heap' }, {});
    mkdirSync(join(workspace.root, 'tasks/done'), { recursive: true });
    renameSync(join(workspace.root, 'tasks/pending/tail.yaml'), join(workspace.root, 'tasks/done/tail.yaml'));
  });
  after(() => workspace.dispose());

  const look = async (run = false) => {
    const { claims, findings } = await auditWorkspace(openEngine(workspace.root), { run });
    const tasks = claims.filter(({ kind, file }) => kind === 'task' && file.startsWith('tasks/done/'));
    return {
      tasks: tasks.map(({ file, verdict }) => `${file} ${verdict}`),
      claims: claims.filter(({ kind }) => kind !== 'task'),
      findings: findings.map(({ code, file }) => `${code} ${file}`),
    };
  };

  it('a task that went through the gate is supported, one that was moved by hand is found', async () => {
    const { tasks, findings } = await look();
    assert.deepEqual(tasks, ['tasks/done/heap.yaml supported', 'tasks/done/tail.yaml no-evidence']);
    assert.deepEqual(findings, ['audit.moved-by-hand tasks/done/tail.yaml']);
  });

  it('what our own documents say is supported by the evidence that they name', async () => {
    const { claims } = await look();
    const open = claims
      .filter(({ verdict }) => verdict !== 'supported')
      .map(({ file, line, text, reason }) => `${file}:${line} ${text} ${reason}`);
    assert.ok(claims.length > 0);
    assert.deepEqual(open, []);
  });

  it('a claim about a check that fails is contradicted, by evidence or by a run', async () => {
    workspace.write('STATUS.md', '- [x] check heap passes\n- [x] check nothing passes\n');
    const before = await look();
    assert.deepEqual(
      before.claims.filter(({ file }) => file === 'STATUS.md').map(({ verdict }) => verdict),
      ['supported', 'no-evidence'],
    );
    workspace.write('agent/heap/ratio.txt', '70\n');
    const stale = await look();
    assert.deepEqual(
      stale.claims.filter(({ file }) => file === 'STATUS.md').map(({ verdict }) => verdict),
      ['stale', 'no-evidence'],
    );
    assert.deepEqual(stale.tasks[0], 'tasks/done/heap.yaml stale');
    const ran = await look(true);
    assert.deepEqual(
      ran.claims.filter(({ file }) => file === 'STATUS.md').map(({ verdict }) => verdict),
      ['contradicted', 'no-evidence'],
    );
    assert.ok(ran.findings.includes('audit.check-fails agent/heap/ratio.txt'), ran.findings.join('\n'));
  });

  it('evidence that was edited is found', async () => {
    const folder = 'reports/evidence';
    const name = readdirSync(join(workspace.root, folder)).find(
      (one) => one.includes('check-heap') && one.endsWith('.json'),
    );
    assert.ok(name);
    workspace.write(
      `${folder}/${name}`,
      workspace
        .read(`${folder}/${name}`)
        .replace('"exitCode": 1', '"exitCode": 0')
        .replace('"exitCode": 0', '"exitCode": 7'),
    );
    const { findings } = await look();
    assert.ok(findings.includes(`audit.evidence-edited ${folder}/${name}`), findings.join('\n'));
  });
});
