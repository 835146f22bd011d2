// npm test: every check, one after the other, each with its time; all run even when one fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const mocha = ['node_modules/mocha/bin/mocha.js', '--config', 'test/mocharc.json'];
const PARALLEL = ['--parallel', '--jobs', '2'];
/** What measures, or has deadlines of its own, runs alone. */
const LIVE = 'test/e2e/{canaries,chaos,checks,goals,oracle,profiling,runner,services,workload}/**/*.test.ts';

const STEPS = [
  { name: 'build', argv: ['esbuild.mjs'] },
  { name: 'types', argv: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', argv: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'unit', argv: [...mocha, 'test/{unit,golden}/**/*.test.ts'] },
  { name: 'cli', argv: [...mocha, ...PARALLEL, '--timeout', '120000', 'test/cli/**/*.test.ts'] },
  { name: 'e2e', argv: [...mocha, ...PARALLEL, '--timeout', '300000', '--ignore', LIVE, 'test/e2e/**/*.test.ts'] },
  { name: 'live', argv: [...mocha, '--timeout', '300000', LIVE] },
  { name: 'vscode', argv: ['test/vscode/main.ts'], counts: true },
];

const wanted = process.argv.slice(2);
const steps = wanted.length === 0 ? STEPS : STEPS.filter((step) => wanted.includes(step.name));
if (steps.length === 0) {
  console.error(`No such step. Steps: ${STEPS.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

const totals = { passed: 0, failed: 0 };
const failed = [];
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  const started = performance.now();
  const { code, output } = await run(step.argv);
  const passing = lastCount(output, 'passing');
  const failing = lastCount(output, 'failing');
  totals.passed += passing;
  totals.failed += failing;
  const empty = (step.counts ?? step.argv[0] === mocha[0]) && passing + failing === 0;
  const ok = code === 0 && !empty;
  if (!ok) failed.push(step.name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${step.name}: ${ok ? 'ok' : empty ? 'ran no test' : `failed (exit ${code})`} in ${seconds} s`);
}

if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(failed.length === 0 ? 0 : 1);

/** A step may hold several runs; the count that closes it is the last. */
function lastCount(output, word) {
  return Number([...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].at(-1)?.[1] ?? 0);
}

/** Ctrl-C reaches the children through the terminal's process group. */
function run(argv) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
