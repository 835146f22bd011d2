// npm run demo: the embedded workspace from an empty folder, its checks on the real agent, and what was measured.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const demo = join(root, '.demo');
const INSTALL = {
  linux: 'sudo apt-get install golang-go',
  darwin: 'brew install go',
  win32: 'winget install GoLang.Go',
};
const started = performance.now();

if (spawnSync('go', ['version']).status !== 0) {
  console.error('The embedded agent is written in Go, and there is no Go on the PATH. Install Go 1.22 or later:');
  console.error(`  ${INSTALL[process.platform] ?? 'https://go.dev/dl'}   (or https://go.dev/dl)`);
  process.exit(3);
}
if (existsSync(demo) && !existsSync(join(demo, 'infrabuilder.yaml'))) {
  console.error(`${demo} exists and is not a workspace of the demo. Move it away, then run the demo again.`);
  process.exit(2);
}
rmSync(demo, { recursive: true, force: true });

await step('Bootstrap the embedded workspace', ['init', '--sample', '--no-containers', '.demo'], { cwd: root });
await step('Which tools are there?', ['doctor']);
await step('Is every file of the workspace sound?', ['validate']);
await step('What is there to do?', ['tasks']);
for (const name of ['lint', 'format', 'test', 'bench']) await step(`Check: ${name}`, ['check', name]);

const harness = await step(
  'Check: harness. The agent replays a corpus; our oracle judges its raw output',
  ['check', 'harness', '--json'],
  { expected: [1], quiet: true },
);
const values = new Map(JSON.parse(harness).values.map((value) => [value.name, value]));
const GOALS = [
  ['G-3', 'Statistical Fidelity', 'p95p99_error'],
  ['G-4', 'Top-N Accuracy', 'topn_capture_ratio'],
  ['G-5', 'Tail Error Bound', 'tail_error'],
];
console.log('\nGoal  Title                 KPI                 Measured      Limit    Samples  Verdict');
for (const [goal, title, name] of GOALS) {
  const value = values.get(name);
  if (value === undefined) stop(`The oracle gave no ${name}.`);
  const limit = value.min === undefined ? `<= ${value.max}` : `>= ${value.min}`;
  const measured = `${value.value.toFixed(3)} ${value.unit === 'percent' ? '%' : value.unit}`;
  console.log(
    [
      goal.padEnd(6),
      title.padEnd(22),
      name.padEnd(20),
      measured.padEnd(14),
      limit.padEnd(9),
      String(value.n).padEnd(9),
      value.verdict,
    ].join(''),
  );
}
const verdictOf = (name) => values.get(name)?.verdict;
if (
  verdictOf('p95p99_error') !== 'pass' ||
  verdictOf('tail_error') !== 'pass' ||
  verdictOf('topn_capture_ratio') !== 'fail'
) {
  stop('These are not the verdicts that the embedded workspace should give.');
}
await step(
  'Live: the agent watches 500 real processes for a minute, measured from outside',
  ['e2e', 'run', '--scenario=standard', '--duration=60'],
  // 4: the machine was too busy for one of the figures.
  { expected: [1, 4] },
);
console.log(`
G-4 falls short, and that is right: the sampler exports a fixed 20 processes, whatever their share. The pending task
topn_sampler asks for one that adapts. Until its code is there, no report can make this goal pass.

Done in ${((performance.now() - started) / 1000).toFixed(0)} s. The workspace is in .demo: look around with
  node dist/cli.js task show topn_sampler --cwd .demo`);

/** Runs one command as a user would type it; stops the demo where it does not end as it should. */
function step(title, args, { cwd = demo, expected = [0], quiet = false } = {}) {
  console.log(`\n== ${title}\n$ infrabuilder ${args.join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (!quiet) process.stdout.write(text);
    });
    child.on('close', (code) => {
      if (!expected.includes(code)) stop(`${quiet ? output : ''}That ended with exit code ${code}.`);
      resolve(output);
    });
  });
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
