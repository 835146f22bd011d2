import { z } from 'zod';
import { type AuditOptions, type AuditReport, runAudit } from '../audit/audit.ts';
import { CLAIM_KINDS, CLAIM_VERDICTS } from '../audit/claim.ts';
import type { Engine } from '../engine.ts';
import { gatePorts } from './complete.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion } from './shapes.ts';
import { currentSnapshot } from './verify.ts';

const auditShape = z.object({
  schemaVersion,
  claims: z.array(
    z.object({
      file: z.string(),
      line: z.number(),
      text: z.string(),
      verdict: z.enum(CLAIM_VERDICTS),
      /** Evidence files; for what is contradicted, the places that say otherwise. */
      evidence: z.array(z.string()).readonly(),
      kind: z.enum(CLAIM_KINDS),
      reason: z.string(),
    }),
  ),
  findings: z.array(issueShape),
  /** Null where nothing was to be run. */
  executed: z
    .array(
      z.object({
        command: z.string(),
        cwd: z.string(),
        outcome: z.enum(['holds', 'breaks', 'unknown']),
        reason: z.string(),
      }),
    )
    .nullable(),
  files: z.number(),
});
export type AuditJson = z.output<typeof auditShape>;

export const audit = defineOperation({
  name: 'audit',
  title: 'Audit the claims',
  description:
    'Lists every claim of a repository (done tasks, ticked boxes, green lines, figures) beside its evidence, and what contradicts them.',
  readOnly: false,
  input: z.object({ run: z.boolean().optional().describe('Also build what is found and run the configured checks.') }),
  output: auditShape,
  async run(engine, { run }, { signal, onProgress }) {
    return auditJson(await auditWorkspace(engine, { run, signal, say: onProgress }));
  },
});

/** Audits the repository as it is now. HumanError for a broken configuration. */
export async function auditWorkspace(engine: Engine, options: AuditOptions): Promise<AuditReport> {
  const snapshot = await currentSnapshot(engine);
  const { processes, tools } = engine.doctorPorts;
  return runAudit({ ...gatePorts(engine), processes, system: tools.system }, snapshot, options);
}

export function auditJson({ claims, findings, executed, files }: AuditReport): AuditJson {
  return {
    schemaVersion: 1,
    claims: claims.map(({ file, line, text, verdict, evidence, kind, reason }) => ({
      file,
      line,
      text,
      verdict,
      evidence,
      kind,
      reason,
    })),
    findings: [...findings],
    executed: executed?.map(({ command, cwd, outcome, reason }) => ({ command, cwd, outcome, reason })) ?? null,
    files,
  };
}
