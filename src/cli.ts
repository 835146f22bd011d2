#!/usr/bin/env node
// Servers of the measuring side run in processes of their own, which are this program again.
if (process.argv[2] === '__worker') {
  const { runWorker } = await import('./e2e/services/workers.ts');
  process.exit(await runWorker(process.argv.slice(3), process));
}
if (process.argv[2] === '__guard') {
  const { serveGuard } = await import('./node/processGuard.ts');
  await serveGuard(process.stdin);
  process.exit(0);
}

const [{ main }, { createTerminal }, { composeEngine, packageVersion }] = await Promise.all([
  import('./cli/main.ts'),
  import('./cli/terminal.ts'),
  import('./compose.ts'),
]);

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());

const io = createTerminal(interrupt.signal);
const version = packageVersion();
const approval = {
  confirm: (question: string, detail?: string) => {
    if (detail !== undefined) io.err.write(`${detail}\n`);
    return io.confirm(question);
  },
};

process.exitCode = await main(process.argv.slice(2), io, {
  version,
  open: (root, start) => composeEngine(root, start, { env: process.env, approval }),
  async serveMcp(request, signal) {
    const { serveStdio } = await import('./mcp/stdio.ts');
    await serveStdio({ ...request, version }, signal);
  },
});
