import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, lenses, open, problems, read, write } from './support.ts';

const CONFIG = 'infrabuilder.yaml';
const APP = 'src/app.go';

async function verify(): Promise<{ readonly kind: string; readonly result?: { readonly holds: boolean } }> {
  const document = await open(at('mini', 'Makefile'));
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    200,
  );
  const lens = found.find(
    ({ command }) => command?.title.includes('checkpoint') && command.command === 'infrabuilder.run',
  );
  assert.ok(lens?.command);
  return vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
}

describe('goals', () => {
  afterEach(closeAll);

  it('a failing goal shows at every line that names it, and all turn when the code is mended', async () => {
    const [config, app] = [at('mini', CONFIG), at('mini', APP)];
    const failing = await verify();
    assert.equal(failing.result?.holds, false);
    await eventually('the problem', () => problems(config).some((one) => /^10:\d+-10:\d+ goal\.fails$/.test(one)));
    for (const path of [CONFIG, 'tasks/pending/sampler.yaml', 'docs/blueprint_vFinal.md']) {
      await open(at('mini', path));
      await eventually(`the lens in ${path}`, async () => {
        return (await lenses(at('mini', path))).some((one) => one.includes('$(error) G-4: fail · just now'));
      });
    }

    const before = await read(app);
    await write(app, before.replace('fixed', 'adaptive'));
    await open(config);
    await eventually('staleness', async () => {
      return (await lenses(config)).some((one) => /\$\(history\) G-4: fail · .* · stale$/.test(one));
    });
    await eventually('no problem', () => problems(config).every((one) => !one.includes('goal.fails')));

    assert.equal((await verify()).result?.holds, true);
    await eventually('the pass', async () => (await lenses(config)).some((one) => /\$\(pass\) G-4: pass/.test(one)));
  });

  it('evidence that somebody has edited is a problem at its file', async () => {
    const evidence = await vscode.workspace.findFiles(
      new vscode.RelativePattern(at('mini', 'reports'), 'evidence/*.json'),
    );
    const [file] = evidence;
    assert.ok(file, 'The checkpoint has left no evidence.');
    const before = await read(file);
    await write(file, before.replace(/"reason": ?"/, '$&Trust me. '));
    await eventually('the problem', () => problems(file).some((one) => one.includes('evidence.edited')));
    await write(file, before);
    await eventually('no problem', () => problems(file).length === 0);
  });
});
