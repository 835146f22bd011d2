import { errorMessage, HumanError } from '../base/errors.ts';
import type { FeaturePatterns } from '../model/goal.ts';
import { type Location, range } from '../model/source.ts';

export const FEATURE_KINDS = ['config', 'metric', 'event'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

/** Something that the source offers to the person who operates it. */
export interface Feature extends Location {
  readonly kind: FeatureKind;
  readonly name: string;
}

interface Pattern {
  readonly regex: RegExp;
  readonly applies: (path: string) => boolean;
}

export type Patterns = Readonly<Record<FeatureKind, readonly Pattern[]>>;

const GO = /\.go$/;
const SCRIPT = /\.[cm]?[jt]sx?$/;
const PYTHON = /\.py$/;
const CONFIG = /(?:^|\/)(?:config|configuration|settings)[^/]*(?:\/|\.\w+$)/i;
const COMMENT = /^\s*(?:\/\/|#|\*|\/\*)/;

function built(file: RegExp, regex: RegExp, where?: RegExp): Pattern {
  return { regex, applies: (path) => file.test(path) && (where === undefined || where.test(path)) };
}

/** Names as programs in Go, TypeScript and Python commonly declare them; a goal can bring patterns of its own. */
const BUILT_IN: Patterns = {
  config: [
    built(GO, /`[^`\n]*\b(?:json|yaml|toml|mapstructure|koanf):"([A-Za-z][\w.-]*)[",][^`\n]*`/g, CONFIG),
    built(GO, /\bviper\.(?:Get\w*|SetDefault|BindEnv)\(\s*"([\w.-]+)"/g),
    built(SCRIPT, /^\s*(?:readonly\s+)?['"]?([A-Za-z]\w*)['"]?\??:\s*(?:z\.|string\b|number\b|boolean\b)/gm, CONFIG),
    built(PYTHON, /^\s+([a-z]\w*)\s*:\s*(?:str|int|float|bool)\b/gm, CONFIG),
  ],
  metric: [
    built(GO, /\bMetric[A-Z]\w*\s*(?:string\s*)?=\s*"([^"\n]+)"/g),
    built(GO, /\bprometheus\.\w*Opts\{[^}]*?\bName:\s*"([A-Za-z_]\w*)"/g),
    built(GO, /\.(?:Int64|Float64)\w*(?:Counter|Gauge|Histogram)\(\s*"([^"\n]+)"/g),
    built(SCRIPT, /\.create(?:Counter|Gauge|Histogram|UpDownCounter|Observable\w+)\(\s*['"]([^'"\n]+)['"]/g),
    built(SCRIPT, /\bnew\s+(?:\w+\.)?(?:Counter|Gauge|Histogram|Summary)\(\s*\{[^}]*?\bname:\s*['"]([^'"\n]+)['"]/g),
    built(PYTHON, /\b(?:Counter|Gauge|Histogram|Summary)\(\s*['"]([A-Za-z_]\w*)['"]/g),
    built(PYTHON, /\.create_\w*(?:counter|gauge|histogram)\(\s*['"]([^'"\n]+)['"]/g),
  ],
  event: [
    built(GO, /\bEvent(?!Types?\b)[A-Z]\w*\s*(?:[A-Z]\w*\s*)?=\s*"([A-Z]\w+)"/g),
    built(SCRIPT, /\bEVENT_[A-Z0-9_]+\s*(?::\s*\w+\s*)?=\s*['"]([A-Za-z]\w+)['"]/g),
    built(PYTHON, /\bEVENT_[A-Z0-9_]+\s*(?::\s*\w+\s*)?=\s*['"]([A-Za-z]\w+)['"]/g),
  ],
};

/** The built-in patterns, each kind replaced by the goal's own where it has any. HumanError `features.pattern`. */
export function featurePatterns(own: FeaturePatterns): Patterns {
  if (own === undefined) return BUILT_IN;
  const kinds = FEATURE_KINDS.map((kind) => {
    const list = own[kind]?.map(({ pattern, in: where }) => ({ regex: compile(pattern), applies: globTest(where) }));
    return [kind, list ?? BUILT_IN[kind]] as const;
  });
  return Object.fromEntries(kinds) as unknown as Patterns;
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'gm');
  } catch (error) {
    const hint = 'Correct it under "features" in infrabuilder.yaml.';
    throw new HumanError('features.pattern', `"${pattern}" is no regular expression: ${errorMessage(error)}`, hint);
  }
}

/** `*` within a folder, `**` across folders. */
function globTest(glob: string | undefined): (path: string) => boolean {
  if (glob === undefined) return () => true;
  const source = glob.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replace(/\*\*\/|\*\*|\*/g, (star) => {
    if (star === '*') return '[^/]*';
    return star === '**' ? '.*' : '(?:.*/)?';
  });
  const regex = new RegExp(`^${source}$`);
  return (path) => regex.test(path);
}

/** Features of one file; `own` is its path below the source folder. Names in comments do not count. */
export function featuresIn(text: string, file: string, own: string, patterns: Patterns): Feature[] {
  const found = new Map<string, Feature>();
  for (const kind of FEATURE_KINDS) {
    for (const { regex, applies } of patterns[kind]) {
      if (!applies(own)) continue;
      for (const match of text.matchAll(regex)) {
        const name = match[1];
        const start = match.index + (name === undefined ? 0 : match[0].indexOf(name));
        if (name === undefined || COMMENT.test(lineAt(text, start))) continue;
        if (!found.has(`${kind} ${name}`))
          found.set(`${kind} ${name}`, { kind, name, file, range: place(text, start, name) });
      }
    }
  }
  return [...found.values()];
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, offset);
}

function place(text: string, offset: number, name: string) {
  const line = text.slice(0, offset).split('\n').length;
  const column = offset - (text.lastIndexOf('\n', offset - 1) + 1) + 1;
  return range(line, column, line, column + name.length);
}
