import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { valueText } from '../kpi/goals.ts';

interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  readonly text: string;
}

/**
 * JUnit XML as CI systems read it: a case per limit, fault, step and goal. `fail` and `inconclusive` are failures, because
 * neither lets a pipeline pass; `not-run` is skipped; `error` is an error.
 */
export function junitXml(run: ScenarioRun, plan: ScenarioPlan): string {
  const cases = casesOf(run, plan);
  const count = (...verdicts: Verdict[]) => cases.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const seconds = (run.durationMs / 1000).toFixed(3);
  const totals = `tests="${cases.length}" failures="${count('fail', 'inconclusive')}" errors="${count('error')}" skipped="${count('not-run')}" time="${seconds}"`;
  const each = seconds === '0.000' || cases.length === 0 ? '0' : (run.durationMs / 1000 / cases.length).toFixed(3);
  const body = cases.map((one) => caseXml(one, run.scenario, each)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="infrabuilder e2e" ${totals}>
  <testsuite name="${escapeXml(run.scenario)}" ${totals} timestamp="${run.startedAt.replace(/\.\d+Z$/, '')}">
    <properties>
      <property name="run" value="${escapeXml(run.run)}"/>
      <property name="seed" value="${run.seed}"/>
      <property name="verdict" value="${run.verdict}"/>
      <property name="machine" value="${escapeXml(plan.machine)}"/>
    </properties>
${body}  </testsuite>
</testsuites>
`;
}

function casesOf(run: ScenarioRun, plan: ScenarioPlan): Case[] {
  const cases: Case[] = [
    { name: 'run', verdict: run.verdict === 'fail' ? 'pass' : run.verdict, text: run.reason },
    ...plan.limits.map(({ kpi }): Case => {
      const value = run.kpis.find(({ name }) => name === kpi);
      return {
        name: `kpi ${kpi}`,
        verdict: value?.verdict ?? 'not-run',
        text: value === undefined ? 'not measured' : valueText(value),
      };
    }),
    ...run.faults.flatMap((fault): Case[] => [
      { name: `fault ${fault.id} injected`, verdict: fault.injected, text: fault.note },
      { name: `fault ${fault.id} recovered`, verdict: fault.recovered, text: fault.note },
    ]),
    ...run.steps.map(
      ({ scenario, step, action, verdict, note }): Case => ({
        name: `${scenario} step ${step} ${action}`,
        verdict,
        text: note,
      }),
    ),
    ...(run.goals ?? []).map(({ goal, verdict, text }): Case => ({ name: `goal ${goal}`, verdict, text })),
  ];
  // A failure that no single case shows must not be lost.
  const shown = cases.slice(1).some(({ verdict }) => verdict === 'fail');
  return run.verdict === 'fail' && !shown
    ? [{ name: 'run', verdict: 'fail', text: run.reason }, ...cases.slice(1)]
    : cases;
}

function caseXml({ name, verdict, text }: Case, suite: string, seconds: string): string {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds}"`;
  const message = escapeXml(text);
  switch (verdict) {
    case 'pass':
      return `${open}/>\n`;
    case 'not-run':
      return `${open}><skipped message="${message}"/></testcase>\n`;
    case 'error':
      return `${open}><error message="${message}" type="error"/></testcase>\n`;
    default:
      return `${open}><failure message="${message}" type="${verdict}"/></testcase>\n`;
  }
}

/** Also takes out what XML 1.0 cannot hold. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
  );
}
