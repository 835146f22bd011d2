import { z } from 'zod';
import { configSchema } from './config.ts';
import { baselineSchema, conformanceSchema } from './conformance.ts';
import { deviationSchema } from './deviation.ts';
import { mappingSchema } from './mapping.ts';
import { scenarioSchema } from './scenario.ts';
import { taskFileSchema } from './task.ts';

const BASE = 'https://github.com/infrabuilder/infrabuilder/schemas/';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'infrabuilder.schema.json': configSchema,
  'task.schema.json': taskFileSchema,
  'blueprint_tasks.schema.json': mappingSchema,
  'scenario.schema.json': scenarioSchema,
  'deviation.schema.json': deviationSchema,
  'conformance.schema.json': conformanceSchema,
  'conformance.baseline.schema.json': baselineSchema,
};

/** JSON Schemas (draft 7) of the YAML formats: file name to text. What a schema cannot say, the parsers check. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, schema]) => {
      const { $schema, description, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
      const document = { $schema, $id: `${BASE}${name}`, title: description, ...rest };
      return [name, `${JSON.stringify(document, undefined, 2)}\n`];
    }),
  );
}
