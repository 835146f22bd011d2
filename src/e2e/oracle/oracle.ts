import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { OracleReport, ReplayOracle } from '../../core/ports.ts';
import { type RecordFile, readCorpus, readExports, readSketches } from './corpus.ts';
import { Findings } from './findings.ts';
import { type Judgement, judgeRun } from './judge.ts';
import { notesOf, valuesOf, verdictsOf } from './report.ts';
import type { SketchWindow, Source } from './types.ts';

export interface ReplayRequest {
  /** `corpus.jsonl`, relative to the workspace root. */
  readonly corpus: string;
  /** Folder with `topn.jsonl` and `sketches.jsonl`, relative to the workspace root. */
  readonly out: string;
}

export interface ReplayJudgement {
  readonly judgement: Judgement;
  readonly findings: Findings;
}

/**
 * Judges a replay by the corpus and the agent's raw output. Of the output folder it opens `topn.jsonl` and
 * `sketches.jsonl`, and nothing that the agent says about itself.
 */
export function createReplayOracle(root: string): ReplayOracle {
  return {
    async judge(request): Promise<OracleReport> {
      const { judgement, findings } = await judgeReplay(root, request);
      return {
        values: valuesOf(judgement, findings),
        issues: findings.issues(),
        verdicts: verdictsOf(judgement, findings),
        notes: notesOf(judgement),
      };
    },
  };
}

/** As the oracle, with every figure per tick and per window, for charts. Throws HumanError for a path outside the root. */
export async function judgeReplay(root: string, request: ReplayRequest): Promise<ReplayJudgement> {
  const findings = new Findings();
  const windows: SketchWindow[] = [];
  const sketches = recordFile(root, 'sketches', `${request.out}/sketches.jsonl`);
  for await (const window of readSketches(sketches, findings)) windows.push(window);
  const judgement = await judgeRun(
    {
      truth: readCorpus(recordFile(root, 'corpus', request.corpus), findings),
      exported: readExports(recordFile(root, 'topn', `${request.out}/topn.jsonl`), findings),
      windows,
    },
    findings,
  );
  return { judgement, findings };
}

function recordFile(root: string, source: Source, path: string): RecordFile {
  const absolute = resolve(root, path);
  const inside = relative(resolve(root), absolute);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new HumanError(
      'oracle.path',
      `"${path}" is not inside the workspace.`,
      'Use a path relative to the workspace root.',
    );
  }
  return { source, path: absolute, file: inside.split(sep).join('/') };
}
