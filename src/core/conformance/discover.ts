import { HumanError, throwIfCancelled } from '../base/errors.ts';
import type { ConformanceFile } from '../model/conformance.ts';
import { compareText } from '../model/issue.ts';
import type { Files, SyntaxTrees } from '../ports.ts';
import { Context, type Edge } from './context.ts';
import type { FileFacts } from './facts.ts';
import { cycles, graphOf } from './graph.ts';
import { readManifests } from './manifests.ts';
import { IMPORTS_ONLY } from './plan.ts';
import { FactReader } from './read.ts';
import { RulesDocument } from './rulesDocument.ts';
import { folderOf, Sources } from './sources.ts';
import { joined, walk } from './walk.ts';

export interface DiscoverOptions {
  readonly files: Files;
  readonly trees: SyntaxTrees;
  /** Folder of the source repository; `.` is the workspace root. */
  readonly source: string;
  readonly signal?: AbortSignal;
}

/** Folders that hold components rather than being one. */
const CONTAINERS = new Set([
  'src',
  'internal',
  'pkg',
  'cmd',
  'lib',
  'libs',
  'app',
  'apps',
  'packages',
  'crates',
  'modules',
  'services',
]);

/**
 * Drafts a rules file from the code as it is: a component for each module folder, and for each component the imports of
 * today as all that it may import. The draft holds on the code it was made from; editing makes it an architecture.
 */
export async function discoverRules(options: DiscoverOptions): Promise<string> {
  const source = options.source === '.' ? '' : options.source;
  const walked = await walk(options.files, source, [], options.signal);
  const reader = new FactReader(options.trees, IMPORTS_ONLY);
  const facts = new Map<string, FileFacts>();
  for (const path of walked.files) {
    throwIfCancelled(options.signal);
    const bytes = await options.files.readBytes(joined(source, path));
    if (bytes !== undefined) facts.set(path, await reader.read(path, bytes));
  }
  reader.dispose();
  if (facts.size === 0) {
    throw new HumanError(
      'conformance.no-source',
      `There is no source file in ${options.source}.`,
      'Name the source in infrabuilder.yaml: "paths: {source: src}", or "paths: {source: .}" for the whole repository.',
    );
  }
  const manifests = new Map<string, string>();
  for (const path of walked.manifests) manifests.set(path, (await options.files.read(joined(source, path))) ?? '');
  const sources = new Sources(facts, readManifests(manifests));
  const components = proposeComponents([...facts.keys()]);
  const rules: ConformanceFile = { version: 1, components, unattached: 'error', ignore: [], rules: [] };
  return draft(new Context(rules, new RulesDocument('', ''), source, sources, IMPORTS_ONLY));
}

function proposeComponents(paths: readonly string[]): Record<string, { in: string[] }> {
  const folders = new Map<string, { files: boolean; children: Set<string> }>();
  for (const path of paths) {
    let folder = folderOf(path);
    entry(folders, folder).files = true;
    for (; folder !== ''; folder = folderOf(folder)) entry(folders, folderOf(folder)).children.add(folder);
  }
  const found: { folder: string; glob: string }[] = [];
  const visit = (folder: string): void => {
    const { files, children } = entry(folders, folder);
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    if (folder !== '' && !CONTAINERS.has(name) && (files || children.size !== 1)) {
      found.push({ folder, glob: `${folder}/**` });
      return;
    }
    if (files) found.push({ folder, glob: folder === '' ? '*' : `${folder}/*` });
    for (const child of [...children].sort(compareText)) visit(child);
  };
  visit('');
  const components: Record<string, { in: string[] }> = {};
  for (const { folder, glob } of found) {
    const parts = folder.split('/');
    let name = '';
    for (let take = 1; take <= parts.length && (name === '' || Object.hasOwn(components, name)); take++)
      name = toName(parts.slice(-take).join('-'));
    components[name] = { in: [glob] };
  }
  return components;
}

function entry(folders: Map<string, { files: boolean; children: Set<string> }>, folder: string) {
  const known = folders.get(folder) ?? { files: false, children: new Set<string>() };
  folders.set(folder, known);
  return known;
}

function toName(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+/, '');
  return clean === '' ? 'root' : clean;
}

function draft(context: Context): string {
  const names = context.components.names;
  const modules = names.filter((name) =>
    context.components.filesOf(name, context.sources).some((path) => context.sources.files.get(path)?.test === false),
  );
  const knots = cycles(graphOf(context.edges, (edge) => [edge.from, edge.to]));
  const lines = [
    '# A draft from the code as it is today. It holds now; edit it until it says what the architecture should be:',
    '# merge components, remove imports that should not be, and cite the blueprint by "why: file#L1-L9".',
    'version: 1',
    'components:',
    ...names.map((name) => `  ${name}: {in: ${flow(context.rules.components[name]?.in ?? [])}}`),
    'unattached: error',
    'rules:',
    `  - {id: modules, kind: structure, required: ${flow(modules)}}`,
    ...(knots.length === 0
      ? ['  - {id: no-cycles, kind: acyclic}']
      : knots.map((cycle) => `  # A cycle today: ${[cycle[0]?.from, ...cycle.map((arc) => arc.to)].join(' -> ')}`)),
    ...names.map(
      (name) => `  - {id: ${name}-imports, kind: boundary, from: ${name}, allow: ${flow(importsOf(context, name))}}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function importsOf(context: Context, component: string): string[] {
  const own = context.edges.filter((edge) => edge.from === component && edge.to !== component);
  const targets = own.flatMap((edge) => edge.to ?? externalTarget(edge) ?? []);
  return [...new Set(targets)].sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')) || compareText(a, b));
}

/** A whole module or package rather than each folder in it. */
function externalTarget({ target, facts }: Edge): string | undefined {
  if (target.kind !== 'external') return undefined;
  const { name } = target;
  switch (facts.language) {
    case 'go':
      return `import:${name.split('/').slice(0, 3).join('/')}`;
    case 'typescript':
    case 'tsx':
    case 'javascript':
      return `import:${name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')}`;
    case 'java':
      return `import:${name.split('.').slice(0, 3).join('.')}**`;
    case 'cpp':
      return `import:${name.split('/')[0]}`;
    default:
      return `import:${name.split(/\.|::/)[0]}**`;
  }
}

function flow(items: readonly string[]): string {
  return `[${items.map((item) => (/^[A-Za-z][\w-]*$/.test(item) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(item) ? item : JSON.stringify(item))).join(', ')}]`;
}
