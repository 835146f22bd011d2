import type { Issue } from '../../model/issue.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { at, didYouMean, replace } from './report.ts';

/** Canaries of `infrabuilder.yaml`. Whether their edits fit the files is asked when somebody validates or plants them. */
export function checkCanaries(index: Index, hints: Hints): Issue[] {
  const { configEntry: entry } = index;
  if (entry === undefined || index.configBroken) return [];
  const known = index.config.goals.map(({ id }) => id);
  return index.config.canaries.flatMap(({ goal, title }, position) => {
    if (known.includes(goal)) return [];
    const path = ['canaries', position, 'goal'];
    const near = hints.nearest('configured goal', goal, () => known);
    const message = `The goal "${goal}" is unknown, so the canary "${title}" can turn nothing red.${didYouMean(near)}`;
    const fixes = near.map((one) => replace(entry, path, one));
    return [at(entry, path, { code: 'canary.unknown-goal', severity: 'error', message, fixes })];
  });
}
