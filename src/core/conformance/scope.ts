import { HumanError } from '../base/errors.ts';
import { closest } from '../parse/suggest.ts';
import { type Context, targetName } from './context.ts';

/** What a task's module may touch, from the rules and from the code as it is. */
export interface ModuleScope {
  readonly component: string;
  /** Globs of its files, relative to the source folder. */
  readonly files: readonly string[];
  readonly mayImport: readonly string[];
  /** With the rule that forbids it. */
  readonly mustNotImport: readonly { readonly target: string; readonly rule: string }[];
  /** Components that it imports today. */
  readonly imports: readonly string[];
  /** Components that import it today: a change of its interface reaches them. */
  readonly importedBy: readonly string[];
  /** Rules that name it. */
  readonly rules: readonly { readonly id: string; readonly kind: string; readonly why: string | undefined }[];
}

/** `module` is a component, or a folder that one component holds. Throws HumanError for anything else. */
export function moduleScope(context: Context | undefined, module: string): ModuleScope {
  if (context === undefined) {
    throw new HumanError(
      'conformance.no-rules',
      'There are no valid conformance rules.',
      'Run "infrabuilder conformance".',
    );
  }
  const { components, rules } = context;
  const component = context.isComponent(module) ? module : components.ofTarget(module, context.sources);
  if (component === undefined) {
    const near = closest(module, components.names);
    const hint =
      near === undefined ? `Components: ${components.names.join(', ') || 'none'}.` : `Did you mean "${near}"?`;
    throw new HumanError('conformance.unknown-component', `No component holds the module "${module}".`, hint);
  }
  const others = components.names.filter((name) => name !== component);
  const mustNotImport = others.flatMap((target) =>
    forbiddenBy(context, component, target).map((rule) => ({ target, rule })),
  );
  for (const rule of rules.rules) {
    if (rule.kind !== 'boundary' || !(rule.from.includes(component) || rule.from.includes('*'))) continue;
    for (const target of rule.deny ?? []) if (target.includes(':')) mustNotImport.push({ target, rule: rule.id });
  }
  const forbidden = new Set(mustNotImport.map(({ target }) => target));
  const own = context.edges.filter((edge) => edge.from === component && edge.to !== component && !edge.facts.test);
  const into = context.edges.filter((edge) => edge.to === component && edge.from !== component && !edge.facts.test);
  return {
    component,
    files: rules.components[component]?.in ?? [],
    mayImport: others.filter((name) => !forbidden.has(name)),
    mustNotImport,
    imports: unique(own.map((edge) => edge.to ?? targetName(edge.target)).filter((name) => !name.startsWith('std:'))),
    importedBy: unique(into.flatMap((edge) => edge.from ?? [])),
    rules: rules.rules.filter((rule) => mentions(rule, component)).map(({ id, kind, why }) => ({ id, kind, why })),
  };
}

/** For the architecture document of a task. */
export function moduleScopeText(scope: ModuleScope): string {
  const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));
  const forbidden = scope.mustNotImport.map(({ target, rule }) => `${target} (rule ${rule})`);
  const rules = scope.rules.map(({ id, kind, why }) => `- ${id} (${kind}${why === undefined ? '' : `, ${why}`})`);
  return [
    `Module \`${scope.component}\` holds ${list(scope.files.map((glob) => `\`${glob}\``))}.`,
    `- May import: ${list(scope.mayImport)}`,
    `- Must not import: ${list(forbidden)}`,
    `- Imports today: ${list(scope.imports)}`,
    `- Imported today by: ${list(scope.importedBy)}`,
    '',
    'Rules that name it:',
    ...(rules.length === 0 ? ['- none'] : rules),
    '',
  ].join('\n');
}

/** Rules that forbid one component to import another. */
export function forbiddenBy(context: Context, from: string, to: string): string[] {
  return context.rules.rules.flatMap((rule) => {
    switch (rule.kind) {
      case 'boundary': {
        if (!rule.from.includes(from) && !rule.from.includes('*')) return [];
        const denied = rule.deny?.includes(to) === true || (rule.allow !== undefined && !rule.allow.includes(to));
        return denied ? [rule.id] : [];
      }
      case 'layers': {
        const [a, b] = [from, to].map((name) => rule.layers.findIndex((layer) => layer.includes(name)));
        if (a === undefined || b === undefined || a < 0 || b < 0) return [];
        return b < a || (rule.closed && b > a + 1) ? [rule.id] : [];
      }
      case 'independent':
        return rule.components.includes(from) && rule.components.includes(to) ? [rule.id] : [];
      default:
        return [];
    }
  });
}

function mentions(rule: Context['rules']['rules'][number], component: string): boolean {
  switch (rule.kind) {
    case 'structure':
      return rule.required.includes(component) || rule.in?.includes(component) === true;
    case 'boundary':
      return [...rule.from, ...(rule.allow ?? []), ...(rule.deny ?? [])].some(
        (name) => name === component || name === '*',
      );
    case 'layers':
      return rule.layers.some((layer) => layer.includes(component));
    case 'acyclic':
      return true;
    case 'independent':
      return rule.components.includes(component);
    case 'interface':
      return rule.types.includes(component);
    case 'pattern':
    case 'resource':
      return rule.in === undefined || rule.in.includes(component);
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
