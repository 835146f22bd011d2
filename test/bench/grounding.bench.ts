import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import MiniSearch from 'minisearch';
import { chunkDocument } from '../../src/core/grounding/chunk.ts';
import { createGrounding, type Grounding } from '../../src/core/grounding/grounding.ts';
import { createProject } from '../../src/core/project/project.ts';
import { createFiles } from '../../src/node/files.ts';
import { randomOf } from '../support/replayFixture.ts';
import { packageDocuments, type Question, readQuestions, sampleDocuments } from './groundingCorpus.ts';

/** Questions with an odd number tuned the thresholds; those with an even number were held out. */
interface Outcome {
  readonly question: Question;
  /** Place of the right file among the files found, from 1; 0 where it is not among them. */
  readonly rank: number;
  readonly coverage: number;
  readonly abstained: boolean;
  readonly citations: number;
  readonly valid: number;
  /** Citations whose lines hold the answer. */
  readonly right: number;
}

const FILES_SEEN = 5;
const root = mkdtempSync(join(tmpdir(), 'grounding-bench-'));
try {
  for (const [name, documents] of [
    ['sample', await sampleDocuments()],
    ['packages', await packageDocuments()],
  ] as const) {
    await evaluate(name, documents);
  }
  if (!process.env.GROUNDING_MISSES) await measure();
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function evaluate(name: string, documents: ReadonlyMap<string, string>): Promise<void> {
  const questions = readQuestions(name, documents);
  const grounding = await open(join(root, name), documents);
  const mini = miniSearch(documents);
  const ours: Outcome[] = [];
  const theirs: Outcome[] = [];
  for (const question of questions) {
    ours.push(await askOurs(grounding, documents, question));
    theirs.push({ ...emptyOutcome(question), rank: rankOf(mini(question.text), question) });
  }
  const size = [...documents.values()].reduce((sum, text) => sum + text.length, 0) / 1e6;
  const skipped = questions.skipped === 0 ? '' : `, ${questions.skipped} left out: their answer is not in the corpus`;
  console.log(`\n${name}: ${documents.size} files, ${size.toFixed(2)} MB, ${questions.length} questions${skipped}`);
  console.log(
    '                      answerable  file@5   MRR    | answered  valid   precise  holds  | abstained  AUROC',
  );
  for (const [label, half] of [
    ['tuned on', 1],
    ['held out', 0],
  ] as const) {
    print(
      `InfraBuilder ${label}`,
      ours.filter((_, at) => at % 2 === half),
      true,
    );
    print(
      `MiniSearch   ${label}`,
      theirs.filter((_, at) => at % 2 === half),
      false,
    );
  }
  if (process.env.GROUNDING_MISSES) for (const outcome of ours) printMiss(outcome);
}

async function askOurs(
  grounding: Grounding,
  documents: ReadonlyMap<string, string>,
  question: Question,
): Promise<Outcome> {
  const hits = await grounding.search(question.text, { limit: 40 });
  const answer = await grounding.ask({ question: question.text });
  const lines = answer.citations.map(({ file, startLine, endLine }) => ({
    file,
    text: (documents.get(file) ?? '')
      .split('\n')
      .slice(startLine - 1, endLine)
      .join('\n'),
  }));
  const right = lines.filter(({ text }) => holds(text, question));
  return {
    question,
    rank: rankOf(
      hits.map((hit) => hit.document.file),
      question,
    ),
    coverage: Math.max(0, ...hits.map((hit) => hit.coverage)),
    abstained: answer.abstained,
    citations: answer.citations.length,
    valid: answer.citations.filter((citation) => citation.verified).length,
    right: right.length,
  };
}

function holds(text: string, { phrase }: Question): boolean {
  return text.replace(/\s+/g, ' ').toLowerCase().includes(phrase.toLowerCase());
}

function rankOf(found: readonly string[], { file }: Question): number {
  return file === undefined ? 0 : [...new Set(found)].indexOf(file) + 1;
}

function emptyOutcome(question: Question): Outcome {
  return { question, rank: 0, coverage: 0, abstained: false, citations: 0, valid: 0, right: 0 };
}

function print(label: string, outcomes: readonly Outcome[], answers: boolean): void {
  const answerable = outcomes.filter((one) => one.question.file !== undefined);
  const others = outcomes.filter((one) => one.question.file === undefined);
  const at5 = share(answerable, (one) => one.rank > 0 && one.rank <= FILES_SEEN);
  const mrr = mean(answerable.map((one) => (one.rank > 0 && one.rank <= 10 ? 1 / one.rank : 0)));
  const cells = [label.padEnd(22), String(answerable.length).padStart(9), at5, mrr.toFixed(3).padStart(8)];
  if (answers) {
    const answered = answerable.filter((one) => !one.abstained);
    const citations = sum(outcomes.map((one) => one.citations));
    cells.push('  |', ratio(answered.length, answerable.length));
    cells.push(ratio(sum(outcomes.map((one) => one.valid)), citations));
    cells.push(ratio(sum(answered.map((one) => one.right)), sum(answered.map((one) => one.citations))));
    cells.push(ratio(answered.filter((one) => one.right > 0).length, answerable.length));
    cells.push('  |', ratio(others.filter((one) => one.abstained).length, others.length));
    cells.push(auroc(answerable, others).toFixed(3).padStart(8));
  }
  console.log(cells.join(' '));
}

function printMiss({ question, rank, coverage, abstained, right }: Outcome): void {
  const isRight = question.file === undefined ? abstained : rank > 0 && rank <= FILES_SEEN && !abstained && right > 0;
  if (!isRight) {
    console.log(
      `  rank ${rank} coverage ${coverage.toFixed(2)} abstained ${abstained} right ${right}: ${question.text}`,
    );
  }
}

/** How well the coverage tells answerable questions from others: the chance that one of each is in the right order. */
function auroc(answerable: readonly Outcome[], others: readonly Outcome[]): number {
  const pairs = answerable.flatMap((a) => others.map((b) => Math.sign(a.coverage - b.coverage) / 2 + 0.5));
  return mean(pairs);
}

/** Plain MiniSearch over the same chunks with its default settings; files in the order of their best chunk. */
function miniSearch(documents: ReadonlyMap<string, string>): (question: string) => string[] {
  const index = new MiniSearch<{ id: number; text: string; file: string }>({ fields: ['text'], storeFields: ['file'] });
  let id = 0;
  for (const [file, text] of documents) {
    for (const { start, end } of chunkDocument(file, text).chunks)
      index.add({ id: id++, file, text: text.slice(start, end) });
  }
  return (question) => index.search(question).map((result) => String(result.file));
}

async function open(folder: string, documents: ReadonlyMap<string, string>): Promise<Grounding> {
  for (const [file, text] of documents) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  const files = createFiles(folder);
  const clock = { now: () => new Date(), monotonic: () => performance.now() };
  return createGrounding({ files, clock, project: createProject(files) });
}

/** Time over 10 MB of generated documents, and over one of 20 MB. */
async function measure(): Promise<void> {
  const words = vocabulary();
  const documents = new Map<string, string>();
  for (let at = 0; at < 500; at++) documents.set(`docs/part${at}.md`, generate(words, 20_000, at + 1));
  const folder = join(root, 'large');
  const cold = await open(folder, documents);
  console.log('\n10 MB in 500 generated files');
  time('first question (chunk, index, save)', await timed(() => cold.search('warm up')));
  const warm = createGrounding(ports(folder));
  time('first question of the next process (from the store)', await timed(() => warm.search('warm up')));
  const stored = readFileSync(join(folder, '.infrabuilder/grounding.index')).length / 2 ** 20;
  console.log(`grounding  ${'store'.padEnd(52)} ${stored.toFixed(1).padStart(8)} MB`);
  await writeFile(join(folder, 'docs/part7.md'), generate(words, 20_000, 999));
  const renewed = createGrounding(ports(folder));
  time('after a change of one file', await timed(() => renewed.search('warm up')));
  await reportQuestions(warm, words);
  const big = new Map([['docs/huge.md', generate(words, 20 * 2 ** 20, 5)]]);
  const huge = await open(join(root, 'huge'), big);
  console.log('\none file of 20 MB');
  time('first question', await timed(() => huge.search('warm up')));
  const longest = await longestTurn(createGrounding(ports(join(root, 'huge'))));
  console.log(`grounding  ${'longest time without a turn for others'.padEnd(52)} ${longest.toFixed(1).padStart(8)} ms`);
  await reportQuestions(huge, words);
}

async function reportQuestions(grounding: Grounding, words: readonly string[]): Promise<void> {
  const random = randomOf(11);
  const searches: Time[] = [];
  const answers: Time[] = [];
  for (let at = 0; at < 200; at++) {
    const question = Array.from({ length: 8 }, () => words[Math.floor(random() ** 2 * words.length)]).join(' ');
    searches.push(await timed(() => grounding.search(question)));
    answers.push(await timed(() => grounding.ask({ question })));
  }
  time('search, p50', percentile(searches, 0.5));
  time('search, p95', percentile(searches, 0.95));
  time('answer with checked quotes, p95', percentile(answers, 0.95));
}

/** The greatest gap between turns while a question is answered for the first time. */
async function longestTurn(grounding: Grounding): Promise<number> {
  rmSync(join(root, 'huge/.infrabuilder'), { recursive: true, force: true });
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await grounding.search('warm up');
  clearInterval(timer);
  return longest;
}

function ports(folder: string): Parameters<typeof createGrounding>[0] {
  const files = createFiles(folder);
  return { files, clock: { now: () => new Date(), monotonic: () => performance.now() }, project: createProject(files) };
}

function vocabulary(): string[] {
  const random = randomOf(3);
  const syllables =
    'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri'.split(' ');
  const word = () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * syllables.length)]).join(
      '',
    );
  return Array.from({ length: 20_000 }, word);
}

/** Markdown with headings and paragraphs; rare words are rare, as in natural text. */
function generate(words: readonly string[], size: number, seed: number): string {
  const random = randomOf(seed);
  const word = () => words[Math.floor(random() ** 3 * words.length)] ?? '';
  const parts: string[] = [];
  for (let length = 0; length < size; ) {
    const heading = random() < 0.2 ? `## ${word()} ${word()}\n\n` : '';
    const sentence = Array.from({ length: 12 + Math.floor(random() * 60) }, word).join(' ');
    const part = `${heading}${sentence}.\n\n`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

interface Time {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(work: () => Promise<unknown>): Promise<Time> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

/** CPU beside wall time: only the first is the same on a machine that is busy with something else. */
function time(name: string, { wall, cpu }: Time): void {
  console.log(`grounding  ${name.padEnd(52)} ${wall.toFixed(1).padStart(8)} ms, ${cpu.toFixed(1)} ms of CPU`);
}

function percentile(times: readonly Time[], q: number): Time {
  const at = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0;
  return { wall: at(times.map((one) => one.wall)), cpu: at(times.map((one) => one.cpu)) };
}

function share<T>(items: readonly T[], test: (item: T) => boolean): string {
  return ratio(items.filter(test).length, items.length);
}

function ratio(part: number, whole: number): string {
  return (whole === 0 ? '-' : (part / whole).toFixed(3)).padStart(8);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : sum(values) / values.length;
}
