import type { Deviation } from '../../model/deviation.ts';
import { GOAL_ID_PATTERN } from '../../model/ids.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../../parse/parsed.ts';
import type { Entry } from '../entry.ts';
import { groupBy } from '../group.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { folderOf, inFolder, nameOf, stemOf } from '../layout.ts';
import { BLUEPRINT_ID } from '../symbols.ts';
import { at, atKey, didYouMean, related, replace, replaceKey } from './report.ts';

/** `today` is a date such as `2026-01-31`. */
export function checkDeviations(index: Index, hints: Hints, today: string): Issue[] {
  const readable = [...index.deviations.values()].flatMap((entry) => {
    const { value } = entry.parsed;
    return value === undefined ? [] : [{ entry, value }];
  });
  const byId = groupBy(readable, ({ value }) => value.id);
  return readable.flatMap(({ entry, value }) => [
    ...checkId(entry, value, index, byId.get(value.id) ?? []),
    ...checkItem(entry, value, index, hints),
    ...(index.configBroken ? [] : checkGoals(entry, value, index, hints)),
    ...checkExpiry(entry, value, today),
  ]);
}

function checkId(
  entry: Entry<Deviation>,
  { id }: Deviation,
  index: Index,
  same: readonly { entry: Entry<Deviation> }[],
): Issue[] {
  const found: Issue[] = [];
  const others = same.filter((other) => other.entry !== entry).map((other) => other.entry);
  if (others.length > 0) {
    const message = `The deviation "${id}" is also in ${others.map((other) => other.file).join(', ')}. Give each its own id.`;
    const places = others.map((other) => related(other, ['id'], 'The same id is here.'));
    found.push(at(entry, ['id'], { code: 'deviation.duplicate-id', severity: 'error', message, related: places }));
  }
  const stem = stemOf(entry.file);
  if (id === stem) return found;
  const name = `${id}${nameOf(entry.file).slice(stem.length)}`;
  const to = inFolder(folderOf(entry.file), name);
  const fixes = index.deviations.has(to)
    ? []
    : [{ title: `Rename the file to ${name}`, edits: [], moves: [{ from: entry.file, to }] }];
  const message = `The deviation is named "${id}" but its file ${nameOf(entry.file)}. Make them equal.`;
  found.push(at(entry, ['id'], { code: 'deviation.id-file-mismatch', severity: 'warning', message, fixes }));
  return found;
}

function checkItem(entry: Entry<Deviation>, { blueprint_item: item }: Deviation, index: Index, hints: Hints): Issue[] {
  const known = blueprintIds(index);
  if (!BLUEPRINT_ID.test(item) || known.size === 0 || known.has(item) || isGoalId(item)) return [];
  const names = hints.nearest('blueprint item', item, () => known);
  const message = `The blueprint does not know "${item}".${didYouMean(names)}`;
  const fixes = names.map((name) => replace(entry, ['blueprint_item'], name));
  return [at(entry, ['blueprint_item'], { code: 'deviation.unknown-item', severity: 'warning', message, fixes })];
}

function blueprintIds({ blueprint, mapping }: Index): Set<string> {
  return new Set([
    ...(blueprint?.parsed.value?.ids ?? []).map((id) => id.value),
    ...(mapping?.epicById.keys() ?? []),
    ...(mapping?.storiesById.keys() ?? []),
  ]);
}

function checkGoals(entry: Entry<Deviation>, deviation: Deviation, index: Index, hints: Hints): Issue[] {
  const known = index.goalIds();
  const covered: { id: string; path: Path }[] = [
    { id: deviation.blueprint_item, path: ['blueprint_item'] },
    ...deviation.scope.map((id, position) => ({ id, path: ['scope', position] })),
  ];
  const found = covered.flatMap(({ id, path }) => {
    if (known.has(id)) {
      const message = `"${id}" is a hard-stop goal, and nobody may deviate from it. Name the rule or blueprint item that changes; the goal must still hold.`;
      return [at(entry, path, { code: 'deviation.hard-stop-goal', severity: 'error', message })];
    }
    return isGoalId(id) ? [unknownGoal(entry, path, id, known, hints, 'value')] : [];
  });
  for (const id of Object.keys(deviation.impact_analysis)) {
    if (isGoalId(id) && !known.has(id))
      found.push(unknownGoal(entry, ['impact_analysis', id], id, known, hints, 'key'));
  }
  return found;
}

function unknownGoal(
  entry: Entry<Deviation>,
  path: Path,
  id: string,
  known: ReadonlySet<string>,
  hints: Hints,
  where: 'key' | 'value',
): Issue {
  const names = hints.nearest('goal', id, () => known);
  const message = `The goal "${id}" is unknown.${didYouMean(names)} Known goals: ${[...known].join(', ')}.`;
  const [report, mend] = where === 'key' ? [atKey, replaceKey] : [at, replace];
  const fixes = names.map((name) => mend(entry, path, name));
  return report(entry, path, { code: 'deviation.unknown-goal', severity: 'error', message, fixes });
}

/** `G-11`, but not the id of a story such as `A1-3`: goals have no digit before the dash in any known blueprint. */
function isGoalId(id: string): boolean {
  return GOAL_ID_PATTERN.test(id) && /^[A-Z]+-/.test(id);
}

function checkExpiry(entry: Entry<Deviation>, { status, expires }: Deviation, today: string): Issue[] {
  if (expires === undefined || status !== 'approved' || expires >= today) return [];
  const message = `The deviation expired on ${expires}, so it covers nothing any more. Return to the blueprint, or have it approved again with a later date.`;
  const fixes = [replace(entry, ['status'], 'expired', 'Set the status to "expired"')];
  return [at(entry, ['expires'], { code: 'deviation.expired', severity: 'warning', message, fixes })];
}
