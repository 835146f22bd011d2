import type { ConfigFile } from '../../model/config.ts';
import type { Goal } from '../../model/goal.ts';
import type { Issue } from '../../model/issue.ts';
import { parseAcceptance } from '../../parse/acceptance.ts';
import type { Path } from '../../parse/parsed.ts';
import type { Entry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { checkKpis } from './kpis.ts';
import { checkScenarioName } from './names.ts';
import { at, didYouMean, related, replace } from './report.ts';

/** Goals of `infrabuilder.yaml` and of the blueprint. The default goals have no file that could be wrong. */
export function checkGoals(index: Index, hints: Hints): Issue[] {
  if (index.configBroken) return [];
  const { configEntry: entry } = index;
  const goals = entry?.parsed.value?.goals;
  return [
    ...(entry === undefined || goals === undefined ? [] : checkConfigured(entry, goals, index, hints)),
    ...checkBlueprint(index),
  ];
}

function checkConfigured(entry: Entry<ConfigFile>, goals: readonly Goal[], index: Index, hints: Hints): Issue[] {
  const inBlueprint = new Map(index.blueprint?.parsed.value?.goals.map((goal) => [goal.value.id, goal]));
  const first = new Map<string, number>();
  return goals.flatMap((goal, position) => {
    const path: Path = ['goals', position];
    const found: Issue[] = [];
    const earlier = first.get(goal.id);
    if (earlier === undefined) first.set(goal.id, position);
    else {
      const message = `The goal "${goal.id}" is defined twice. Give one of them another id.`;
      const places = [related(entry, ['goals', earlier, 'id'], `"${goal.id}" is first here.`)];
      found.push(
        at(entry, [...path, 'id'], { code: 'goal.duplicate-id', severity: 'error', message, related: places }),
      );
    }
    if (inBlueprint.size > 0 && !inBlueprint.has(goal.id)) {
      const message = `The goal "${goal.id}" is not in the goals table of ${index.blueprint?.file}. Add it there, so that people read the same goals as the checks.`;
      found.push(at(entry, [...path, 'id'], { code: 'goal.not-in-blueprint', severity: 'info', message }));
    }
    if (goal.applies === false) return found;
    if ('scenario' in goal) {
      found.push(
        ...checkScenarioName(entry, [...path, 'scenario'], goal.scenario, 'goal.unknown-scenario', index, hints),
      );
    }
    if (goal.kind === 'checks') found.push(...checkChecks(entry, path, goal.checks, index, hints));
    if (goal.kind === 'kpi') {
      found.push(...checkKpis(entry, [...path, 'kpis'], goal.kpis, 'goal', hints));
      found.push(...checkThresholds(entry, path, goal, index));
    }
    return found;
  });
}

function checkChecks(
  entry: Entry<ConfigFile>,
  base: Path,
  names: readonly string[],
  index: Index,
  hints: Hints,
): Issue[] {
  const known = Object.keys(index.config.checks);
  return names.flatMap((name, position) => {
    if (known.includes(name)) return [];
    const path = [...base, 'checks', position];
    const near = hints.nearest('check', name, () => known);
    const message = `The check "${name}" is unknown.${didYouMean(near)} Known checks: ${known.join(', ')}.`;
    const fixes = near.map((one) => replace(entry, path, one));
    return [at(entry, path, { code: 'goal.unknown-check', severity: 'error', message, fixes })];
  });
}

/** Compares with the blueprint only where its row names the KPI itself: `topn_capture_ratio ≥ 95%`. */
function checkThresholds(entry: Entry<ConfigFile>, path: Path, goal: Goal & { kind: 'kpi' }, index: Index): Issue[] {
  const row = index.blueprint?.parsed.value?.goals.find((candidate) => candidate.value.id === goal.id);
  const said = row && parseAcceptance(row.value.check.replaceAll('`', '')).expectation;
  const limit = said && goal.kpis[said.metric];
  if (row === undefined || said === undefined || limit === undefined || index.blueprint === undefined) return [];
  const side = said.operator.startsWith('>') ? 'min' : said.operator.startsWith('<') ? 'max' : undefined;
  const own = side && limit[side];
  if (side === undefined || own === undefined || own === said.value || said.unit !== limit.unit) return [];
  const message = `The goal "${goal.id}" has the ${side === 'min' ? 'least' : 'greatest'} ${said.metric} ${own}, but the blueprint says "${row.value.check}". Make them equal.`;
  const places = [{ file: index.blueprint.file, range: row.range, message: 'The blueprint says so here.' }];
  const where = [...path, 'kpis', said.metric, side];
  const fix = {
    title: `Replace by ${said.value}`,
    edits: [{ file: entry.file, range: entry.parsed.locate(where), newText: String(said.value) }],
  };
  return [
    at(entry, where, {
      code: 'goal.threshold-differs-from-blueprint',
      severity: 'warning',
      message,
      related: places,
      fixes: [fix],
    }),
  ];
}

function checkBlueprint(index: Index): Issue[] {
  const { blueprint } = index;
  const configured = new Set(index.config.goals.map((goal) => goal.id));
  return (blueprint?.parsed.value?.goals ?? []).flatMap(({ value, range }): Issue[] => {
    if (blueprint === undefined || configured.has(value.id)) return [];
    const file = index.configEntry?.file ?? 'infrabuilder.yaml';
    const message = `The blueprint's goal "${value.id}" is not verified by anything. Add it under "goals" in ${file}.`;
    return [{ code: 'blueprint.goal-not-configured', severity: 'warning', message, file: blueprint.file, range }];
  });
}
