import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLE = fileURLToPath(new URL('../../../templates/sample/', import.meta.url));

const posix = process.platform === 'win32' ? describe.skip : describe;

posix('run_replay.sh guards the corpus, the truth that the agent is judged by', function () {
  this.timeout(180_000);
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'replay ü '));
    for (const part of ['infrastructure-agent', 'infrastructure-agent-testbed']) {
      cpSync(join(SAMPLE, part), join(root, part), { recursive: true });
    }
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const corpus = () => join(root, 'infrastructure-agent-testbed/results/corpus.jsonl');
  function replay(): { code: number | null; said: string } {
    const size = ['--processes', '60', '--ticks', '4'];
    const cwd = join(root, 'infrastructure-agent-testbed');
    const { status, stdout, stderr } = spawnSync('sh', ['run_replay.sh', ...size], { cwd, encoding: 'utf8' });
    return { code: status, said: stdout + stderr };
  }

  it('uses it again while nothing has changed, and makes it anew where somebody edited it', () => {
    assert.match(replay().said, /corpus: generate standard/);
    const { mtimeMs } = statSync(corpus());
    const text = readFileSync(corpus(), 'utf8');
    const again = replay();
    assert.deepEqual([again.code, /generate/.test(again.said)], [0, false]);
    assert.equal(statSync(corpus()).mtimeMs, mtimeMs);
    appendFileSync(corpus(), '{}\n');
    assert.match(replay().said, /corpus: generate standard/);
    assert.equal(readFileSync(corpus(), 'utf8'), text);
  });

  it('fails where the agent itself changed it', () => {
    const main = join(root, 'infrastructure-agent/cmd/agent/main.go');
    const honest = readFileSync(main, 'utf8');
    const edit = `func init() {\n\tf, _ := os.OpenFile(os.Args[3], os.O_APPEND|os.O_WRONLY, 0)\n\t_, _ = f.WriteString("\\n")\n}\n`;
    writeFileSync(main, `${honest}\n${edit}`);
    const { code, said } = replay();
    writeFileSync(main, honest);
    assert.equal(code, 1, said);
    assert.match(said, /run_replay\.sh: the agent changed .*corpus\.jsonl, which it must only read/);
  });
});
