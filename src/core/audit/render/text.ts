import type { AuditReport } from '../audit.ts';
import { CLAIM_VERDICTS, type Claim, type ClaimVerdict, type Execution } from '../claim.ts';

const TITLES: Readonly<Record<ClaimVerdict, string>> = {
  contradicted: 'contradicted',
  'no-evidence': 'claims without evidence',
  stale: 'stale: evidence of another work tree',
  supported: 'supported',
};
/** The worst first. */
export const SHOWN_ORDER: readonly ClaimVerdict[] = ['contradicted', 'no-evidence', 'stale', 'supported'];

/** What a report shows; JSON of it is enough. */
export type ShownReport = Pick<AuditReport, 'claims' | 'findings' | 'files'> & {
  readonly executed: readonly Omit<Execution, 'check' | 'place'>[] | null | undefined;
};

/** Claims by verdict, each at file:line with what speaks for or against it, then the findings, then the sum. */
export function auditText(report: ShownReport): string {
  const groups = SHOWN_ORDER.flatMap((verdict) => {
    const claims = report.claims.filter((claim) => claim.verdict === verdict);
    return claims.length === 0 ? [] : [`${TITLES[verdict]} (${claims.length})\n`, ...claims.map(claimText), '\n'];
  });
  const { findings } = report;
  const found = findings.length === 0 ? [] : [`findings (${findings.length})\n`, ...findings.map(findingText), '\n'];
  return [...groups, ...found, `${summary(report)}\n`, `${executedText(report)}\n`].join('');
}

function claimText({ file, line, kind, text, verdict, evidence, reason }: Claim): string {
  const proof =
    evidence.length === 0 ? '' : `    ${verdict === 'contradicted' ? 'see' : 'evidence'}: ${evidence.join(', ')}\n`;
  return `  ${file}:${line}: ${kind}: ${text}\n    ${reason}\n${proof}`;
}

function findingText({ file, range, severity, message, code, related = [] }: AuditReport['findings'][number]): string {
  const others = related.map((one) => `      ${one.file}:${one.range.start.line}: ${one.message}\n`);
  return `  ${file}:${range.start.line}: ${severity}: ${message} [${code}]\n${others.join('')}`;
}

/** `12 claims: 1 supported, 0 stale, 3 contradicted, 8 no-evidence. 5 findings, 4 of them errors.` */
export function summary({ claims, findings, files }: ShownReport): string {
  const counts = CLAIM_VERDICTS.map(
    (verdict) => `${claims.filter((claim) => claim.verdict === verdict).length} ${verdict}`,
  );
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return `${files} files read. ${claims.length} claims: ${counts.join(', ')}. ${findings.length} findings, ${errors} of them errors.`;
}

/** What was run, or that nothing was. */
export function executedText({ executed }: Pick<ShownReport, 'executed'>): string {
  if (executed === undefined || executed === null)
    return 'Nothing was run. With --run the audit builds what it finds and runs the configured checks.';
  if (executed.length === 0) return 'There was nothing to build, and no check is configured.';
  const shown = executed.map(({ command, cwd, outcome, reason }) => `  ${outcome}: ${command} (in ${cwd}). ${reason}`);
  return ['Run by this audit:', ...shown].join('\n');
}
