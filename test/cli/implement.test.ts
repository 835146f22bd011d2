import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CASES } from '../e2e/agent/scripts.ts';
import { GoWorkspace, SLUG } from '../e2e/agent/workspace.ts';
import { CLI, runCli } from '../support/cli.ts';
import { type Script, type ScriptedServer, scriptedServer } from '../support/scriptedModel.ts';

function scriptOf(name: string): Script {
  const found = CASES.find((one) => one.name === name);
  assert.ok(found);
  return found.script;
}

describe('implement from the command line', () => {
  let workspace: GoWorkspace;
  let server: ScriptedServer;
  let run = '';
  before(async () => {
    workspace = GoWorkspace.create();
    server = await scriptedServer(scriptOf('premature, then honest'));
  });
  after(async () => {
    await server.close();
    workspace.dispose();
  });

  const cli = (...args: string[]) => runCli(args, { cwd: workspace.root });

  it('says what it needs', async () => {
    const nothing = await cli('implement');
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /No task is named/);
    const noModel = await cli('implement', SLUG);
    assert.equal(noModel.code, 2);
    assert.match(noModel.stderr, /--base-url/);
    const both = await cli('implement', '--list', '--accept', 'x');
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--list and --accept do not go together/);
    assert.equal((await cli('implement', '--accept', 'none')).code, 2);
    assert.equal((await cli('implement', SLUG, '--max-steps', '0')).code, 2);
    assert.equal((await cli('implement', '--list')).stdout, 'No run has a branch here.\n');
  });

  it('refuses the early claim with reasons, then ends done, with the person untouched', async () => {
    const before = workspace.picture();
    const { code, stdout, stderr } = await cli('implement', SLUG, '--base-url', server.baseUrl, '--model', 'scripted');
    assert.equal(code, 0, stderr + stdout);
    assert.match(stderr, /model {4}The task is done\. All tests pass\.\n/);
    assert.match(stderr, /checks: does not hold\n {4}/);
    assert.match(stderr, /edit_file agent\/stats\/median\.go\n/);
    assert.match(stdout, /^median: done\. /);
    assert.match(stdout, /accept {3}infrabuilder implement --accept /);
    assert.equal(workspace.picture(), before);
    run = /--accept (\S+)/.exec(stdout)?.[1] ?? '';
  });

  it('lists, shows and replays the run', async () => {
    const list = JSON.parse((await cli('implement', '--list', '--json')).stdout) as { runs: Record<string, unknown>[] };
    assert.deepEqual(
      list.runs.map((one) => [one.run, one.task, one.outcome, one.inUse]),
      [[run, SLUG, 'done', false]],
    );
    const diff = await cli('implement', '--diff', run);
    assert.match(diff.stdout, /^\+\tsort\.Float64s\(sorted\)$/m);
    const shown = await cli('implement', '--transcript', run);
    assert.match(shown.stdout, /^verify {2}/m);
    assert.match(shown.stdout, /\ndone: /);
    const page = await cli('implement', '--transcript', run, '--html', 'run.html');
    assert.equal(page.code, 0, page.stderr);
    assert.match(workspace.read('run.html'), /^<!doctype html>/);
    const file = `.infrabuilder/runs/${run}/transcript.jsonl`;
    const replayed = await cli('implement', '--replay', file, '--json');
    const result = JSON.parse(replayed.stdout) as { outcome: string; model: string; run: string };
    assert.equal(replayed.code, 0, replayed.stderr);
    assert.equal(result.outcome, 'done');
    assert.match(result.model, /^replay of scripted/);
    assert.equal((await cli('implement', '--discard', result.run)).code, 0);
  });

  it('accepts with the evidence, so that the task completes without measuring again', async () => {
    const { code, stdout, stderr } = await cli('implement', '--accept', run);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /agent\/stats\/median\.go\n/);
    assert.match(stdout, /reports\/evidence\/.*\.json\n/);
    assert.match(stderr, /infrabuilder task complete median/);
    assert.equal(workspace.git('branch', '--list', 'infrabuilder/*'), '');
    const completed = await cli('task', 'complete', SLUG);
    assert.equal(completed.code, 0, completed.stdout + completed.stderr);
    assert.match(workspace.read('tasks/done/median.yaml'), /slug: median/);
    assert.doesNotMatch(completed.stderr, /go test/);
  });
});

describe('implement, broken off', () => {
  let workspace: GoWorkspace;
  let server: ScriptedServer;
  beforeEach(async () => {
    workspace = GoWorkspace.create();
    server = await scriptedServer(scriptOf('honest'));
  });
  afterEach(async () => {
    await server.close();
    workspace.dispose();
  });

  const cli = (...args: string[]) => runCli(args, { cwd: workspace.root });

  it('resumes wherever it was killed, and after Ctrl-C', async function () {
    this.timeout(300_000);
    const before = workspace.picture();
    const listed = async () => {
      const { stdout } = await cli('implement', '--list', '--json');
      return (JSON.parse(stdout) as { runs: { run: string; inUse: boolean }[] }).runs;
    };
    for (const [signal, output] of [
      ['SIGKILL', /^plan /m],
      ['SIGKILL', /^ {2}baseline test/m],
      ['SIGKILL', /^ {2}edit_file agent\/stats\/median\.go/m],
      ['SIGINT', /^ {2}edit_file docs\/runbook\.md/m],
      ['SIGKILL', /^check /m],
      ['SIGKILL', /^verify /m],
    ] as const) {
      const [left] = await listed();
      const args = left === undefined ? [SLUG] : ['--resume', left.run];
      const broken = await runCli(['implement', ...args, '--base-url', server.baseUrl], {
        cwd: workspace.root,
        interrupt: { signal, output },
      });
      assert.equal(broken.code, signal === 'SIGKILL' ? null : 130, `${output}: ${broken.stderr}${broken.stdout}`);
      assert.equal(workspace.picture(), before, `${output}`);
    }
    const [left, ...others] = await listed();
    assert.deepEqual(others, []);
    assert.equal(left?.inUse, false);
    const resumed = await cli('implement', '--resume', left?.run ?? '', '--base-url', server.baseUrl, '--json');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal((JSON.parse(resumed.stdout) as { outcome: string }).outcome, 'done');
    assert.equal(workspace.picture(), before);
  });

  it('asks the parent process for turns, as JSON lines, and stops when it is gone', async function () {
    this.timeout(300_000);
    const child = spawn(process.execPath, [CLI, 'implement', SLUG, '--events', '--model-from-parent', 'chat model'], {
      cwd: workspace.root,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const types: string[] = [];
    let asked = 0;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const event = JSON.parse(line) as {
        type: string;
        id: number;
        request: { messages: unknown[]; tools: { name: string }[] };
      };
      types.push(event.type);
      if (event.type !== 'model-request') return;
      assert.ok(event.request.tools.some(({ name }) => name === 'edit_file'));
      asked++;
      const input = { path: 'agent/stats/median.go' };
      const turn = { toolCalls: [{ id: 'c1', name: 'read_file', input }], usage: { inputTokens: 5, outputTokens: 1 } };
      if (asked === 1) child.stdin.write(`${JSON.stringify({ type: 'model-turn', id: event.id, turn })}\n`);
      else if (asked === 2) {
        assert.match(JSON.stringify(event.request.messages), /digest [0-9a-f]{8}/);
        child.stdin.end();
      }
    });
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 130);
    assert.equal(asked, 2);
    assert.ok(types.includes('entry') && types.includes('progress'), types.join(' '));
    assert.equal(types.includes('result'), false);
  });

  it('ends with the error that the parent gives', async () => {
    const child = spawn(process.execPath, [CLI, 'implement', SLUG, '--events', '--model-from-parent'], {
      cwd: workspace.root,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { type, id } = JSON.parse(line) as { type: string; id: number };
      if (type !== 'model-request') return;
      child.stdin.write(
        `${JSON.stringify({ type: 'model-error', id, code: 'model.quota', message: 'No requests are left.' })}\n`,
      );
    });
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 2, stderr);
    assert.match(stderr, /No requests are left\./);
  });
});
