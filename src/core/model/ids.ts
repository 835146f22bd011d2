import { z } from 'zod';

/** Names files, branches and reports, so it is one path part on every system. */
export const SLUG_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
export const slugSchema = z
  .string()
  .regex(
    SLUG_PATTERN,
    'a slug has letters, digits, "_" and "-", starts with a letter or digit, and is at most 100 long',
  );

export const GOAL_ID_PATTERN = /^[A-Z][A-Z0-9]*-\d+$/;
export const goalIdSchema = z.string().regex(GOAL_ID_PATTERN, 'a goal id looks like G-1');
