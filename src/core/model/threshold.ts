import { z } from 'zod';

/** A limit on one KPI; at least one of `min` and `max`, both inclusive, in `unit`. */
export const thresholdSchema = z
  .strictObject({
    min: z.number().optional().describe('Least value that holds.'),
    max: z.number().optional().describe('Greatest value that holds.'),
    unit: z.string().min(1).optional().describe('Unit of the limits, such as percent or MB.'),
  })
  .refine((limit) => limit.min !== undefined || limit.max !== undefined, {
    message: 'a threshold needs "min" or "max"',
  })
  .refine((limit) => limit.min === undefined || limit.max === undefined || limit.min <= limit.max, {
    message: '"min" is above "max"',
  });
export type Threshold = z.infer<typeof thresholdSchema>;

export const thresholdsSchema = z.record(z.string(), thresholdSchema);
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** Compares unrounded: a value that rounds to the limit can still be beyond it. */
export function holds(value: number, limit: Threshold): boolean {
  return (
    Number.isFinite(value) &&
    (limit.min === undefined || value >= limit.min) &&
    (limit.max === undefined || value <= limit.max)
  );
}

/** `≥ 95 percent`, `0 to 5 MB`. */
export function thresholdText(limit: Threshold): string {
  const unit = limit.unit === undefined ? '' : ` ${limit.unit}`;
  if (limit.min !== undefined && limit.max !== undefined) return `${limit.min} to ${limit.max}${unit}`;
  return limit.min !== undefined ? `≥ ${limit.min}${unit}` : `≤ ${limit.max}${unit}`;
}
