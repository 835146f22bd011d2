#!/usr/bin/env node
import { composeEngine, packageVersion } from './compose.ts';
import { serveStdio } from './mcp/stdio.ts';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupt.abort());

const root = process.argv[2] ?? process.cwd();
// Nobody can be asked here: what needs a person's word is refused.
const engine = composeEngine(root, process.cwd(), { env: process.env, approval: { confirm: async () => false } });
await serveStdio(engine, packageVersion(), interrupt.signal);
