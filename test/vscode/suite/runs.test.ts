import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, folder, lenses, open, problems, read, sessionOf, write } from './support.ts';

/** The end of a run, as the command returns it. */
interface End {
  readonly kind: string;
  readonly message?: string;
  readonly result?: { readonly verdict: string; readonly holds: boolean; readonly toolMissing: boolean };
}

const { executeCommand } = vscode.commands;
const APP = 'src/app.go';

/** Runs what the lens at this line runs. */
async function runLens(path: string, line: number): Promise<End> {
  const document = await open(at('mini', path));
  const found = await executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 200);
  const lens = found.find(
    ({ range, command }) => range.start.line + 1 === line && command?.command === 'infrabuilder.run',
  );
  assert.ok(lens?.command, `No lens in line ${line}.`);
  return executeCommand<End>(lens.command.command, ...(lens.command.arguments ?? []));
}

describe('runs', () => {
  afterEach(closeAll);

  it('a check that passes says so in its lens', async () => {
    const end = await runLens('infrabuilder.yaml', 4);
    assert.equal(end.result?.verdict, 'pass');
    const found = await lenses(at('mini', 'infrabuilder.yaml'));
    assert.ok(found.includes('4 $(pass) pass · just now'), found.join('\n'));
  });

  it('what a check finds is in the Problems pane at its line, until the check finds it no more', async () => {
    const before = await read(at('mini', APP));
    assert.equal((await runLens('infrabuilder.yaml', 5)).result?.verdict, 'fail');
    await eventually('the problem', () => problems(at('mini', APP)).length > 0);
    assert.match(problems(at('mini', APP)).join(), /^3:4-/);
    await write(at('mini', APP), before.replace('FIXME', 'TODO'));
    assert.equal((await runLens('infrabuilder.yaml', 5)).result?.verdict, 'pass');
    await eventually('no problem', () => problems(at('mini', APP)).length === 0);
    await write(at('mini', APP), before);
    const document = at('mini', 'infrabuilder.yaml');
    await eventually('stale', async () => (await lenses(document)).some((one) => /^5 .*stale$/.test(one)));
  });

  it('a program that is not installed is said to be missing', async () => {
    const end = await runLens('infrabuilder.yaml', 7);
    assert.equal(end.result?.verdict, 'not-run');
    assert.equal(end.result?.toolMissing, true);
  });

  it('a run is cancelled, and nothing that it started is left', async () => {
    const ending = runLens('infrabuilder.yaml', 6);
    const uri = at('mini', 'infrabuilder.yaml');
    await eventually('the start', async () => (await lenses(uri)).some((one) => /^6 \$\(loading~spin\)/.test(one)));
    await executeCommand('infrabuilder.cancelRun');
    assert.equal((await ending).kind, 'cancelled');
  });

  it('a run that is killed from outside is an end like any other', async () => {
    const { execFileSync } = await import('node:child_process');
    const ending = runLens('infrabuilder.yaml', 6);
    const root = folder('mini').fsPath;
    const pid = await eventually('the process', () => {
      const found = execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n');
      const line = found.find((one) => one.includes('check slow') && one.includes(root));
      return line === undefined ? undefined : Number.parseInt(line, 10);
    });
    process.kill(pid, 'SIGKILL');
    const end = await ending;
    assert.equal(end.kind, 'unusable');
    assert.match(end.message ?? '', /SIGKILL/);
    await eventually('nothing is left of the check', () => {
      return !execFileSync('ps', ['-eo', 'args=']).toString().includes('tool.mjs slow');
    });
  });

  it('a scenario that has no agent to run says why, and is no pass', async () => {
    const end = await runLens('e2e/scenarios/standard.yml', 1);
    assert.equal(end.kind, 'scenario', end.message);
    assert.equal(end.result?.verdict, 'not-run');
  });

  it('a check that does not exist is told to the person', async () => {
    const end = await executeCommand<End>('infrabuilder.run', {
      session: await sessionOf('mini'),
      request: { kind: 'check', name: 'nothing' },
    });
    assert.equal(end.kind, 'unusable');
    assert.match(end.message ?? '', /No check is called nothing/);
  });

  it('runs as a task, and the problems that it prints are found', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'infrabuilder' });
    const task = tasks.find(
      ({ name, scope }) => name === 'check lines' && (scope as vscode.WorkspaceFolder).name === 'mini',
    );
    assert.ok(task, tasks.map(({ name }) => name).join());
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== 'check lines') return;
        listener.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 1);
    await eventually('the problem', () =>
      vscode.languages.getDiagnostics(at('mini', APP)).some(({ message }) => message.includes('FIXME is left')),
    );
  });
});
