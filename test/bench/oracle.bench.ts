import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReplayOracle } from '../../src/e2e/oracle/oracle.ts';
import { inFolder } from '../support/oracleHarness.ts';
import { CORPUS, honestReplay, OUT, writeReplay } from '../support/replayFixture.ts';

const ROUNDS = 7;

/** 500 processes over 240 ticks: the default corpus. The ratio to JSON.parse of the same lines means more than the time. */
await inFolder(async (root) => {
  await writeReplay(root, honestReplay({ processes: 500, ticks: 240, window: 60 }));
  const files = [CORPUS, `${OUT}/topn.jsonl`, `${OUT}/sketches.jsonl`].map((file) => join(root, file));
  const bytes = (await Promise.all(files.map((file) => readFile(file)))).reduce((sum, data) => sum + data.length, 0);

  const parse: number[] = [];
  const judge: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    parse.push(
      await timed(async () => {
        for (const file of files) {
          for (const line of (await readFile(file, 'utf8')).split('\n')) if (line !== '') JSON.parse(line);
        }
      }),
    );
    judge.push(await timed(() => createReplayOracle(root).judge({ corpus: CORPUS, out: OUT })));
  }
  const [parsing, judging] = [median(parse), median(judge)];
  const megabytes = bytes / 1e6;
  console.log(
    `oracle: ${megabytes.toFixed(1)} MB in ${judging.toFixed(0)} ms, ${((megabytes / judging) * 1000).toFixed(0)} MB/s`,
  );
  console.log(`oracle: JSON.parse of the same lines ${parsing.toFixed(0)} ms, ratio ${(judging / parsing).toFixed(2)}`);
  console.log(`oracle: resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB after ${ROUNDS} rounds`);
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
