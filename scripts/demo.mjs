// npm run demo: the whole story on the embedded workspace, from an empty folder to a task that is done.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startModel } from './demo/model.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const demo = join(root, '.demo');
const TASK = 'topn_sampler';
const SIGNER = 'npm run demo (a script that stands in for a person)';
const INSTALL = {
  linux: 'sudo apt-get install golang-go',
  darwin: 'brew install go',
  win32: 'winget install GoLang.Go',
};
// buf comes with this repository.
const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
const started = performance.now();
let model;

for (const [program, install] of [
  ['go', INSTALL[process.platform] ?? 'https://go.dev/dl'],
  ['git', 'https://git-scm.com/downloads'],
]) {
  if (spawnSync(program, ['version']).status === 0) continue;
  console.error(`There is no ${program} on the PATH. The demo needs it: ${install}`);
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
const harness = await step(
  'A first checkpoint: the agent replays a corpus, and our oracle judges its raw output',
  ['check', 'harness', '--json'],
  { expected: [1], quiet: true },
);
showGoals(JSON.parse(harness));

model = await startModel();
console.log(`
The sampler exports a fixed 20 processes, so G-4 is red. A model is to mend it. It is a script behind a real server at
${model.baseUrl}: it plays what a model would say, so that the demo needs no network. All that follows is real.`);
const WRITER = ['--base-url', model.baseUrl, '--model', 'scripted', '--json'];
const TRIED = { expected: [0, 4], quiet: true };
let implemented = JSON.parse(
  await step(
    'A model implements the task, in a copy of the workspace; the machine decides',
    ['implement', TASK, ...WRITER],
    TRIED,
  ),
);
if (implemented.missing.some(({ code }) => code === 'gate.goal-inconclusive')) {
  const title = 'The machine was too busy for some figures: the run goes on, and measures these again';
  implemented = JSON.parse(await step(title, ['implement', '--resume', implemented.run, ...WRITER], TRIED));
}
await model.close();
if (implemented.missing.some(({ code }) => code !== 'gate.needs-sign-off')) {
  stop(`The run did not end as it should:\n${implemented.reason}`, 4);
}
await step('What did it change?', ['implement', '--diff', implemented.run], { shown: 24 });
await step('A person accepts the change', ['implement', '--accept', implemented.run]);
await step('Is the task done?', ['task', 'complete', TASK], { expected: [1] });
const lines = implemented.missing.map(({ message }) => JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(message)?.[0] ?? '""'));
const signOffs = lines.flatMap((line) => ['--sign-off', line]);
await step('What no check can measure, a person signs by name', [
  'task',
  'complete',
  TASK,
  ...signOffs,
  '--by',
  SIGNER,
]);
await step('The tasks now', ['tasks']);
await step('The final report; what is not fresh any more is measured', ['report', 'final', '--verify']);
const seconds = (performance.now() - started) / 1000;
console.log(`
${TASK} is done: ${implemented.steps} turns, ${implemented.repairs} refused verifications, and every figure measured while you watched.

Done in ${seconds.toFixed(0)} s. The workspace is in .demo: look around with
  node dist/cli.js audit --cwd .demo
  node dist/cli.js implement --transcript ${implemented.run} --cwd .demo`);

/** Runs one command as a user would type it; stops the demo where it does not end as it should. */
function step(title, args, { cwd = demo, expected = [0], quiet = false, shown } = {}) {
  const typed = args.map((arg) => (/[\s"()≥≤]/.test(arg) ? `'${arg}'` : arg)).join(' ');
  console.log(`\n== ${title}\n$ infrabuilder ${typed}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (!quiet && shown === undefined) process.stdout.write(text);
    });
    child.on('close', (code) => {
      if (shown !== undefined) console.log(firstLines(output, shown));
      if (!expected.includes(code)) stop(`${quiet ? output : ''}That ended with exit code ${code}.`);
      resolve(output);
    });
  });
}

function firstLines(text, most) {
  const all = text.trimEnd().split('\n');
  const left = all.length - most;
  return left > 0 ? `${all.slice(0, most).join('\n')}\n... and ${left} more lines` : all.join('\n');
}

function showGoals({ values }) {
  const rows = [
    ['G-3', 'Statistical Fidelity', 'p95p99_error', 'pass'],
    ['G-4', 'Top-N Accuracy', 'topn_capture_ratio', 'fail'],
    ['G-5', 'Tail Error Bound', 'tail_error', 'pass'],
  ];
  console.log('Goal  Title                 KPI                 Measured      Limit    Samples  Verdict');
  for (const [goal, title, name, verdict] of rows) {
    const value = values.find((one) => one.name === name);
    if (value?.verdict !== verdict) stop(`${name} should be a ${verdict} in the embedded workspace.`);
    const limit = value.min === undefined ? `<= ${value.max}` : `>= ${value.min}`;
    const measured = `${value.value.toFixed(3)} ${value.unit === 'percent' ? '%' : value.unit}`;
    const cells = [goal.padEnd(6), title.padEnd(22), name.padEnd(20), measured.padEnd(14), limit.padEnd(9)];
    console.log(`${cells.join('')}${String(value.n).padEnd(9)}${value.verdict}`);
  }
}

function stop(message, code = 1) {
  console.error(message);
  void model?.close();
  process.exit(code);
}
