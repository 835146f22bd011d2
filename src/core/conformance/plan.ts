import { sha256 } from '../base/digest.ts';
import type { ConformanceFile, Rule, RuleOf, SyntaxLanguage } from '../model/conformance.ts';
import type { Issue } from '../model/issue.ts';
import type { Range } from '../model/source.ts';
import { type Grammar, QueryError, type SyntaxTrees } from '../ports.ts';
import { grammarsOf } from './languages/index.ts';
import { type Pattern, PatternSet } from './patterns.ts';
import { RESOURCES } from './resources.ts';
import type { RulesDocument } from './rulesDocument.ts';
import { brokenPlaces } from './tree.ts';

/** What must be read from each file for a set of rules. */
export interface Plan {
  /** Equal keys mean equal facts for equal bytes. */
  readonly key: string;
  /** Types and methods of Go are wanted. */
  readonly declarations: boolean;
  /** Some pattern wants generated files. */
  readonly generated: boolean;
  patterns(grammar: SyntaxLanguage): PatternSet | undefined;
  readonly issues: readonly Issue[];
  /** Rules that cannot be evaluated: their query or their examples are wrong. */
  readonly unusable: ReadonlySet<string>;
  dispose(): void;
}

/** For a tree without rules: imports and nothing else. */
export const IMPORTS_ONLY: Plan = {
  key: '',
  declarations: false,
  generated: false,
  patterns: () => undefined,
  issues: [],
  unusable: new Set(),
  dispose: () => undefined,
};

export type PatternRule = RuleOf<'pattern'> | RuleOf<'resource'>;

function isPatternRule(rule: Rule): rule is PatternRule {
  return rule.kind === 'pattern' || rule.kind === 'resource';
}

/** The pattern of a rule; a resource check fills in what the rule leaves out. */
export function patternOf(rule: PatternRule): Pattern & { readonly expect: 'absent' | 'present' } {
  const own = rule.not.map((not) => (typeof not === 'string' ? { query: not, where: 'inside' as const } : not));
  if (rule.kind === 'pattern') {
    const { id, language, query, expect = 'absent' } = rule;
    return { id, language, query, not: own, expect };
  }
  const preset = RESOURCES[rule.check];
  return {
    id: rule.id,
    language: 'go',
    query: rule.query ?? preset.query,
    not: rule.query === undefined ? [...preset.not, ...own] : own,
    expect: rule.expect ?? preset.expect,
  };
}

/** Compiles every query and runs the examples. Problems come as issues at the query or the example. */
export async function makePlan(file: ConformanceFile, document: RulesDocument, trees: SyntaxTrees): Promise<Plan> {
  const issues: Issue[] = [];
  const unusable = new Set<string>();
  const byGrammar = new Map<SyntaxLanguage, Pattern[]>();
  const grammars = new Map<SyntaxLanguage, Grammar>();
  for (const [index, rule] of file.rules.entries()) {
    if (!isPatternRule(rule)) continue;
    const pattern = patternOf(rule);
    for (const name of grammarsOf(pattern.language)) {
      const grammar = await trees.grammar(name);
      grammars.set(name, grammar);
      byGrammar.set(name, [...(byGrammar.get(name) ?? []), pattern]);
      if (unusable.has(rule.id)) continue;
      const found = checkQueries(grammar, rule, index, pattern, document);
      // Examples are written in the rule's own language; in its other grammars they may mean something else.
      if (found.length === 0 && name === pattern.language)
        found.push(...checkExamples(grammar, rule, index, pattern, document));
      if (found.length > 0) unusable.add(rule.id);
      issues.push(...found);
    }
  }
  const sets = new Map<SyntaxLanguage, PatternSet>();
  for (const [name, patterns] of byGrammar) {
    const grammar = grammars.get(name);
    const usable = patterns.filter(({ id }) => !unusable.has(id));
    if (grammar !== undefined && usable.length > 0) sets.set(name, new PatternSet(grammar, usable));
  }
  const declarations = file.rules.some((rule) => rule.kind === 'interface');
  const generated = file.rules.some(
    ({ kind, generated }) =>
      (kind === 'pattern' && generated !== 'exclude') || (kind === 'resource' && generated === 'include'),
  );
  const go = declarations ? (await trees.grammar('go')).version : '';
  const parts = [...byGrammar].map(([name, patterns]) => [name, grammars.get(name)?.version, patterns]);
  return {
    key: await sha256(JSON.stringify([declarations, generated, go, parts])),
    declarations,
    generated,
    patterns: (name) => sets.get(name),
    issues,
    unusable,
    dispose: () => {
      for (const set of sets.values()) set.dispose();
    },
  };
}

function checkQueries(
  grammar: Grammar,
  rule: PatternRule,
  index: number,
  pattern: Pattern,
  document: RulesDocument,
): Issue[] {
  const texts = [pattern.query, ...pattern.not.map((not) => not.query)];
  const issues: Issue[] = [];
  for (const [at, text] of texts.entries()) {
    try {
      const query = grammar.compile(text);
      const captures = query.captureNames.length;
      query.dispose();
      if (captures > 0) continue;
      issues.push(
        queryIssue(document, rule, index, at, text, new QueryError('it captures nothing; mark a node with @hit', 0)),
      );
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      issues.push(queryIssue(document, rule, index, at, text, error));
    }
  }
  if (rule.query !== undefined && rule.examples === undefined) {
    const message = `Rule "${rule.id}" has a query of its own and no "examples": nothing shows that it finds anything.`;
    issues.push(document.issue('conformance.no-example', 'error', message, document.locate(['rules', index, 'query'])));
  }
  return issues;
}

function queryIssue(
  document: RulesDocument,
  rule: PatternRule,
  index: number,
  at: number,
  text: string,
  error: QueryError,
): Issue {
  const before = text.slice(0, error.offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  // Conditions of a resource check come before those of the rule itself.
  const number = at - 1 - (patternOf(rule).not.length - rule.not.length);
  const path = at === 0 ? ['query'] : ['not', number, ...(typeof rule.not[number] === 'object' ? ['query'] : [])];
  const range = document.rangeInText(['rules', index, ...path], text, line, column);
  const message = `The query of rule "${rule.id}" is wrong at its line ${line}, column ${column}: ${error.message}.`;
  return document.issue('conformance.query-syntax', 'error', message, range);
}

function checkExamples(
  grammar: Grammar,
  rule: PatternRule,
  index: number,
  pattern: Pattern,
  document: RulesDocument,
): Issue[] {
  const set = new PatternSet(grammar, [pattern]);
  const issues: Issue[] = [];
  const add = (message: string, range: Range) =>
    issues.push(document.issue('conformance.example', 'error', `Rule "${rule.id}": ${message}`, range));
  for (const wanted of ['match', 'clean'] as const) {
    for (const [at, example] of (rule.examples?.[wanted] ?? []).entries()) {
      const range = document.locate(['rules', index, 'examples', wanted, at]);
      grammar.read(example.endsWith('\n') ? example : `${example}\n`, (root) => {
        if (brokenPlaces(root).length > 0) add(`this example does not parse as ${pattern.language}.`, range);
        else if (wanted === 'match' && set.hits(root).length === 0) add('the query does not find this example.', range);
        else if (wanted === 'clean' && set.hits(root).length > 0) add('the query finds this clean example.', range);
      });
    }
  }
  set.dispose();
  return issues;
}
