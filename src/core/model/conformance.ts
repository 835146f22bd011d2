import { z } from 'zod';

export const SYNTAX_LANGUAGES = ['go', 'typescript', 'tsx', 'javascript', 'python', 'java', 'rust', 'cpp'] as const;
export type SyntaxLanguage = (typeof SYNTAX_LANGUAGES)[number];

/** Where a `not` query looks: in the hit, around it, in the function that holds it, or in the whole file. */
export const NOT_PLACES = ['inside', 'around', 'function', 'file'] as const;

export const RESOURCE_CHECKS = [
  'memory-limit',
  'cpu-throttling',
  'file-descriptors',
  'timers',
  'http-timeouts',
] as const;
export type ResourceCheck = (typeof RESOURCE_CHECKS)[number];

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name has letters, digits, "_" and "-"');
const glob = z.string().min(1);
const globs = z.array(glob).min(1);
const target = z.string().min(1);
const targets = z.union([target, z.array(target).min(1)]).transform(asList);
const query = z.string().min(1);

function asList(value: string | string[]): string[] {
  return typeof value === 'string' ? [value] : value;
}

const common = {
  id: name.describe('Stable name of the rule; baselines and deviations refer to it.'),
  title: z.string().min(1).optional(),
  severity: z.enum(['error', 'warning', 'info']).optional().describe('Default: error; warning for resource rules.'),
  why: z.string().min(1).optional().describe('Citation: file#L4, file#L4-L9 or file#heading. It must exist.'),
  tests: z
    .enum(['include', 'exclude'])
    .optional()
    .describe('Whether test files count. Default: include; interface and resource: exclude.'),
  generated: z
    .enum(['include', 'exclude'])
    .optional()
    .describe(
      'Whether generated files count. Default: include, as a comment alone makes a file generated; resource: exclude.',
    ),
};

const notSchema = z.union([query, z.strictObject({ query, where: z.enum(NOT_PLACES).default('inside') })]);

const example = z.string().min(1);
const examplesSchema = z.strictObject({
  match: z.array(example).min(1).describe('Code that the query must find.'),
  clean: z.array(example).default([]).describe('Code that it must not find.'),
});

const patternKeys = {
  in: targets.optional().describe('Components or globs; default: all files.'),
  expect: z
    .enum(['absent', 'present'])
    .optional()
    .describe('absent: each hit is a violation. present: without a hit there is one.'),
  per: z.enum(['component', 'all']).default('component').describe('Where a hit must be present.'),
  not: z.array(notSchema).default([]).describe('A hit that one of these finds too does not count.'),
};

export const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('structure'),
    required: z.array(target).default([]).describe('Components or globs that must have a file.'),
    in: targets.optional().describe('Where `allow` and `deny` look: components or globs; default: all files.'),
    allow: globs.optional().describe('Files there must match one of these.'),
    deny: globs.optional().describe('Files there must match none of these.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('boundary'),
    from: targets.describe('Components, or "*" for every file.'),
    allow: z
      .array(target)
      .optional()
      .describe(
        'All that it may import: components, import:<glob> for other modules, std:<glob>; std is free until listed.',
      ),
    deny: z.array(target).optional().describe('What it must not import.'),
    transitive: z.boolean().default(false).describe('Denied also through other components.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('layers'),
    layers: z
      .array(targets)
      .min(2)
      .describe('From top to bottom. Imports go down; components of one layer may import each other.'),
    closed: z.boolean().default(false).describe('Only the next layer below may be imported.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('acyclic'),
    of: z.enum(['components', 'folders']).default('components'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('independent'),
    components: z.array(name).min(2).describe('None of these imports another.'),
    transitive: z.boolean().default(false),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('interface'),
    types: z
      .string()
      .regex(/^[^#]+#[^#]+$/, 'types are <path glob>#<type glob>')
      .describe('Types that must conform.'),
    implements: z
      .string()
      .regex(/^[^#]*#[^#]+$/, 'an interface is <folder>#<name>')
      .optional(),
    methods: z.array(z.string().min(1)).default([]).describe('Method names that each type must have.'),
  }),
  z.strictObject({
    ...common,
    ...patternKeys,
    kind: z.literal('pattern'),
    language: z.enum(SYNTAX_LANGUAGES),
    query: query.describe('Tree-sitter query; @hit names the node to report.'),
    message: z.string().min(1).optional(),
    examples: examplesSchema.describe('Run before the rule; without a match a pattern proves nothing.'),
  }),
  z.strictObject({
    ...common,
    ...patternKeys,
    kind: z.literal('resource'),
    check: z.enum(RESOURCE_CHECKS),
    query: query.optional().describe('Replaces the built-in query of the check; needs examples.'),
    examples: examplesSchema.optional(),
  }),
]);
export type Rule = z.infer<typeof ruleSchema>;
export type RuleKind = Rule['kind'];
export type RuleOf<K extends RuleKind> = Extract<Rule, { kind: K }>;

/** `conformance.yaml`. Globs are relative to the source folder; citations and the baseline to the workspace root. */
export const conformanceSchema = z
  .strictObject({
    version: z.literal(1),
    components: z.record(name, z.strictObject({ in: globs, title: z.string().optional() })).default({}),
    unattached: z
      .enum(['error', 'warning', 'info', 'off'])
      .default('warning')
      .describe('What a source file is that no component holds.'),
    ignore: z.array(glob).default([]).describe('Files that are not read. One that ignores nothing is an error.'),
    rules: z.array(ruleSchema).min(1),
    baseline: z.string().min(1).optional().describe('File with known violations.'),
  })
  .describe('InfraBuilder architecture conformance rules');
export type ConformanceFile = z.infer<typeof conformanceSchema>;

/** One known violation; never a wildcard. `digest` is the SHA-256 of the violating text. */
export const baselineEntrySchema = z.strictObject({
  rule: name,
  file: z.string().regex(/^[^*?]*$/, 'a baseline entry names one file, never a wildcard'),
  target: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'a digest has 64 hexadecimal digits'),
});
export type BaselineEntry = z.infer<typeof baselineEntrySchema>;

export const baselineSchema = z
  .strictObject({ version: z.literal(1), violations: z.array(baselineEntrySchema) })
  .describe('InfraBuilder known architecture violations');
export type Baseline = z.infer<typeof baselineSchema>;
