import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMapping } from '../../src/core/parse/mapping.ts';
import { readPlain } from '../../src/core/parse/plain.ts';
import { readFull } from '../../src/core/parse/read.ts';
import { parseTask } from '../../src/core/parse/task.ts';

const FILES = 10_000;
const sample = readFileSync(new URL('../fixtures/plan/topn_sampler.yaml', import.meta.url), 'utf8');
const texts = Array.from({ length: FILES }, (_, at) => sample.replaceAll('topn_sampler', `task_${at}`));

/** Microseconds a text: the median of five rounds over `inputs`. */
function measure(inputs: readonly string[], work: (text: string) => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (const text of inputs) work(text);
    return ((performance.now() - start) * 1000) / inputs.length;
  });
  return rounds.sort((a, b) => a - b)[2] ?? 0;
}

const line = (name: string, value: number, unit: string): void =>
  console.log(`parse  ${name.padEnd(52)} ${value.toFixed(1)} ${unit}`);

const plain = measure(texts, readPlain);
const full = measure(texts.slice(0, 1000), readFull);
line('task file, plain reader', plain, 'µs');
line('task file, full reader', full, 'µs');
line('full reader / plain reader', full / plain, 'times');
line(
  'task file, read and validated (parseTask)',
  measure(texts, (text) => parseTask(text, 'task.yaml')),
  'µs',
);
const flow = texts.slice(0, 1000).map((text) => `${text}extra: {a: 1}\n`);
line(
  'task file that needs the full reader (parseTask)',
  measure(flow, (text) => parseTask(text, 'task.yaml')),
  'µs',
);
const broken = texts.slice(0, 1000).map((text) => text.replace('slug: ', 'slug: !'));
line(
  'broken task file (parseTask)',
  measure(broken, (text) => parseTask(text, 'task.yaml')),
  'µs',
);

const folder = mkdtempSync(join(tmpdir(), 'parse-bench-'));
try {
  for (const [at, text] of texts.entries()) writeFileSync(join(folder, `task_${at}.yaml`), text);
  const start = performance.now();
  let issues = 0;
  for (let at = 0; at < FILES; at++)
    issues += parseTask(readFileSync(join(folder, `task_${at}.yaml`), 'utf8'), 'x').issues.length;
  line(`${FILES} task files, read from disk and validated`, performance.now() - start, `ms (${issues} issues)`);
} finally {
  rmSync(folder, { recursive: true });
}

const stories = texts
  .map((_, at) => `          - slug: task_${at}\n            phase: P0\n            module: sampler/\n`)
  .join('');
const mapping = `epics:\n  A1-E1:\n    stories:\n      A1-S3:\n        tasks:\n${stories}`;
const start = performance.now();
const { issues } = parseMapping(mapping, 'blueprint_tasks.yaml');
line(`blueprint_tasks.yaml with ${FILES} tasks`, performance.now() - start, `ms (${issues.length} issues)`);
