import type { Issue } from '../../model/issue.ts';
import type { reportJson } from './json.ts';

type Report = ReturnType<typeof reportJson>;

/** What the value of `conformance --json` says: open violations, those that a deviation covers, and problems with the rules. */
export function jsonIssues({ rules, violations, accepted, issues }: Report): Issue[] {
  const toIssue = ({ rule, severity, file, line, column, end, message }: Report['violations'][number]): Issue => {
    const known = rules.find(({ id }) => id === rule);
    const why = known?.why === undefined ? '' : `, ${known.why}`;
    const range = { start: { line, column }, end };
    return { code: `conformance.${known?.kind}`, severity, message: `${message} [${rule}${why}]`, file, range };
  };
  const covered = accepted.flatMap((one): Issue[] => {
    if (one.accepted.by !== 'deviation') return [];
    const issue = toIssue(one);
    const message = `${issue.message} Deviation ${one.accepted.id} covers it.`;
    return [{ ...issue, code: 'conformance.covered', severity: 'info', message }];
  });
  return [...violations.map(toIssue), ...covered, ...issues];
}
