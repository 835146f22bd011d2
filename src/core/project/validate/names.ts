import type { Issue } from '../../model/issue.ts';
import type { Path } from '../../parse/parsed.ts';
import type { Entry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { knowsScenario, scenarioNames } from '../scenarios.ts';
import { at, didYouMean, replace } from './report.ts';

/** A scenario that the configuration names. */
export function checkScenarioName(
  entry: Entry<unknown>,
  path: Path,
  name: string,
  code: string,
  index: Index,
  hints: Hints,
): Issue[] {
  if (knowsScenario(index, name)) return [];
  const names = hints.nearest('scenario', name, () => scenarioNames(index));
  const hint = names.length > 0 ? didYouMean(names) : ` Write it as ${index.layout.scenarios}/${name}.yml.`;
  const fixes = names.map((near) => replace(entry, path, near));
  return [at(entry, path, { code, severity: 'error', message: `The scenario "${name}" is unknown.${hint}`, fixes })];
}
