import type { CompleteJson } from '../../core/operations/complete.ts';

/** What only a person can give a task that the gate has refused. */
export interface Personal {
  /** Acceptance lines that nothing measures and nobody has signed, with why nothing does. */
  readonly lines: readonly { readonly text: string; readonly why: string }[];
  /** Findings that a person may let pass. */
  readonly findings: readonly { readonly id: string; readonly message: string }[];
  /** True where nothing else stands between the task and done. */
  readonly isAll: boolean;
}

export function personalOf({ missing, acceptance }: Pick<CompleteJson, 'missing' | 'acceptance'>): Personal {
  const open = acceptance.filter(({ verdict, signedBy }) => verdict === 'needs-person' && signedBy === null);
  const lines = open.map(({ text, detail }) => ({ text, why: detail }));
  const findings = missing.flatMap(({ waive, message }) => (waive === undefined ? [] : [{ id: waive, message }]));
  const isAll = missing.length > 0 && missing.every(({ code, waive }) => code === SIGN_OFF || waive !== undefined);
  return { lines, findings, isAll };
}

const SIGN_OFF = 'gate.needs-sign-off';
