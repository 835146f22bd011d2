import { SLUG_PATTERN } from '../../model/ids.ts';
import type { Issue } from '../../model/issue.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { Entry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { folderOf, inFolder, nameOf, stemOf } from '../layout.ts';
import { checkKpis } from './kpis.ts';
import { at, didYouMean, related, replace } from './report.ts';

export function checkScenarios(index: Index, hints: Hints): Issue[] {
  return [...index.scenarios.values()].flatMap((entry) => {
    const { value } = entry.parsed;
    if (value === undefined) return [];
    return [
      ...checkName(entry, value, index),
      ...checkGoals(entry, value, index, hints),
      ...checkKpis(entry, ['validation', 'kpis'], value.validation?.kpis ?? {}, 'scenario', hints),
    ];
  });
}

function checkName(entry: Entry<Scenario>, { name }: Scenario, index: Index): Issue[] {
  const found: Issue[] = [];
  const twins = (index.scenarioFiles().get(name) ?? []).filter((other) => other !== entry && nameIn(other) === name);
  if (twins.length > 0) {
    const message = `The scenario "${name}" is also defined in ${twins.map((twin) => twin.file).join(', ')}. Give each its own name.`;
    const places = twins.map((twin) => related(twin, ['name'], 'The same name is here.'));
    found.push(at(entry, ['name'], { code: 'scenario.duplicate-name', severity: 'error', message, related: places }));
  }
  const stem = stemOf(entry.file);
  if (name === stem) return found;
  const target = inFolder(folderOf(entry.file), `${name}${nameOf(entry.file).slice(stem.length)}`);
  const rename = {
    title: `Rename the file to ${nameOf(target)}`,
    edits: [],
    moves: [{ from: entry.file, to: target }],
  };
  const fixes = [
    ...(SLUG_PATTERN.test(name) && !index.scenarios.has(target) ? [rename] : []),
    replace(entry, ['name'], stem, `Change the name to "${stem}"`),
  ];
  const message = `The scenario is named "${name}" but its file ${nameOf(entry.file)}. Make them equal: --scenario=NAME looks for NAME.yml.`;
  found.push(at(entry, ['name'], { code: 'scenario.name-file-mismatch', severity: 'warning', message, fixes }));
  return found;
}

function nameIn(entry: Entry<Scenario>): string | undefined {
  return entry.parsed.value?.name;
}

function checkGoals(entry: Entry<Scenario>, { blueprint_goals }: Scenario, index: Index, hints: Hints): Issue[] {
  if (index.configBroken) return [];
  const known = index.goalIds();
  return blueprint_goals.flatMap((goal, position) => {
    if (known.has(goal)) return [];
    const path = ['blueprint_goals', position];
    const names = hints.nearest('goal', goal, () => known);
    const message = `The goal "${goal}" is unknown.${didYouMean(names)} Known goals: ${[...known].join(', ')}.`;
    const fixes = names.map((name) => replace(entry, path, name));
    return [at(entry, path, { code: 'scenario.unknown-goal', severity: 'error', message, fixes })];
  });
}
