import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CancelledError, EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import { gitIn, Workshop } from './workshop.ts';

describe('init from git', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.dispose());

  const remotes = () => ({ sourceUrl: shop.bareRepository('agent'), testbedUrl: shop.bareRepository('testbed') });
  const leftovers = () => readdirSync(shop.workspace).filter((name) => name.includes('cloning'));

  it('clones both repositories, streams the progress, and changes nothing the second time', async () => {
    const urls = remotes();
    const lines: string[] = [];
    const report = await shop.init(urls, {
      onProgress: (progress) => progress.kind === 'output' && lines.push(progress.text),
    });
    assert.deepEqual(report.cloned, ['infrastructure-agent', 'infrastructure-agent-testbed']);
    assert.equal(readFileSync(join(shop.workspace, 'infrastructure-agent/old.txt'), 'utf8'), 'second\n');
    assert.ok(lines.some((line) => line.startsWith('Cloning into')));
    assert.deepEqual(leftovers(), []);
    assert.equal(gitIn(join(shop.workspace, 'infrastructure-agent'), 'rev-parse', '--abbrev-ref', 'HEAD'), 'main');

    const before = shop.snapshot();
    const second = await shop.init(urls);
    assert.equal(second.changed, false);
    assert.deepEqual(second.kept, []);
    assert.deepEqual(shop.snapshot(), before);
  });

  it('makes a partial clone whose last two commits can be compared without the remote', async () => {
    const { sourceUrl, testbedUrl } = remotes();
    await shop.init({ sourceUrl: pathToFileURL(sourceUrl).href, testbedUrl });
    const clone = join(shop.workspace, 'infrastructure-agent');
    assert.equal(gitIn(clone, 'config', 'remote.origin.partialclonefilter'), 'blob:none');
    rmSync(sourceUrl, { recursive: true });
    assert.equal(gitIn(clone, 'show', 'HEAD^:old.txt'), 'first');
  });

  it('says nothing of a failure where a repository has a single commit', async () => {
    const { sourceUrl, testbedUrl } = remotes();
    const single = shop.path('single.git');
    gitIn(shop.folder, 'clone', '--quiet', '--bare', '--depth=1', pathToFileURL(sourceUrl).href, single);
    const lines: string[] = [];
    await shop.init(
      { sourceUrl: single, testbedUrl },
      { onProgress: (progress) => progress.kind === 'output' && lines.push(progress.text) },
    );
    assert.deepEqual(
      lines.filter((line) => /fatal|error/.test(line)),
      [],
    );
  });

  it('checks out a tag, a commit, and a relative path', async () => {
    const { sourceUrl, testbedUrl } = remotes();
    const first = gitIn(testbedUrl, 'rev-parse', 'v1');
    await shop.init({ sourceUrl: './agent.git', sourceRef: 'v1', testbedUrl, testbedRef: first });
    assert.equal(existsSync(sourceUrl), true);
    for (const folder of ['infrastructure-agent', 'infrastructure-agent-testbed']) {
      assert.equal(gitIn(join(shop.workspace, folder), 'show', 'HEAD:old.txt'), 'first');
      assert.equal(readFileSync(join(shop.workspace, folder, 'old.txt'), 'utf8'), 'first\n');
    }
  });

  it('leaves no half folder when a clone fails, still does the rest, and can be run again', async () => {
    const urls = remotes();
    const bad = { ...urls, sourceUrl: shop.path('none.git') };
    await assert.rejects(shop.init(bad), (error: HumanError) => {
      assert.equal(error.code, 'init.not-a-repository');
      assert.match(
        error.message,
        /none\.git failed: there is no repository\..*The rest of the workspace is in place\.$/s,
      );
      assert.match(error.hint ?? '', /Correct --source-url, or use --sample/);
      return true;
    });
    assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent')), false);
    assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent-testbed/go.mod')), true);
    assert.equal(existsSync(join(shop.workspace, 'Makefile')), true);
    assert.deepEqual(leftovers(), []);
    assert.deepEqual((await shop.init(urls)).cloned, ['infrastructure-agent']);
  });

  it('says which ref is wrong, and leaves no folder', async () => {
    await assert.rejects(shop.init({ ...remotes(), testbedRef: 'v99' }), {
      code: 'init.unknown-ref',
      hint: 'Correct --testbed-ref.',
    });
    assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent-testbed')), false);
  });

  it('refuses a repository without commits', async () => {
    gitIn(shop.folder, 'init', '--quiet', '--bare', 'empty.git');
    await assert.rejects(shop.init({ ...remotes(), sourceUrl: 'empty.git' }), { code: 'init.empty-repository' });
    assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent')), false);
  });

  it('is not led astray by the variables of a surrounding git hook', async () => {
    const env = {
      GIT_DIR: shop.path('elsewhere'),
      GIT_INDEX_FILE: shop.path('elsewhere-index'),
      GIT_WORK_TREE: shop.folder,
    };
    await shop.init(remotes(), { env });
    assert.equal(existsSync(env.GIT_INDEX_FILE), false);
    assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent/go.mod')), true);
  });

  describe('with a server that never answers', () => {
    let server: Server;
    let url: string;
    let heard: Promise<void>;
    const sockets = new Set<Socket>();

    beforeEach(async () => {
      let onConnection = () => {};
      heard = new Promise((resolve) => {
        onConnection = resolve;
      });
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        onConnection();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      url = `git://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/agent.git`;
    });
    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });

    it('stops when cancelled, and leaves no folder', async () => {
      const controller = new AbortController();
      const running = shop.init({ ...remotes(), sourceUrl: url }, { signal: controller.signal });
      await heard;
      controller.abort();
      await assert.rejects(running, CancelledError);
      assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent')), false);
      assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent-testbed')), false);
      assert.deepEqual(leftovers(), []);
    });

    it('stops after the time-out', async () => {
      await shop.init(remotes());
      const { git } = shop.ports();
      const outcome = await git.clone({ url, ref: undefined, folder: 'other', timeoutMs: 200 });
      assert.equal(outcome.kind, 'timed-out');
      assert.equal(existsSync(join(shop.workspace, 'other')), false);
      assert.deepEqual(leftovers(), []);
    });

    it('is finished by the next run when it was killed half-way', async () => {
      const { spawn } = await import('node:child_process');
      const script = shop.path('killed.mts');
      const workshop = new URL('./workshop.ts', import.meta.url).href;
      const remote = JSON.stringify({ sourceUrl: url, testbedUrl: shop.bareRepository('testbed') });
      writeFileSync(
        script,
        `import { initWith, portsOf } from '${workshop}';
         await initWith(portsOf(process.argv[2], process.argv[3]), ${remote});`,
      );
      const child = spawn(process.execPath, [script, shop.workspace, shop.folder], { stdio: 'inherit' });
      await heard;
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      const left = leftovers();
      for (const socket of sockets) socket.destroy();
      assert.deepEqual(left, [`.infrastructure-agent.cloning-${child.pid}`]);
      assert.equal(existsSync(join(shop.workspace, 'infrastructure-agent')), false);

      const report = await shop.init({ sourceUrl: shop.bareRepository('agent'), testbedUrl: 'testbed.git' });
      assert.deepEqual(report.cloned, ['infrastructure-agent', 'infrastructure-agent-testbed']);
      assert.deepEqual(leftovers(), []);
    });
  });

  it('names the machine as the cause where nothing listens', async () => {
    const error = await shop.init({ ...remotes(), sourceUrl: 'https://bob:s3cret@127.0.0.1:9/agent.git' }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof EnvironmentError);
    assert.ok(error instanceof HumanError);
    assert.equal(error.code, 'init.offline');
    assert.equal(`${error.message}${error.hint}`.includes('s3cret'), false);
  });
});
