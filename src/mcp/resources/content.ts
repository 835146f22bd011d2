import { HumanError } from '../../core/base/errors.ts';
import { RUN_PATTERN } from '../../core/model/evidence.ts';
import { unknownTask } from '../../core/operations/tasks.ts';
import type { Files } from '../../core/ports.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import { isDocument, runFile } from './catalog.ts';
import type { ResourceName } from './uri.ts';

/** Bytes. Longer text would fill a model's context with one document. */
export const LARGEST_RESOURCE = 1024 * 1024;

export const MIME_TYPES = {
  task: 'application/yaml',
  evidence: 'application/json',
  document: 'text/markdown',
} as const;

/** Where a resource's text lies, relative to the workspace root. Throws HumanError for a name that is none. */
export function fileOf({ kind, name }: ResourceName, snapshot: Snapshot): string {
  switch (kind) {
    case 'task': {
      const task = snapshot.task(name);
      if (task === undefined) throw unknownTask(name, snapshot);
      return task.file;
    }
    case 'evidence':
      if (RUN_PATTERN.test(name) && !/[\\/\0]/.test(name)) return runFile(snapshot.layout, name);
      throw new HumanError(
        'resource.bad-run',
        `"${name}" is no name of evidence.`,
        'List the resources: each piece of evidence is named there.',
      );
    case 'document':
      return name;
  }
}

/** The text of a resource. Throws HumanError for what is missing, outside, no document, too large, or no text. */
export async function readContent(
  files: Pick<Files, 'stat' | 'read'>,
  snapshot: Snapshot,
  resource: ResourceName,
): Promise<string> {
  const file = fileOf(resource, snapshot);
  // First, because it is what refuses a path that leaves the workspace, also through a link.
  const stat = await files.stat(file);
  if (resource.kind === 'document' && !isDocument(snapshot, file)) {
    const { docs, reports } = snapshot.layout;
    const message = `${file} is not among the documents that are served.`;
    throw new HumanError('resource.no-document', message, `Those are Markdown files in ${docs}/ and ${reports}/.`);
  }
  if (stat === undefined) {
    throw new HumanError('resource.missing', `There is no ${file}.`, 'List the resources to see what there is.');
  }
  if (stat.size > LARGEST_RESOURCE) {
    const message = `${file} has ${megabytes(stat.size)} MB; a resource has at most ${megabytes(LARGEST_RESOURCE)} MB.`;
    throw new HumanError('resource.too-large', message, 'The tool "ask" quotes passages of it.');
  }
  const text = await files.read(file);
  if (text === undefined) throw new HumanError('resource.missing', `There is no ${file} any more.`);
  return text;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
