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
                    slug: slugSchema.describe('Slug of the task; its file is <slug>.yaml.'),
                    phase: z.string().optional().describe('Delivery phase, such as P0.'),
                    module: z.string().optional().describe('Folder in the source repository that the task changes.'),
                    status: z.string().optional().describe('Written when the task is completed.'),
                    completed: z.string().optional().describe('Date of completion.'),
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
