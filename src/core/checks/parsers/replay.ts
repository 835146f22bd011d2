import type { MeasuredValue } from '../../model/check.ts';
import { hasErrors } from '../../model/issue.ts';
import { thresholdText } from '../../model/threshold.ts';
import { combineVerdicts } from '../../model/verdict.ts';
import type { OracleReport } from '../../ports.ts';
import { judgeValue } from '../judge.ts';
import { parseGeneric } from './generic.ts';
import { checkIssue, type ParserResult, type ParserRun, plural } from './parser.ts';

/**
 * A replay: the script's exit code first, then what the oracle made of corpus and raw output. Figures that the script
 * prints about itself are not read.
 */
export function parseReplay(run: ParserRun): ParserResult {
  const script = parseGeneric(run);
  if (script.verdict !== 'pass') return script;
  if (run.check.replay === undefined) {
    const reason = 'The check has no "replay" with corpus and out: there is nothing to judge.';
    return { ...script, verdict: 'not-run', reason };
  }
  if (run.hasSubject === false) {
    const reason = `The script ended with exit code 0 but wrote no new raw output to ${run.check.replay.out}.`;
    return {
      ...script,
      verdict: 'not-run',
      reason,
      issues: [...script.issues, checkIssue(run, 'replay.no-output', 'error', reason)],
    };
  }
  if (run.oracle === undefined) return { ...script, verdict: 'not-run', reason: 'No oracle judged the replay.' };

  const { oracle } = run;
  const values = oracle.values.map((value) => judgeValue(value, run.thresholds));
  const unmeasured = Object.entries(oracle.verdicts ?? {}).filter(([name]) =>
    values.every((value) => value.name !== name),
  );
  const verdicts = [...values.map(({ verdict = 'pass' }) => verdict), ...unmeasured.map(([, verdict]) => verdict)];
  const combined = combineVerdicts(verdicts);
  return {
    verdict: combined === 'pass' && hasErrors(oracle.issues) ? 'fail' : combined,
    reason: reasonOf(
      values,
      unmeasured.map(([name]) => name),
      oracle,
    ),
    values,
    issues: [...script.issues, ...oracle.issues],
    notes: oracle.notes ?? [],
  };
}

function reasonOf(values: readonly MeasuredValue[], unmeasured: readonly string[], { issues }: OracleReport): string {
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  if (errors > 0) return `The oracle found ${plural(errors, 'error')}.`;
  const broken = values.filter((value) => value.verdict === 'fail');
  if (broken.length > 0) return `Beyond the threshold: ${broken.map(beyond).join(', ')}.`;
  if (unmeasured.length > 0) return `Not measured: ${unmeasured.join(', ')}.`;
  return `${plural(values.length, 'value')} recomputed from raw output.`;
}

function beyond({ name, value, min, max }: MeasuredValue): string {
  const limit = min === undefined && max === undefined ? '' : ` (${thresholdText({ min, max })})`;
  return `${name} ${value}${limit}`;
}
