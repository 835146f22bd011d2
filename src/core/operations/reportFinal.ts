import { z } from 'zod';
import type { Engine } from '../engine.ts';
import type { CheckpointOptions } from '../goals/checkpoint.ts';
import { FINAL_RESULTS } from '../goals/inputs.ts';
import { isKind } from '../model/evidence.ts';
import { verdictSchema } from '../model/verdict.ts';
import { inFolder } from '../project/layout.ts';
import { defineOperation } from './operation.ts';
import { runVerify, type VerifyJson, verifyJson } from './verify.ts';

const FINAL_REPORT = 'final_validation.md';

/** The plan's shape (section 9.4); `verdict` and what follows it stand beside. */
const finalShape = z.object({
  timestamp: z.string(),
  results: z.record(
    z.string(),
    z.object({
      description: z.string(),
      passed: z.boolean(),
      evidence: z.string(),
      verdict: verdictSchema,
      fresh: z.boolean(),
      applies: z.boolean(),
      evidence_files: z.array(z.string()).readonly(),
    }),
  ),
  overall_passed: z.boolean(),
  problems: z.array(z.string()).readonly(),
  sign_offs: z.array(z.object({ task: z.string(), line: z.string(), by: z.string() })).readonly(),
  waivers: z.array(z.object({ finding: z.string(), by: z.string(), reason: z.string() })).readonly(),
});
export type FinalJson = z.output<typeof finalShape>;

export const reportFinal = defineOperation({
  name: 'report_final',
  title: 'Final goal validation',
  description: `Writes the final table of all goals, from evidence alone, and ${FINAL_RESULTS}.`,
  readOnly: false,
  input: z.object({}),
  output: finalShape,
  run: (engine, _input, { signal }) => writeFinal(engine, { measure: false, signal }),
});

/** Judges all goals, writes the results as JSON and as a table, and returns them. */
export async function writeFinal(engine: Engine, options: CheckpointOptions): Promise<FinalJson> {
  const { checkpoint, snapshot, now } = await runVerify(engine, {}, options);
  const { entries } = checkpoint.survey.ledger;
  const people = entries.map(({ statement }) => statement);
  const final = finalJson(verifyJson(checkpoint, now), now, {
    sign_offs: people.flatMap((one) => {
      if (!isKind('sign-off', one)) return [];
      const { task, line, by } = one.predicate;
      return [{ task, line, by }];
    }),
    waivers: people.flatMap((one) => {
      if (!isKind('waiver', one)) return [];
      const { finding, by, reason } = one.predicate;
      return [{ finding, by, reason }];
    }),
  });
  const { files } = engine.goalPorts;
  await files.write(FINAL_RESULTS, `${JSON.stringify(final, undefined, 2)}\n`);
  await files.write(inFolder(snapshot.layout.reports, FINAL_REPORT), finalText(final));
  return final;
}

/** `passed` is true for a fresh pass and nothing else. */
export function finalJson(
  { goals, holds, issues }: VerifyJson,
  now: Date,
  people: Pick<FinalJson, 'sign_offs' | 'waivers'>,
): FinalJson {
  const results = goals.map((goal) => {
    const { id, title, verdict, fresh, applies, reason, evidence } = goal;
    const passed = goal.holds;
    return [id, { description: title, passed, evidence: reason, verdict, fresh, applies, evidence_files: evidence }];
  });
  const problems = issues
    .filter(({ severity }) => severity === 'error')
    .map(({ file, message }) => `${file}: ${message}`);
  return {
    timestamp: now.toISOString(),
    results: Object.fromEntries(results),
    overall_passed: holds,
    problems,
    ...people,
  };
}

/** The plan's table, and below it whatever a person has let pass. */
export function finalText(final: FinalJson): string {
  const rows = Object.entries(final.results).map(([id, result]) => {
    return `| ${id} | ${cell(result.description)} | ${statusText(result)} | ${cell(result.evidence)} |`;
  });
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
  return `${[
    '# Final Blueprint Goal Validation',
    '',
    '| Goal | Description | Status | Evidence |',
    '|------|-------------|--------|----------|',
    ...rows,
    ...list(
      'Problems of the evidence',
      final.problems.map((text) => `- ${text}`),
    ),
    ...list(
      'Signed off by a person',
      final.sign_offs.map(({ task, line, by }) => `- ${task}: ${line} (${by})`),
    ),
    ...list(
      'Let pass by a person',
      final.waivers.map(({ finding, by, reason }) => `- ${finding}: ${reason} (${by})`),
    ),
    '',
    `Overall result: ${final.overall_passed ? '✅ PASS' : '❌ FAIL'}`,
  ].join('\n')}\n`;
}

function statusText({ passed, applies, verdict, fresh }: FinalJson['results'][string]): string {
  if (passed) return '✅ PASS';
  if (!applies) return '➖ OFF';
  if (verdict === 'pass' && !fresh) return '❌ STALE';
  return `❌ ${verdict.toUpperCase().replace('-', ' ')}`;
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
