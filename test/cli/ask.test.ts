import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, type ModelServer, modelServer, says } from '../e2e/providers/modelServer.ts';
import { runCli } from '../support/cli.ts';

const QUEUE = 'What is the default of export_queue_size?';

interface AskJson {
  readonly schemaVersion: number;
  readonly answer: string;
  readonly abstained: boolean;
  readonly citations: readonly { file: string; startLine: number; endLine: number; verified: boolean }[];
  readonly claims: readonly { text: string; verdict: string; reasons: readonly string[] }[];
  readonly notes: readonly string[];
  readonly provider: string;
}

describe('infrabuilder ask', () => {
  let root: string;
  let demo: string;
  let server: ModelServer | undefined;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'ask test-'));
    demo = join(root, 'demo');
    const made = await runCli(['init', '--sample', '--no-containers', '--no-git', 'demo'], { cwd: root });
    assert.equal(made.code, 0, made.stderr);
    // A port that nobody listens on, whatever runs on this machine.
    const closed = await modelServer(says('x'));
    await closed.close();
    const config = readFileSync(join(demo, 'infrabuilder.yaml'), 'utf8');
    writeFileSync(join(demo, 'infrabuilder.yaml'), config.replace(/baseUrl: .*/, `baseUrl: ${closed.baseUrl}`));
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function ask(...args: readonly string[]): Promise<{ code: number | null; answer: AskJson }> {
    const { code, stdout, stderr } = await runCli(['ask', '--json', ...args], { cwd: demo });
    assert.ok(stdout.startsWith('{'), stderr);
    return { code, answer: JSON.parse(stdout) as AskJson };
  }

  function lines({ file, startLine, endLine }: AskJson['citations'][number]): string {
    return readFileSync(join(demo, file), 'utf8')
      .split('\n')
      .slice(startLine - 1, endLine)
      .join('\n');
  }

  it('quotes the documents, and every citation opens at the lines that hold the answer', async () => {
    const { code, answer } = await ask('--offline', QUEUE);
    assert.deepEqual(
      [code, answer.schemaVersion, answer.abstained, answer.provider],
      [0, 1, false, 'Grounded (offline)'],
    );
    assert.match(lines(answer.citations[0] ?? assert.fail()), /`export_queue_size` +\| 600/);
    for (const citation of answer.citations) assert.ok(citation.verified && lines(citation) !== '');
    assert.ok(answer.claims.every((claim) => claim.verdict === 'verified'));
  });

  it('quotes what evidence and definitions there are for a goal', async () => {
    const { code, answer } = await ask('why', 'does', 'G-4', 'fail?');
    assert.equal(code, 0);
    assert.match(answer.answer, /topn_capture_ratio/);
    assert.match(answer.notes.join('\n'), /There is no evidence for G-4\. Run "infrabuilder verify --goal G-4"/);
  });

  it('ends with 4 where the documents do not tell', async () => {
    const { code, answer } = await ask('--offline', 'Which Kafka partition holds customer invoices?');
    assert.deepEqual([code, answer.abstained, answer.claims, answer.citations], [4, true, [], []]);
  });

  it('prints the answer on standard output, and who gave it beside it', async () => {
    const { code, stdout, stderr } = await runCli(['ask', QUEUE], { cwd: join(demo, 'docs') });
    assert.equal(code, 0);
    assert.match(stdout, /^> .*export_queue_size[\s\S]*\[docs\/runbook\.md#L\d+/);
    assert.match(stderr, /note: No model answers at http.* refused\. The documents are quoted instead\./);
    assert.match(stderr, /Grounded \(offline\): \d quotes?, word for word from the lines cited\./);
  });

  it('marks every lie of a model', async () => {
    const row =
      readFileSync(join(demo, 'docs/runbook.md'), 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('`export_queue_size` ')) + 1;
    server = await modelServer(
      says(
        '<think>I will lie.</think>',
        `The key \`export_queue_size\` is 600 by default [docs/runbook.md#L${row}].\n`,
        `The key \`export_queue_size\` is 700 by default [docs/runbook.md#L${row}].\n`,
        'The key `export_queue_size` is 600 by default [docs/queues.md#L1].\n',
        'The key `export_queue_size` is 600 by default [docs/runbook.md#L1].\n',
      ),
    );
    const { code, answer } = await ask('--base-url', server.baseUrl, QUEUE);
    assert.equal(code, 0);
    assert.deepEqual(
      answer.claims.map((claim) => claim.verdict),
      ['verified', 'unsupported', 'unsupported', 'unsupported'],
    );
    assert.equal(answer.answer.match(/\*\*\[unsupported:/g)?.length, 3);
    assert.equal(answer.provider, `scripted-1 at ${server.baseUrl}`);
    assert.equal(server.requests[0]?.tools, undefined);
  });

  it('says what is wrong with an endpoint that was named', async () => {
    const gone = await modelServer(says('x'));
    await gone.close();
    const refused = await runCli(['ask', '--base-url', gone.baseUrl, '--model', 'm', QUEUE], { cwd: demo });
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /No model answers at .*: the connection was refused\.\n.*--offline/);
    server = await modelServer(json(401, { error: { message: 'no' } }));
    const unauthorized = await runCli(['ask', '--base-url', server.baseUrl, '--model', 'm', QUEUE], { cwd: demo });
    assert.equal(unauthorized.code, 2);
    assert.match(unauthorized.stderr, /wants authorization \(401\)[\s\S]*INFRABUILDER_API_KEY/);
  });

  it('sends the key of the environment to the endpoint of the environment', async () => {
    server = await modelServer(says('NOT FOUND'));
    const env = { INFRABUILDER_BASE_URL: server.baseUrl, INFRABUILDER_API_KEY: 'sk-test-123456' };
    const { code } = await runCli(['ask', '--json', QUEUE], { cwd: demo, env });
    assert.deepEqual([code, server.keys], [4, ['Bearer sk-test-123456']]);
  });

  it('shows no escape sequence that a document holds', async () => {
    writeFileSync(
      join(demo, 'docs/evil.md'),
      '# Purple zebra\n\nThe purple zebra is \u001b[31mred\u001b]0;owned\u0007.\n',
    );
    const { stdout } = await runCli(['ask', '--offline', 'purple zebra?'], { cwd: demo });
    rmSync(join(demo, 'docs/evil.md'));
    assert.match(stdout, /purple zebra is/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    assert.doesNotMatch(stdout, /[\u001b\u0007]/);
    const gone = await ask('--offline', 'purple zebra?');
    assert.deepEqual([gone.code, gone.answer.abstained], [4, true]);
  });

  it('needs a question, and a URL that is one', async () => {
    assert.equal((await runCli(['ask'], { cwd: demo })).code, 2);
    const bad = await runCli(['ask', '--base-url', 'nonsense', QUEUE], { cwd: demo });
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /"nonsense" is not the URL of an endpoint/);
  });
});
