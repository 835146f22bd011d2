import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import { unknownFigures, writeProse } from '../documents/generate.ts';
import type { Engine } from '../engine.ts';
import { REPORT_KINDS } from '../project/documents.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion } from './shapes.ts';
import { viewTask } from './taskView.ts';

const kind = z.enum(REPORT_KINDS);

export const taskDocument = defineOperation({
  name: 'task_document',
  title: 'Write a document of a task',
  description:
    'Writes plan, arch or result of a task from blueprint, source and evidence. What a person wrote in it stays.',
  readOnly: false,
  input: z.object({ slug: z.string(), document: kind }),
  output: z.object({
    schemaVersion,
    slug: z.string(),
    document: kind,
    file: z.string(),
    /** False where a template or a marker is broken: the file is as it was. */
    written: z.boolean(),
    issues: z.array(issueShape).readonly(),
  }),
  async run(engine, { slug, document }, { onProgress }) {
    const { documents } = await viewTask(engine, slug, onProgress);
    const { file, written, issues } = await documents.write(document);
    engine.project.update([file]);
    return { schemaVersion: 1 as const, slug, document, file, written, issues };
  },
});

const proseShape = z.object({ schemaVersion, file: z.string(), place: z.string() });

/** For a model: a figure that nobody measured cannot get into a document this way. */
export const taskProse = defineOperation({
  name: 'task_prose',
  title: 'Write prose in a document of a task',
  description:
    'Puts your text in a marked place of a plan, arch or result (design, risks, cases, insights, ...). No new figures.',
  readOnly: false,
  input: z.object({ slug: z.string(), document: kind, place: z.string(), text: z.string().min(1) }),
  output: proseShape,
  run: (engine, { slug, document, place, text }) => putProse(engine, slug, document, place, text),
});

async function putProse(
  engine: Engine,
  slug: string,
  document: z.output<typeof kind>,
  place: string,
  prose: string,
): Promise<z.output<typeof proseShape>> {
  const { documents } = await viewTask(engine, slug);
  const { files } = engine;
  const file = documents.file(document);
  const before = await files.read(file);
  if (before === undefined) {
    throw new HumanError(
      'document.missing',
      `There is no ${file}.`,
      `Write it by "infrabuilder task ${document} ${slug}".`,
    );
  }
  const figures = unknownFigures(before, file, prose);
  if (figures.length > 0) {
    const message = `The text has figures that no measurement of this document has: ${figures.join(', ')}.`;
    throw new HumanError('document.prose-figure', message, 'Leave them out, or repeat figures of the tables.');
  }
  await files.write(file, writeProse(before, file, place, prose), { expected: before });
  return { schemaVersion: 1, file, place };
}
