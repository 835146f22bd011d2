import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, problems, sessionOf, write } from './support.ts';

interface Report {
  readonly claims: readonly { readonly file: string; readonly line: number; readonly verdict: string }[];
  readonly executed: readonly unknown[] | null;
}

describe('an audit', () => {
  const result = (): vscode.Uri => at('mini', 'reports/made_up_result.md');
  const task = (): vscode.Uri => at('mini', 'tasks/done/made_up.yaml');

  before(async () => {
    await write(result(), '# Result\n\n- ✅ `invented_ratio` is 97.3%\n');
    await write(task(), 'slug: made_up\nacceptance:\n  - invented_ratio ≥ 95%\n');
  });
  after(async () => {
    await closeAll();
    for (const uri of [result(), task()]) await vscode.workspace.fs.delete(uri);
  });

  it('lists what contradicts claims as problems, and opens the report', async () => {
    const target = { session: await sessionOf('mini'), run: false };
    const report = await vscode.commands.executeCommand<Report>('infrabuilder.audit', target);
    const claims = report.claims.map(({ file, line, verdict }) => `${file}:${line} ${verdict}`);
    assert.ok(claims.includes('reports/made_up_result.md:3 no-evidence'), claims.join('\n'));
    assert.equal(report.executed, null);
    await eventually('the problems', () => problems(result()).some((one) => one.endsWith('audit.unproduced-figure')));
    assert.ok(
      problems(task()).some((one) => one.endsWith('audit.moved-by-hand')),
      problems(task()).join(),
    );
    const shown = await eventually('the report', () =>
      vscode.workspace.textDocuments.find(
        (one) => one.uri.scheme === 'infrabuilder-report' && one.getText().includes('\n# Audit\n'),
      ),
    );
    const asks = vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled);
    assert.deepEqual(asks, [], 'nothing asks to be saved');
    assert.match(shown.getText(), /`tasks\/done\/made_up\.yaml:1`/);
  });
});
