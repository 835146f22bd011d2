import { posix } from 'node:path';
import type { Context } from './context.ts';
import type { FileFacts } from './facts.ts';
import { matchesGlob } from './glob.ts';
import { patternOf } from './plan.ts';
import { forbiddenBy } from './scope.ts';
import { folderOf, nearest } from './sources.ts';

/** A new file that breaks a rule. */
export interface Trespass {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly content: string;
  /** `sampler imports export, which sampler-knows-no-export forbids`. */
  readonly title: string;
}

type SourceFile = readonly [string, FileFacts];

const NAME = 'infrabuilder_canary';
const ANY = /\*\*?|\?/g;

/** A file that a rule forbids: an import from one component to another, or of a package, else what a pattern looks for. */
export function planTrespass(context: Context): Trespass | undefined {
  return betweenComponents(context) ?? ofPackage(context) ?? ofPattern(context);
}

function betweenComponents(context: Context): Trespass | undefined {
  const { names } = context.components;
  for (const from of names) {
    for (const to of names) {
      const rule = from === to ? undefined : forbiddenBy(context, from, to).find((id) => isHard(context, id));
      if (rule === undefined) continue;
      for (const source of filesOf(context, from)) {
        for (const target of filesOf(context, to)) {
          const text = importOf(context, source, target);
          if (text === undefined) continue;
          return trespass(context, source, text, `${from} imports ${to}, which ${rule} forbids`);
        }
      }
    }
  }
  return undefined;
}

/** `std:net/**` and `import:**` under "deny". */
function ofPackage(context: Context): Trespass | undefined {
  for (const rule of context.rules.rules) {
    if (rule.kind !== 'boundary' || !isHard(context, rule.id)) continue;
    for (const denied of rule.deny ?? []) {
      const [, kind, glob = ''] = /^(std|import):(.+)$/.exec(denied) ?? [];
      const holder = [...context.sources.files].find(
        ([path, facts]) =>
          facts.language === 'go' &&
          !facts.test &&
          (rule.from.includes('*') || rule.from.includes(context.components.of(path) ?? '')),
      );
      if (kind === undefined || holder === undefined) continue;
      const name = glob.replace(ANY, 'planted');
      const path = kind === 'import' && !/^[^/]*\./.test(name) ? `example.org/${name}` : name;
      if (kind === 'import' && !matchesGlob(glob, path)) continue;
      return trespass(context, holder, `import _ "${path}"\n`, `an import of ${path}, which ${rule.id} forbids`);
    }
  }
  return undefined;
}

/** The rule's own example of what it must find. */
function ofPattern(context: Context): Trespass | undefined {
  for (const rule of context.rules.rules) {
    if (rule.kind !== 'pattern' || !isHard(context, rule.id) || patternOf(rule).expect !== 'absent') continue;
    const scope = rule.in;
    const holder = [...context.sources.files].find(
      ([path, facts]) =>
        facts.language === rule.language && !facts.test && (scope?.some((one) => context.inScope(one, path)) ?? true),
    );
    const [example] = rule.examples.match;
    if (holder === undefined || example === undefined) continue;
    const [path] = holder;
    const file = posix.join(folderOf(path), `${NAME}${posix.extname(path)}`);
    return { file: context.path(file), content: `${example.trimEnd()}\n`, title: `what ${rule.id} forbids` };
  }
  return undefined;
}

function isHard({ rules }: Context, id: string): boolean {
  const rule = rules.rules.find((one) => one.id === id);
  return rule !== undefined && (rule.severity ?? (rule.kind === 'resource' ? 'warning' : 'error')) === 'error';
}

function filesOf({ components, sources }: Context, component: string): SourceFile[] {
  const seen = new Set<string>();
  return components.filesOf(component, sources).flatMap((path): SourceFile[] => {
    const facts = sources.files.get(path);
    const key = `${folderOf(path)} ${facts?.language}`;
    if (facts === undefined || facts.test || seen.has(key)) return [];
    seen.add(key);
    return [[path, facts]];
  });
}

/** How a file beside `from` imports `to`; undefined where they are of two languages, or of one that is not known here. */
function importOf({ sources }: Context, [from, facts]: SourceFile, [to, other]: SourceFile): string | undefined {
  if (facts.language !== other.language) return undefined;
  switch (facts.language) {
    case 'go': {
      const module = nearest(sources.manifests.go, to);
      if (module === undefined || other.package === 'main' || folderOf(from) === folderOf(to)) return undefined;
      const below = posix.relative(module.folder === '' ? '.' : module.folder, folderOf(to) || '.');
      return `import _ "${posix.join(module.path, below)}"\n`;
    }
    case 'typescript':
    case 'tsx':
    case 'javascript': {
      const path = posix.relative(folderOf(from) || '.', to);
      return `import '${path.startsWith('.') ? path : `./${path}`}';\n`;
    }
    case 'python':
      return `import ${to.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.')}\n`;
    default:
      return undefined;
  }
}

function trespass(context: Context, [path, facts]: SourceFile, text: string, title: string): Trespass {
  const head = facts.language === 'go' ? `package ${facts.package ?? 'main'}\n\n` : '';
  const file = posix.join(folderOf(path), `${NAME}${posix.extname(path)}`);
  return { file: context.path(file), content: head + text, title };
}
