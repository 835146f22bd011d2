import type { VerifyJson } from '../../core/operations/verify.ts';

/** JUnit XML with one test case a goal. What was not measured is an error there, because "skipped" reads as fine. */
export function verifyJunit({ goals }: VerifyJson): string {
  const failures = goals.filter(({ applies, holds, verdict }) => applies && !holds && verdict === 'fail').length;
  const errors = goals.filter(({ applies, holds, verdict }) => applies && !holds && verdict !== 'fail').length;
  const off = goals.filter(({ applies }) => !applies).length;
  const counts = `tests="${goals.length}" failures="${failures}" errors="${errors}" skipped="${off}"`;
  const cases = goals.map((goal) => {
    const name = `classname="goals" name="${xml(`${goal.id} ${goal.title}`)}"`;
    const text = xml(`${goal.verdict}${goal.fresh ? '' : ' (not fresh)'}: ${goal.reason}`);
    if (!goal.applies) return `    <testcase ${name}><skipped message="${xml(goal.reason)}"/></testcase>`;
    if (goal.holds) return `    <testcase ${name}><system-out>${text}</system-out></testcase>`;
    const kind = goal.verdict === 'fail' ? 'failure' : 'error';
    return `    <testcase ${name}><${kind} message="${text}">${xml(goal.commands.join('\n'))}</${kind}></testcase>`;
  });
  const suite = `  <testsuite name="infrabuilder verify" ${counts}>\n${cases.join('\n')}\n  </testsuite>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n${suite}\n</testsuites>\n`;
}

/** XML 1.0 has no place for most control characters. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
