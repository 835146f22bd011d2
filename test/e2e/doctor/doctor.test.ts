import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DoctorReport, diagnose } from '../../../src/core/doctor/diagnose.ts';
import { fix } from '../../../src/core/doctor/fix.ts';
import type { Needs } from '../../../src/core/doctor/needs.ts';
import { TOOLS_BIN, toolPath } from '../../../src/core/doctor/toolPath.ts';
import { checkSchema } from '../../../src/core/model/check.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { createTools } from '../../../src/node/tools.ts';

const CHECKS = { test: checkSchema.parse({ run: ['go', 'test', './...'] }) };
const NEEDS: Needs = { checks: CHECKS, goals: [], platforms: [] };

describe('doctor', () => {
  let root: string;
  let processes: ReturnType<typeof createProcesses>;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'doctor ü '));
    mkdirSync(join(root, 'bin'));
    processes = createProcesses(root);
  });
  afterEach(() => {
    processes.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  function tool(name: string, body: string): void {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }

  function tools(...more: string[]) {
    return createTools({ env: { PATH: [join(root, 'bin'), ...more].join(':') }, first: [toolPath(root)] });
  }

  const look = (needs = NEEDS): Promise<DoctorReport> => diagnose(needs, { tools: tools(), processes });
  async function line(id: string, needs = NEEDS): Promise<string> {
    const report = (await look(needs)).tools.find((entry) => entry.id === id);
    const text = `${report?.status} ${report?.version ?? ''} ${report?.problem ?? ''}`.replaceAll(root, 'ROOT');
    return text.replace(/ +/g, ' ').trim();
  }

  it('accepts what is there and new enough', async () => {
    tool('go', 'echo go version go1.26.8 linux/amd64');
    const report = await look();
    assert.deepEqual([report.schemaVersion, report.ok, report.missingRequired], [1, true, []]);
    assert.equal(await line('go'), 'ok 1.26.8');
    assert.equal(await line('git'), 'missing git is not on the PATH.');
  });

  it('names what the checks need and is missing or too old', async () => {
    assert.deepEqual((await look()).missingRequired, ['go']);
    tool('go', 'echo go version go1.21.13 linux/amd64');
    assert.equal(await line('go'), 'too-old 1.21.13 1.21.13 is older than 1.22.');
    assert.deepEqual((await look()).missingRequired, ['go']);
    assert.equal((await look({ ...NEEDS, checks: {} })).ok, true);
  });

  it('tells what is broken from what is missing', async () => {
    symlinkSync(join(root, 'gone'), join(root, 'bin/git'));
    tool('buf', 'echo "cannot open shared object" >&2; exit 127');
    tool('protoc', 'kill -9 $$');
    writeFileSync(join(root, 'bin/make'), 'x');
    chmodSync(join(root, 'bin/make'), 0o644);
    writeFileSync(join(root, 'bin/kind'), '#!/no/such/interpreter\n');
    chmodSync(join(root, 'bin/kind'), 0o755);
    mkdirSync(join(root, 'bin/toxiproxy-server'));
    assert.equal(await line('git'), 'broken ROOT/bin/git is a link that leads nowhere.');
    assert.equal(
      await line('buf'),
      'broken "ROOT/bin/buf --version" failed with exit code 127: cannot open shared object',
    );
    assert.equal(await line('protoc'), 'broken "ROOT/bin/protoc --version" was ended by SIGKILL.');
    assert.equal(await line('make'), 'broken ROOT/bin/make may not be run.');
    assert.match(await line('kind'), /^broken "ROOT\/bin\/kind --version" could not be started: /);
    assert.equal(await line('toxiproxy-server'), 'missing toxiproxy-server is not on the PATH.');
  });

  it('reads versions from standard error, and past a broken namesake', async () => {
    tool('protoc', 'echo libprotoc 29.3 >&2');
    assert.equal(await line('protoc'), 'ok 29.3');
    mkdirSync(join(root, 'later'));
    symlinkSync(join(root, 'gone'), join(root, 'bin/buf'));
    writeFileSync(join(root, 'later/buf'), '#!/bin/sh\necho 1.75.0\n');
    chmodSync(join(root, 'later/buf'), 0o755);
    assert.equal((await tools(join(root, 'later')).find('buf'))?.path, join(root, 'later/buf'));
  });

  it('takes no garbage for a version', async () => {
    tool('protoc', "printf '\\033[2J\\001 hello\\n'");
    tool('go', 'echo nonsense');
    assert.equal(
      await line('protoc'),
      'unverified Its version cannot be read. "ROOT/bin/protoc --version" says: [2J hello',
    );
    assert.deepEqual((await look()).missingRequired, ['go']);
  });

  it('gives up on a tool that hangs', async () => {
    tool('go', 'sleep 60');
    assert.equal(await line('go'), 'broken "ROOT/bin/go version" did not answer within 5 seconds.');
  });

  it('asks Docker for its compose plugin', async () => {
    tool('docker', '[ "$1" = --version ] && echo Docker version 28.2.2, build x || exit 1');
    assert.match(
      await line('docker'),
      /^broken 28\.2\.2 the compose plugin starts .* "compose version" does not work\.$/,
    );
    tool(
      'docker',
      '[ "$1" = --version ] && echo Docker version 28.2.2, build x || echo Docker Compose version v2.36.2',
    );
    assert.equal(await line('docker'), 'ok 28.2.2, compose 2.36.2');
  });

  it('finds programs of checks that it does not know, and runs none of them', async () => {
    const checks = { docs: checkSchema.parse({ run: ['vale', 'docs'] }) };
    assert.deepEqual((await look({ ...NEEDS, checks })).missingRequired, ['vale']);
    tool('vale', `touch "${root}/was-run"`);
    assert.equal(await line('vale', { ...NEEDS, checks }), 'ok');
    rmSync(join(root, 'bin/vale'));
    assert.throws(() => rmSync(join(root, 'was-run')));
  });

  it('stops when cancelled', async () => {
    tool('go', 'sleep 60');
    const controller = new AbortController();
    const running = diagnose(NEEDS, { tools: tools(), processes }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(running, { name: 'CancelledError' });
  });

  describe('--fix', () => {
    const approval = (answer: boolean, asked: string[] = []) => ({
      confirm: async (question: string) => {
        asked.push(question);
        return answer;
      },
    });

    it('asks first; a no installs nothing', async () => {
      tool('npm', `touch "${root}/was-run"`);
      const ports = { tools: tools(), processes, files: createFiles(root) };
      const asked: string[] = [];
      const report = await fix(NEEDS, { ...ports, approval: approval(false, asked) }, { only: ['buf'] });
      assert.deepEqual([report.declined, report.installed], [true, []]);
      assert.deepEqual(asked, ['Install into .infrabuilder/tools/bin: buf?']);
      assert.throws(() => rmSync(join(root, 'was-run')));
    });

    it('refuses a tool that nobody knows, before it asks', async () => {
      const asked: string[] = [];
      const ports = { tools: tools(), processes, files: createFiles(root), approval: approval(true, asked) };
      await assert.rejects(fix(NEEDS, ports, { only: ['buf', 'bfu'] }), {
        code: 'doctor.unknown-tool',
        message: 'Neither this workspace nor the plan needs a tool called bfu.',
      });
      assert.deepEqual(asked, []);
    });

    it('goes on after an install that fails, renames what has another name, and looks again', async () => {
      const goodGo = `[ "$1" = version ] && { echo go version go1.26.8 linux/amd64; exit; }
case "$2" in
  *toxiproxy*) printf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"; chmod +x "$GOBIN/server" ;;
  *) echo "module not found" >&2; exit 1 ;;
esac`;
      tool('go', goodGo);
      const files = createFiles(root);
      const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}` };
      const run: typeof processes.run = (request) => processes.run({ ...request, env: { ...env, ...request.env } });
      const only = ['kind', 'toxiproxy-server', 'protoc'];
      const ports = { tools: tools(), processes: { run }, files, approval: approval(true) };
      const report = await fix(NEEDS, ports, { only });
      assert.deepEqual(report.installed, ['toxiproxy-server']);
      assert.deepEqual(
        report.failed.map(({ id, message }) => [id, message]),
        [['kind', 'module not found']],
      );
      assert.deepEqual(
        report.advice.map(({ id }) => id),
        ['protoc'],
      );
      const found = report.doctor.tools.find((entry) => entry.id === 'toxiproxy-server');
      assert.deepEqual([found?.status, found?.path], ['ok', join(root, TOOLS_BIN, 'toxiproxy-server')]);
    });

    it('really installs buf by npm', async function () {
      this.timeout(180_000);
      const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(':')];
      const withNpm = folders.filter((folder) => !existsSync(join(folder, 'buf')));
      const ports = { tools: tools(...withNpm), processes, files: createFiles(root), approval: approval(true) };
      const report = await fix(NEEDS, ports, { only: ['buf'] });
      assert.deepEqual(report.failed, []);
      assert.deepEqual(report.installed, ['buf']);
      const buf = report.doctor.tools.find((entry) => entry.id === 'buf');
      assert.equal(buf?.status, 'ok');
      assert.equal(buf.path, join(root, TOOLS_BIN, 'buf'));
      assert.match(buf.version ?? '', /^1\.\d+\.\d+$/);
    });
  });
});
