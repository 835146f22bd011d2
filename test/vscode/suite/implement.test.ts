import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Implementation } from '../../../src/core/model/implementation.ts';
import { ChatModel } from '../../../src/vscode/chat/models/chatModel.ts';
import { answerRequest } from '../../../src/vscode/implement/parent.ts';
import { startChild } from '../../../src/vscode/runs/child.ts';
import { CASES } from '../../e2e/agent/scripts.ts';
import { GoWorkspace, RIGHT_BODY, SLUG, WRONG_BODY } from '../../e2e/agent/workspace.ts';
import { call, play, type Script, type ScriptedServer, scriptedServer } from '../../support/scriptedModel.ts';
import { at, closeAll, eventually, lenses, open, read, sessionOf } from './support.ts';

const { executeCommand } = vscode.commands;
const SOURCE = 'agent/stats/median.go';
const NAME = 'median';
const FOR_EVER_MS = 300_000;

interface End {
  readonly kind: string;
  readonly message?: string;
  readonly result?: Implementation;
}

interface Change {
  readonly root: string;
  readonly changes: readonly { readonly path: string; readonly change: string }[];
}

const honest: Script = (conversation) => {
  const found = CASES.find(({ name }) => name === 'honest');
  assert.ok(found);
  return found.script(conversation);
};
/** Says nothing until it is hung up on. */
const silent = { slow: FOR_EVER_MS };
const looks = { calls: [call('read_file', { path: SOURCE })] };
const asksPerson = play(
  looks,
  ({ digest }) => ({
    calls: [
      call('edit_file', { path: SOURCE, digest: digest(SOURCE), search: WRONG_BODY, replace: '\treturn xs[0]\n' }),
    ],
  }),
  { calls: [call('flag_conflict', { reason: 'Two rules differ.', specification: 'A1-S1', test: 'TestMedianEven' })] },
);

describe('implement: a model writes a task', () => {
  let workspace: GoWorkspace;
  let server: ScriptedServer;
  let session: unknown;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('infrabuilder.llm');
  const start = (): Thenable<End> => executeCommand<End>('infrabuilder.implement', { session, slug: SLUG });

  before(async () => {
    workspace = GoWorkspace.create();
    server = await scriptedServer(honest);
    await settings().update('baseUrl', server.baseUrl, vscode.ConfigurationTarget.Global);
    const index = vscode.workspace.workspaceFolders?.length ?? 0;
    vscode.workspace.updateWorkspaceFolders(index, 0, { uri: vscode.Uri.file(workspace.root), name: NAME });
    session = await eventually('the session', async () => sessionOf(NAME).catch(() => undefined));
  });
  after(async () => {
    await settings().update('baseUrl', undefined, vscode.ConfigurationTarget.Global);
    await closeAll();
    const index = vscode.workspace.workspaceFolders?.findIndex(({ name }) => name === NAME) ?? -1;
    if (index >= 0) vscode.workspace.updateWorkspaceFolders(index, 1);
    await server.close();
    workspace.dispose();
  });

  /** Processes of ours that work on this workspace. */
  function processes(): string[] {
    const lines = execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n');
    return lines.filter(
      (line) => line.includes('implement') && line.includes('--events') && line.includes(workspace.root),
    );
  }

  async function asked(requests: number): Promise<void> {
    await eventually('a question to the model', () => server.requests >= requests);
  }

  function labels(): string[] {
    return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
  }

  let interrupted = '';

  it('a cancelled run leaves nothing running, and the files as they were', async () => {
    const before = workspace.picture();
    server.play(play(looks, silent));
    const seen = server.requests;
    const ending = start();
    await asked(seen + 2);
    assert.equal(processes().length, 1);
    await executeCommand('infrabuilder.cancelRun');
    assert.equal((await ending).kind, 'cancelled');
    await eventually('the end of the process', () => processes().length === 0);
    assert.equal(workspace.picture(), before);
  });

  it('a run that is killed has touched nothing, and can go on', async () => {
    const before = workspace.picture();
    server.play(play(looks, silent));
    const seen = server.requests;
    const ending = start();
    await asked(seen + 2);
    process.kill(Number.parseInt(processes()[0] ?? '', 10), 'SIGKILL');
    const end = await ending;
    assert.equal(end.kind, 'unusable');
    assert.match(end.message ?? '', /SIGKILL/);
    assert.equal(workspace.picture(), before);
    const branches = workspace.git('branch', '--list', '--format=%(refname:short)', 'infrabuilder/*').split('\n');
    interrupted = branches.sort().at(-1)?.split('/').at(-1) ?? '';
    assert.match(interrupted, /^\d{8}-\d{6}-/);
  });

  it('it goes on where it was, and ends as done by the gate', async () => {
    const before = workspace.picture();
    server.play(honest);
    const { kind, result, message } = await executeCommand<End>('infrabuilder.implementResume', {
      session,
      run: interrupted,
    });
    assert.equal(kind, 'implement', message);
    assert.equal(result?.outcome, 'done', result?.reason);
    assert.equal(result?.run, interrupted);
    assert.equal(workspace.picture(), before);
  });

  it('the diff has the person’s files on the left and those of the run on the right', async () => {
    const { root, changes } = await executeCommand<Change>('infrabuilder.implementDiff', { session, run: interrupted });
    const own = changes.filter(({ path }) => !path.startsWith('reports/evidence/'));
    assert.ok(labels().includes(`Change of run ${interrupted} (${own.length} files)`), labels().join());
    assert.ok(changes.some(({ path, change }) => path === SOURCE && change === 'changed'));
    const query = vscode.Uri.file(join(root, SOURCE)).path;
    const right = at(NAME, SOURCE).with({ scheme: 'infrabuilder-copy', query });
    const shown = await vscode.workspace.openTextDocument(right);
    assert.ok(shown.getText().includes(RIGHT_BODY));
    assert.equal(await vscode.workspace.fs.isWritableFileSystem('infrabuilder-copy'), undefined);
    assert.ok(workspace.read(SOURCE).includes(WRONG_BODY));
  });

  it('only files of copies can be shown that way', async () => {
    const place = vscode.Uri.file(join(workspace.root, SOURCE)).path;
    const runs = vscode.Uri.file(join(workspace.root, '.infrabuilder/runs')).path;
    for (const query of ['', place, `${runs}/x/../../../${SOURCE}`]) {
      const outside = at(NAME, SOURCE).with({ scheme: 'infrabuilder-copy', query });
      assert.equal((await vscode.workspace.openTextDocument(outside)).getText(), '', query);
    }
  });

  it('the transcript is a page in a tab', async () => {
    await executeCommand('infrabuilder.implementTranscript', { session, run: interrupted });
    await eventually('the tab', () => labels().includes(`Transcript of run ${interrupted}`));
  });

  it('what is accepted is in the files, and the diff of the copy is closed', async () => {
    const accepted = await executeCommand<{ outcome: string; files: readonly string[] }>(
      'infrabuilder.implementAccept',
      { session, run: interrupted },
    );
    assert.equal(accepted.outcome, 'accepted');
    assert.ok(accepted.files.includes(SOURCE));
    assert.ok(workspace.read(SOURCE).includes(RIGHT_BODY));
    assert.match(workspace.read('docs/CHANGELOG.md'), /median/);
    assert.deepEqual(
      labels().filter((label) => label.startsWith('Change of run')),
      [],
    );
    assert.equal(workspace.git('branch', '--list', `infrabuilder/${SLUG}/${interrupted}`), '');
  });

  it('a task that is in progress offers it, and tells how the last run ended', async () => {
    const { uri } = await open(at(NAME, `tasks/in_progress/${SLUG}.yaml`));
    const found = await eventually('the lens', async () => {
      const shown = await lenses(uri);
      return shown.some((text) => text.includes('Implement with a model')) && shown;
    });
    assert.match(found.join('\n'), /^1 \$\(pass\) done · just now · accepted$/m);
  });

  it('a file that has changed since is a conflict; what is discarded leaves the files as they are', async () => {
    workspace.write(SOURCE, workspace.read(SOURCE).replace(RIGHT_BODY, WRONG_BODY).replace('import "sort"\n\n', ''));
    server.play(asksPerson);
    const { kind, result, message } = await start();
    assert.equal(kind, 'implement', message);
    assert.equal(result?.outcome, 'needs-person', result?.reason);
    const { run } = result ?? {};
    const file = join(workspace.root, SOURCE);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// by a person\n`);
    const mine = readFileSync(file, 'utf8');
    const conflict = await executeCommand<{ outcome: string; files: readonly string[] }>(
      'infrabuilder.implementAccept',
      { session, run, sure: true },
    );
    assert.equal(conflict.outcome, 'conflict');
    assert.deepEqual(conflict.files, [SOURCE]);
    assert.equal(readFileSync(file, 'utf8'), mine);
    assert.equal(await executeCommand('infrabuilder.implementDiscard', { session, run, sure: true }), true);
    assert.equal(readFileSync(file, 'utf8'), mine);
    assert.equal(workspace.git('branch', '--list', `infrabuilder/${SLUG}/${run}`), '');
  });

  it('a chat model of the editor writes through the window', async () => {
    server.play(asksPerson);
    const model = await eventually('the model', async () => {
      const found = await vscode.lm.selectChatModels({ vendor: 'infrabuilder' });
      return found.find(({ name }) => name === 'scripted');
    });
    const stop = new AbortController();
    let result: Implementation | undefined;
    let turns = 0;
    const extension = vscode.extensions.getExtension('infrabuilder.infrabuilder');
    const child = startChild({
      cli: join(extension?.extensionPath ?? '', 'dist', 'cli.js'),
      args: ['implement', SLUG, '--model-from-parent=scripted (infrabuilder)'],
      cwd: workspace.root,
      onEvent: (event) => {
        if (event.type === 'result') result = event.result as Implementation;
        if (event.type !== 'model-request') return;
        turns++;
        void answerRequest(new ChatModel(model), event, stop.signal).then((answer) => child.send(answer));
      },
    });
    const { stderr } = await child.ended;
    assert.equal(result?.outcome, 'needs-person', `${result?.reason} ${stderr}`);
    assert.equal(turns, 3);
    assert.ok(result?.changes.some(({ path }) => path === SOURCE));
    assert.match(await read(vscode.Uri.file(join(result?.root ?? '', SOURCE))), /return xs\[0\]/);
  });
});
