import { SLUG_PATTERN } from '../../model/ids.ts';
import type { Issue } from '../../model/issue.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { Entry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { folderOf, inFolder, nameOf, stemOf } from '../layout.ts';
import { checkKpis } from './kpis.ts';
import { at, atKey, didYouMean, related, replace, replaceKey } from './report.ts';

export function checkScenarios(index: Index, hints: Hints): Issue[] {
  return [...index.scenarios.values()].flatMap((entry) => {
    const { value } = entry.parsed;
    if (value === undefined) return [];
    return [
      ...checkName(entry, value, index),
      ...checkGoals(entry, value, index, hints),
      ...checkPlatforms(entry, value, hints),
      ...checkLoad(entry, value),
      ...checkKpis(entry, ['validation', 'kpis'], value.validation?.kpis ?? {}, 'scenario', hints),
    ];
  });
}

const PLATFORMS = ['linux', 'windows', 'macos', 'darwin', 'win32', 'kubernetes', 'kind', 'docker', 'firecracker'];

/** Where no machine is what a scenario asks for, it is never run. */
function checkPlatforms(entry: Entry<Scenario>, { platforms }: Scenario, hints: Hints): Issue[] {
  return platforms.flatMap((platform, position) => {
    const path = ['platforms', position];
    const isName = typeof platform === 'string';
    return (isName ? [platform] : Object.keys(platform)).flatMap((name) => {
      // A version may follow the name: `linux-5.10`.
      if (PLATFORMS.some((known) => name.toLowerCase().split('-')[0] === known)) return [];
      const names = hints.nearest('platform', name, () => PLATFORMS);
      const message = `The platform "${name}" is unknown, so the scenario would run nowhere.${didYouMean(names)} Known platforms: ${PLATFORMS.join(', ')}.`;
      const problem = { code: 'scenario.unknown-platform', severity: 'warning' as const, message };
      if (isName) return [at(entry, path, { ...problem, fixes: names.map((near) => replace(entry, path, near)) })];
      const key = [...path, name];
      return [atKey(entry, key, { ...problem, fixes: names.map((near) => replaceKey(entry, key, near)) })];
    });
  });
}

/** Parameters that a load cannot do without. */
const ABOVE_ZERO = /^(?:pids|duration_(?:minutes|seconds))$/;

function checkLoad(entry: Entry<Scenario>, { workload }: Scenario): Issue[] {
  return Object.entries(workload?.params ?? {}).flatMap(([name, value]) => {
    const wanted = ABOVE_ZERO.test(name)
      ? 'a number above 0'
      : typeof value === 'number'
        ? 'a number of at least 0'
        : '';
    const fits = typeof value === 'number' && (ABOVE_ZERO.test(name) ? value > 0 : value >= 0);
    if (wanted === '' || fits) return [];
    const message = `workload.params.${name}: expected ${wanted}, got ${JSON.stringify(value)}.`;
    const path = ['workload', 'params', name];
    return [at(entry, path, { code: 'scenario.bad-parameter', severity: 'error', message })];
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
