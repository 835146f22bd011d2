import { z } from 'zod';

export const DEVIATION_STATUSES = ['proposed', 'approved', 'rejected', 'expired'] as const;

/** `docs/deviations/<id>.yaml`: plan section 8.3, with the expiry and scope that keep an exception from growing. */
export const deviationSchema = z
  .looseObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'a deviation id has letters, digits, "_" and "-"'),
    date: z.iso.date().describe('The day it was proposed.'),
    blueprint_item: z.string().min(1).describe('What the blueprint asks for: a section, story or goal.'),
    change: z.string().min(1).describe('What is done in its place.'),
    justification: z.string().min(1).describe('Why the blueprint cannot be followed here.'),
    impact_analysis: z.record(z.string(), z.string()).default({}).describe('Goal id to what the deviation does to it.'),
    scope: z.array(z.string().min(1)).default([]).describe('Rules, files or goals that the deviation covers.'),
    expires: z.iso.date().optional().describe('The last day on which it holds.'),
    approved_by: z.string().min(1).optional().describe('Who approved it; required for the status approved.'),
    status: z.enum(DEVIATION_STATUSES).default('proposed'),
  })
  .refine((deviation) => deviation.status !== 'approved' || deviation.approved_by !== undefined, {
    message: 'an approved deviation names who approved it',
    path: ['approved_by'],
  })
  .describe('InfraBuilder deviation from the blueprint');
export type Deviation = z.infer<typeof deviationSchema>;

export interface RegisteredDeviation {
  readonly file: string;
  readonly value: Deviation;
  /** Whether evidence tells who approved it; false for an approval that was written by hand. */
  readonly recorded: boolean;
}

/** How a deviation stands on a day such as `2026-01-31`: an approved one that has run out covers nothing any more. */
export function deviationStatus({ status, expires }: Deviation, today: string): Deviation['status'] {
  return status === 'approved' && expires !== undefined && expires < today ? 'expired' : status;
}

/** `approved by Ada until 2026-12-31`, `expired on 2026-11-01`. */
export function deviationText(deviation: Deviation, today: string): string {
  const { approved_by: by, expires } = deviation;
  const status = deviationStatus(deviation, today);
  const person = by === undefined ? '' : ` by ${by}`;
  if (status === 'approved') return `approved${person}${expires === undefined ? '' : ` until ${expires}`}`;
  return status === 'expired' ? `expired${expires === undefined ? '' : ` on ${expires}`}` : status;
}
