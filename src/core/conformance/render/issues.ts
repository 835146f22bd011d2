import { compareIssues, type Issue } from '../../model/issue.ts';
import type { ConformanceReport } from '../report.ts';

/** Everything that a diagnostics pane shows: open violations as `conformance.<kind>`, and problems with the rules. */
export function reportIssues(report: ConformanceReport): Issue[] {
  const violations = report.violations.map(({ rule, kind, severity, message, file, range, related, why }): Issue => {
    const text = `${message} [${rule}${why === undefined ? '' : `, ${why}`}]`;
    return {
      code: `conformance.${kind}`,
      severity,
      message: text,
      file,
      range,
      ...(related.length === 0 ? {} : { related }),
    };
  });
  return [...violations, ...report.issues].sort(compareIssues);
}
