import type { ConformanceReport, Violation } from '../report.ts';

const SCHEMA_VERSION = 1;

/** The value that `conformance --json` prints. */
export function reportJson(report: ConformanceReport) {
  return {
    schemaVersion: SCHEMA_VERSION,
    verdict: report.verdict,
    reason: report.reason,
    files: report.files,
    rules: report.rules.map(({ id, kind, severity, verdict, looked, open, accepted, why }) => ({
      id,
      kind,
      severity,
      verdict,
      looked,
      open,
      accepted,
      ...(why === undefined ? {} : { why }),
    })),
    violations: report.violations.map(violationJson),
    accepted: report.accepted.map((one) => ({ ...violationJson(one), accepted: one.accepted })),
    issues: report.issues,
    milliseconds: Math.round(report.milliseconds),
  };
}

function violationJson({ rule, severity, file, range, target, digest, message }: Violation) {
  const { start, end } = range;
  return { rule, severity, file, line: start.line, column: start.column, end, message, target, digest };
}
