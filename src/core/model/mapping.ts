import { z } from 'zod';
import { slugSchema } from './ids.ts';

/** `blueprint_tasks.yaml` of plan section 2.1: epics hold stories, stories hold tasks. */
export const mappingSchema = z
  .looseObject({
    epics: z.record(
      z.string(),
      z.looseObject({
        title: z.string().optional(),
        stories: z
          .record(
            z.string(),
            z.looseObject({
              title: z.string().optional(),
              tasks: z
                .array(
                  z.looseObject({
                    slug: slugSchema,
                    phase: z.string().optional(),
                    module: z.string().optional(),
                    status: z.string().optional(),
                    completed: z.string().optional(),
                  }),
                )
                .default([]),
            }),
          )
          .default({}),
      }),
    ),
  })
  .describe('Mapping between blueprint and tasks');
export type Mapping = z.infer<typeof mappingSchema>;
