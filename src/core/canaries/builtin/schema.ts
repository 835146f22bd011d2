import type { Builder, Built } from './subject.ts';

/** A field whose number is followed by no option, which might not fit another type. */
const FIELD =
  /^(\s*(?:optional\s+|repeated\s+)?)(double|float|u?int(?:32|64)|sint(?:32|64)|s?fixed(?:32|64)|bool|string|bytes)(\s+\w+\s*=\s*\d+\s*;)/m;

/** G-1: a field of a real .proto file changes its type in a way that no reader can take. */
export const schemaDefects: Builder<'schema'> = async (goal, { snapshot, files, tree }): Promise<Built> => {
  const { source } = snapshot.config.paths;
  const common = { goal: goal.id, origin: 'built-in' as const };
  const revision = await tree.revision(source, goal.against);
  const before = revision.kind === 'commit' ? await tree.listAt(source, revision.commit) : new Map<string, string>();
  const protos = [...(await tree.list([source])).keys()].filter((path) => path.endsWith('.proto')).sort();
  for (const file of protos.filter((path) => revision.kind !== 'commit' || before.has(path))) {
    const changed = retype((await files.read(file)) ?? '');
    if (changed === undefined) continue;
    return [
      { ...common, title: `${changed.title} in ${file}`, files: [{ file, content: changed.text }], shows: 'fail' },
    ];
  }
  return [{ ...common, title: 'a breaking change', why: `No .proto file below ${source} has a field to change.` }];
};

/** Numbers and texts are not written alike in any encoding. Undefined where there is no field of a plain type. */
export function retype(text: string): { readonly text: string; readonly title: string } | undefined {
  const found = FIELD.exec(withoutBlockComments(text));
  const [whole = '', head = '', type = '', tail = ''] = found ?? [];
  if (found === null) return undefined;
  const other = type === 'string' || type === 'bytes' ? 'double' : 'string';
  const name = /\w+/.exec(tail)?.[0] ?? '';
  return {
    text: text.slice(0, found.index) + head + other + tail + text.slice(found.index + whole.length),
    title: `the field ${name} turns from ${type} into ${other}`,
  };
}

/** Of the same length. */
function withoutBlockComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}
