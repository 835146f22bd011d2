import type { ConformanceReport } from '../report.ts';

/** For a terminal: `file:line:column: severity: message [rule]`, then one line a rule, then the verdict. */
export function reportText(report: ConformanceReport): string {
  const lines = report.violations.flatMap(({ file, range, severity, message, rule, why, related }) => {
    const cited = why === undefined ? '' : ` (${why})`;
    return [
      `${file}:${range.start.line}:${range.start.column}: ${severity}: ${message} [${rule}]${cited}`,
      ...related.map((other) => {
        const { line, column } = other.range.start;
        return `    ${other.file}:${line}:${column}: ${other.message}`;
      }),
    ];
  });
  for (const { file, range, severity, message, code } of report.issues)
    lines.push(`${file}:${range.start.line}:${range.start.column}: ${severity}: ${message} [${code}]`);
  if (lines.length > 0) lines.push('');
  const width = Math.max(0, ...report.rules.map(({ id }) => id.length));
  for (const { id, kind, verdict, open, accepted } of report.rules) {
    const counts = [...(open > 0 ? [`${open} open`] : []), ...(accepted > 0 ? [`${accepted} accepted`] : [])].join(
      ', ',
    );
    lines.push(
      `${verdict.padEnd('not-evaluated'.length)}  ${id.padEnd(width)}  ${kind}${counts === '' ? '' : `  ${counts}`}`,
    );
  }
  for (const { rule, file, range, accepted } of report.accepted) {
    if (accepted.by === 'deviation')
      lines.push(`${file}:${range.start.line}: ${rule} is covered by deviation ${accepted.id}.`);
  }
  const time = `${report.files} files, ${report.read} parsed, ${Math.round(report.milliseconds)} ms`;
  lines.push('', `${report.verdict}: ${report.reason} (${time})`, '');
  return lines.join('\n');
}
