import { posix } from 'node:path';
import type { FeaturePatterns } from '../../model/goal.ts';
import { type Defect, MARK, type PlantedFile } from '../defect.ts';
import type { Builder, DeclaredFeature, Subject } from './subject.ts';

type Kind = DeclaredFeature['kind'];

const KINDS: readonly Kind[] = ['config', 'metric', 'event'];
const TITLES: Readonly<Record<Kind, string>> = {
  config: 'an undocumented configuration key',
  metric: 'an undocumented metric',
  event: 'an undocumented event',
};
const LANGUAGES = ['.go', '.ts', '.py'] as const;
type Language = (typeof LANGUAGES)[number];

/** The ways in which features are commonly declared, which is what the reader looks for. */
const DECLARATIONS: Readonly<Record<Language, Readonly<Record<Kind, string>>>> = {
  '.go': {
    config: 'type infrabuilderCanary struct {\n\tPlanted bool `json:"infrabuilder_canary"`\n}\n',
    metric: '// MetricInfrabuilderCanary is planted.\nconst MetricInfrabuilderCanary = "infrabuilder.canary"\n',
    event: '// EventInfrabuilderCanary is planted.\nconst EventInfrabuilderCanary = "InfrabuilderCanary"\n',
  },
  '.ts': {
    config: 'export interface InfrabuilderCanary {\n  infrabuilderCanary: boolean;\n}\n',
    metric:
      "export function planted(meter: { createCounter(name: string): unknown }): unknown {\n  return meter.createCounter('infrabuilder.canary');\n}\n",
    event: "export const EVENT_INFRABUILDER_CANARY = 'InfrabuilderCanary';\n",
  },
  '.py': {
    config: 'class InfrabuilderCanary:\n    infrabuilder_canary: bool = False\n',
    metric: 'def planted(meter):\n    return meter.create_counter("infrabuilder.canary")\n',
    event: 'EVENT_INFRABUILDER_CANARY = "InfrabuilderCanary"\n',
  },
};

/** G-7: a configuration key, a metric and an event that no document knows, each kind that the source has. */
export const docsDefects: Builder<'docs-parity'> = async (goal, subject) => {
  const features = await subject.features(goal);
  const there = KINDS.filter((kind) => features.some((feature) => feature.kind === kind));
  const found = await Promise.all(
    (there.length > 0 ? there : KINDS).map(async (kind): Promise<Defect | undefined> => {
      const model = features.find((feature) => feature.kind === kind);
      const file = isOwn(goal.features, kind) ? await renamed(model, subject) : await added(kind, model, subject);
      return file && { goal: goal.id, title: TITLES[kind], origin: 'built-in', files: [file], shows: 'fail' };
    }),
  );
  const defects = found.flatMap((one) => one ?? []);
  if (defects.length > 0) return defects;
  const why = 'The source has no file in a language whose features are known, and the goal names no patterns.';
  return [{ goal: goal.id, title: 'an undocumented feature', origin: 'built-in', why }];
};

function isOwn(patterns: FeaturePatterns, kind: Kind): boolean {
  return patterns?.[kind] !== undefined;
}

/** A new file beside the one that declares a feature of the kind. */
async function added(
  kind: Kind,
  model: DeclaredFeature | undefined,
  { snapshot, files, tree }: Subject,
): Promise<PlantedFile | undefined> {
  const sources = async () => [...(await tree.list([snapshot.config.paths.source])).keys()].sort();
  const beside =
    model?.file ?? (await sources()).find((path) => languageOf(path) !== undefined && !/_test\./.test(path));
  const language = beside === undefined ? undefined : languageOf(beside);
  if (beside === undefined || language === undefined) return undefined;
  const name = `${kind === 'config' ? 'config_' : ''}${MARK}${language}`;
  const head = language === '.go' ? `package ${goPackage((await files.read(beside)) ?? '')}\n\n` : '';
  return { file: posix.join(posix.dirname(beside), name), content: head + DECLARATIONS[language][kind] };
}

/** Patterns of the project's own: how they would find a new one is not known, but a feature of another name is new. */
async function renamed(model: DeclaredFeature | undefined, { files }: Subject): Promise<PlantedFile | undefined> {
  const text = model === undefined ? undefined : await files.read(model.file);
  if (model === undefined || text === undefined) return undefined;
  return { file: model.file, content: text.split(model.name).join(`${model.name}_canary`) };
}

function languageOf(path: string): Language | undefined {
  const ending = posix.extname(path).replace(/^\.[cm]?[jt]sx?$/, '.ts');
  return LANGUAGES.find((one) => one === ending);
}

/** The name in the package clause. */
export function goPackage(text: string): string {
  return /^package\s+(\w+)/m.exec(text)?.[1] ?? 'main';
}
