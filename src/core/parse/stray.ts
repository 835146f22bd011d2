import type { z } from 'zod';
import type { Complaint } from './explain.ts';
import { pathText } from './explain.ts';
import type { Path } from './parsed.ts';
import { property, shapeOf } from './shape.ts';
import { closest } from './suggest.ts';

/** Warnings that cry wolf are worse than none: one slip of the finger, or another spelling of the same word. */
const STRAY_DISTANCE = 1;

/**
 * Own keys are welcome in open sections, but `depends-on` there is a slip for `depends_on` that would go unseen: keys
 * that are nearly a known one which is absent.
 */
export function strayKeys(schema: z.core.$ZodType, data: unknown, path: Path = []): Complaint[] {
  if (typeof data !== 'object' || data === null) return [];
  const found: Complaint[] = [];
  const shape = shapeOf(schema, data);
  for (const [key, value] of Object.entries(data)) {
    const step = Array.isArray(data) ? Number(key) : key;
    const child = shape?.child(step);
    if (child !== undefined) found.push(...strayKeys(child, value, [...path, step]));
    else if (shape?.open === true) {
      const free = shape.keys.filter((name) => property(data, name) === undefined);
      const suggestion = closest(key, free, STRAY_DISTANCE);
      if (suggestion === undefined) continue;
      const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
      const message = `The key "${key}" is unknown${where} and has no effect. Did you mean "${suggestion}"?`;
      found.push({ kind: 'unknown-key', severity: 'warning', path: [...path, key], message, suggestion });
    }
  }
  return found;
}
