/** What a resource shows: a task file, one piece of evidence, or a document by its path. */
export type ResourceKind = 'task' | 'evidence' | 'document';

export interface ResourceName {
  readonly kind: ResourceKind;
  /** Slug, run, or path relative to the workspace root. */
  readonly name: string;
}

const URI = /^infrabuilder:\/\/(task|evidence|document)\/(.+)$/s;

export function uriOf({ kind, name }: ResourceName): string {
  return `infrabuilder://${kind}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** Undefined for a URI that is none of ours. The name is as the client wrote it: whoever reads the file judges it. */
export function readUri(uri: string): ResourceName | undefined {
  const [, kind, name] = URI.exec(uri) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  try {
    return { kind: kind as ResourceKind, name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}
