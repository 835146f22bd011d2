// npm run schemas: writes schemas/*.schema.json from the zod schemas of the model. A unit test fails when they differ.
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from '../src/core/model/jsonschema.ts';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of jsonSchemas()) writeFileSync(new URL(name, folder), text);
