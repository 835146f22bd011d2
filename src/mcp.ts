#!/usr/bin/env node
import { resolve } from 'node:path';
import { composeEngine, packageVersion } from './compose.ts';
import { serveStdio } from './mcp/stdio.ts';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt.abort());

const start = process.cwd();
const named = process.argv[2];
const host = {
  version: packageVersion(),
  given: named === undefined ? undefined : resolve(start, named),
  here: start,
  // Nobody can be asked here: what needs a person's word is refused.
  open: (root: string) => composeEngine(root, start, { env: process.env, approval: { confirm: async () => false } }),
};
await serveStdio(host, interrupt.signal);
