import type { MeasuredValue } from '../../model/check.ts';
import { hasErrors } from '../../model/issue.ts';
import { thresholdText } from '../../model/threshold.ts';
import { combineVerdicts } from '../../model/verdict.ts';
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

  const values = run.oracle.values.map((value) => judgeValue(value, run.thresholds));
  const unmeasured = Object.keys(run.thresholds).filter((name) => !values.some((value) => value.name === name));
  const broken = values.filter((value) => value.verdict === 'fail');
  const said = hasErrors(run.oracle.issues)
    ? `The oracle found ${plural(run.oracle.issues.filter((issue) => issue.severity === 'error').length, 'error')}.`
    : broken.length > 0
      ? `Beyond the threshold: ${broken.map(beyond).join(', ')}.`
      : unmeasured.length > 0
        ? `Not measured: ${unmeasured.join(', ')}.`
        : `${plural(values.length, 'value')} recomputed from raw output.`;
  const verdict = hasErrors(run.oracle.issues)
    ? 'fail'
    : combineVerdicts([...values.map((value) => value.verdict ?? 'pass'), ...unmeasured.map(() => 'not-run' as const)]);
  return { verdict, reason: said, values, issues: [...script.issues, ...run.oracle.issues] };
}

function beyond({ name, value, min, max }: MeasuredValue): string {
  const limit = min === undefined && max === undefined ? '' : ` (${thresholdText({ min, max })})`;
  return `${name} ${value}${limit}`;
}
