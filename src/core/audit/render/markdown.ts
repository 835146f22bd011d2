import type { Claim, ClaimVerdict } from '../claim.ts';
import { executedText, SHOWN_ORDER, type ShownReport, summary } from './text.ts';

const TITLES: Readonly<Record<ClaimVerdict, string>> = {
  contradicted: 'Contradicted',
  'no-evidence': 'Claims without evidence',
  stale: 'Stale',
  supported: 'Supported',
};

/** What the report repeats of others it does not claim itself: an audit leaves it out by this. */
export const AUDIT_MARK = '<!-- infrabuilder:audit -->';

/** The report as a document for reviewers. */
export function auditMarkdown(report: ShownReport): string {
  const sections = SHOWN_ORDER.flatMap((verdict) => {
    const claims = report.claims.filter((claim) => claim.verdict === verdict);
    return claims.length === 0
      ? []
      : [
          '',
          `## ${TITLES[verdict]}`,
          '',
          '| Place | Claim | Evidence | Why |',
          '|---|---|---|---|',
          ...claims.map(row),
        ];
  });
  const rows = report.findings.map(({ file, range, severity, message, code, related = [] }) => {
    const others = related.map((one) => `${one.file}:${one.range.start.line}`).join(', ');
    return `| ${place(file, range.start.line)} | ${severity} | \`${code}\` | ${cell(message)} | ${cell(others)} |`;
  });
  const findings =
    rows.length === 0
      ? []
      : ['', '## Findings', '', '| Place | Severity | Code | What | See also |', '|---|---|---|---|---|', ...rows];
  const [run = '', ...runs] = executedText(report).split('\n');
  const executed = runs.length === 0 ? [] : ['', ...runs.map((line) => line.replace(/^ {2}/, '- '))];
  const head = [AUDIT_MARK, '# Audit', '', summary(report), '', run, ...executed];
  return `${[...head, ...sections, ...findings].join('\n')}\n`;
}

function row({ file, line, text, evidence, reason }: Claim): string {
  return `| ${place(file, line)} | ${cell(text)} | ${cell(evidence.map((one) => `\`${one}\``).join(', '))} | ${cell(reason)} |`;
}

function place(file: string, line: number): string {
  return `\`${file}:${line}\``;
}

function cell(text: string): string {
  const shown = text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  return shown === '' ? '-' : shown;
}
