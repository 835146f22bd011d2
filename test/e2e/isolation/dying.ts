import child from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { RUN } from './support.ts';

/** Steps of an accept are changes of files; those of a beginning are calls of git. */
const STEPS = { accept: [fs, ['renameSync', 'rmSync']], begin: [child, ['execFile']] } as const;

const [root = '', what = '', nth = ''] = process.argv.slice(2);
let left = Number(nth);
const [holder, names] = what === 'begin' ? STEPS.begin : STEPS.accept;
for (const name of names) {
  const real = Reflect.get(holder, name) as (...args: unknown[]) => unknown;
  Reflect.set(holder, name, (...args: unknown[]) => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return real(...args);
  });
}
syncBuiltinESMExports();

const { createIsolation } = await import('../../../src/node/isolation/isolation.ts');
const isolation = createIsolation(root);
if (what === 'begin') await (await isolation.begin(RUN)).release();
else await isolation.accept(RUN.run);
