import type { ConformanceFile, Rule } from '../model/conformance.ts';
import type { Issue, RelatedLocation, Severity } from '../model/issue.ts';
import type { Location, Range } from '../model/source.ts';
import { Components } from './components.ts';
import { type FileFacts, type ImportFact, placeRange } from './facts.ts';
import { matchesGlob } from './glob.ts';
import { isEverBuilt } from './go/constraints.ts';
import { languageFor } from './languages/index.ts';
import type { Plan } from './plan.ts';
import type { RulesDocument } from './rulesDocument.ts';
import type { Sources, Target } from './sources.ts';
import { joined } from './walk.ts';

/** One import with both ends. Paths are relative to the source folder. */
export interface Edge {
  readonly file: string;
  readonly facts: FileFacts;
  readonly fact: ImportFact;
  readonly target: Target;
  /** Components; undefined where no component holds the end. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A violation before it has a digest, a severity and a rule. */
export interface Draft {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
  readonly target: string;
  /** The violating text. */
  readonly text: string;
  readonly related?: readonly RelatedLocation[];
}

export interface Finding {
  readonly looked: number;
  readonly drafts: readonly Draft[];
  readonly issues: readonly Issue[];
  readonly counts?: Readonly<Record<string, number>>;
}

/** What a rule is evaluated against: the facts of all files, with imports resolved once for all rules. */
export class Context {
  readonly rules: ConformanceFile;
  readonly document: RulesDocument;
  readonly source: string;
  readonly sources: Sources;
  readonly components: Components;
  readonly edges: readonly Edge[];
  readonly plan: Plan;

  constructor(rules: ConformanceFile, document: RulesDocument, source: string, sources: Sources, plan: Plan) {
    this.rules = rules;
    this.document = document;
    this.source = source;
    this.sources = sources;
    this.components = new Components(rules);
    this.plan = plan;
    this.edges = [...sources.files].flatMap(([file, facts]) =>
      isEverBuilt(facts.constraint) ? this.#edges(file, facts) : [],
    );
  }

  #edges(file: string, facts: FileFacts): Edge[] {
    const from = this.components.of(file);
    const language = languageFor(facts.language);
    const seen = new Set<string>();
    const edges: Edge[] = [];
    for (const fact of facts.imports) {
      const target = language.resolve(fact, file, this.sources);
      const key = `${fact.place[0]} ${targetName(target)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const to = target.kind === 'own' ? this.components.ofTarget(target.path, this.sources) : undefined;
      edges.push({ file, facts, fact, target, from, to });
    }
    return edges;
  }

  /** The path to report, relative to the workspace root. */
  path(file: string): string {
    return joined(this.source, file);
  }

  location(edge: Edge): Location {
    return { file: this.path(edge.file), range: placeRange(edge.fact.place) };
  }

  edgesFor(rule: Rule): Edge[] {
    return this.edges.filter(({ facts }) => this.counts(rule, facts));
  }

  /** Whether a file counts for a rule, by its options on tests and generated files. */
  counts(rule: Rule, facts: FileFacts): boolean {
    const tests = rule.tests ?? (rule.kind === 'resource' || rule.kind === 'interface' ? 'exclude' : 'include');
    const generated = rule.generated ?? (rule.kind === 'resource' ? 'exclude' : 'include');
    return (
      !(facts.test && tests === 'exclude') &&
      !(facts.generated && generated === 'exclude') &&
      isEverBuilt(facts.constraint)
    );
  }

  /** The files that count for a rule and that a list of components and globs holds; undefined means all files. */
  filesFor(rule: Rule, scope: readonly string[] | undefined): [string, FileFacts][] {
    return [...this.sources.files].filter(
      ([path, facts]) =>
        this.counts(rule, facts) && (scope === undefined || scope.some((one) => this.inScope(one, path))),
    );
  }

  inScope(scope: string, path: string): boolean {
    return this.isComponent(scope) ? this.components.of(path) === scope : matchesGlob(scope, path);
  }

  isComponent(name: string): boolean {
    return Object.hasOwn(this.rules.components, name);
  }

  issue(code: string, message: string, at: Range, severity: Severity = 'error'): Issue {
    return this.document.issue(code, severity, message, at);
  }

  /** A violation at an import. `advice` says what may be done in its place. */
  atImport(edge: Edge, message: string, related: readonly RelatedLocation[] = [], advice?: string): Draft {
    const { constraint } = edge.facts;
    const only = constraint === undefined ? '' : ` (built for ${constraint})`;
    const kind = edge.fact.alias === '.' ? ' by a dot import' : edge.fact.alias === '_' ? ' by a blank import' : '';
    return {
      ...this.location(edge),
      message: `${message}${kind}${only}${advice === undefined ? '' : `; ${advice}`}.`,
      target: edge.fact.path,
      text: edge.fact.text,
      related,
    };
  }

  /** A violation of something that is not there, at the rule that asks for it. */
  atRule(path: readonly (string | number)[], message: string, target: string): Draft {
    return { file: this.document.path, range: this.document.locate(path), message, target, text: target };
  }
}

/** How a target is named in messages and graphs. */
export function targetName(target: Target): string {
  return target.kind === 'own' ? target.path : `${target.kind === 'std' ? 'std:' : 'import:'}${target.name}`;
}
