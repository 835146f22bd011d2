// npm run bench [name]: runs the benchmarks in test/bench. They print figures and never fail on time.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/bench/', import.meta.url));
const wanted = process.argv.slice(2);
const all = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'));
const chosen = all.filter((file) => wanted.length === 0 || wanted.includes(file.replace('.bench.ts', '')));
if (chosen.length === 0) {
  console.error(`No such benchmark. There are: ${all.map((file) => file.replace('.bench.ts', '')).join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const file of chosen) {
  console.log(`\n== ${file}`);
  const { status } = spawnSync(process.execPath, [folder + file], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
