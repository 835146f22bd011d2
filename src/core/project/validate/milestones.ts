import type { Issue } from '../../model/issue.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { checkScenarioName } from './names.ts';
import { at, didYouMean, related, replace } from './report.ts';

/** Milestones of `infrabuilder.yaml`. The default ones have no file that could be wrong. */
export function checkMilestones(index: Index, hints: Hints): Issue[] {
  const { configEntry: entry } = index;
  const milestones = entry?.parsed.value?.milestones;
  if (entry === undefined || milestones === undefined) return [];
  const first = new Map<string, number>();
  return milestones.flatMap(({ id, tasks, verify }, position) => {
    const base = ['milestones', position];
    const found: Issue[] = [];
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, position);
    else {
      const message = `The milestone "${id}" is defined twice. Give one of them another id.`;
      const places = [related(entry, ['milestones', earlier, 'id'], `"${id}" is first here.`)];
      found.push(
        at(entry, [...base, 'id'], { code: 'milestone.duplicate-id', severity: 'error', message, related: places }),
      );
    }
    tasks.forEach((slug, item) => {
      if (index.tasksBySlug.has(slug) || index.mapping?.tasksBySlug.has(slug)) return;
      const path = [...base, 'tasks', item];
      const names = hints.nearest('task', slug, () => index.tasksBySlug.keys());
      const message = `The task "${slug}" is unknown, so the milestone "${id}" can never be complete.${didYouMean(names)}`;
      const fixes = names.map((name) => replace(entry, path, name));
      found.push(at(entry, path, { code: 'milestone.unknown-task', severity: 'error', message, fixes }));
    });
    if (verify !== undefined && 'scenario' in verify) {
      const path = [...base, 'verify', 'scenario'];
      found.push(...checkScenarioName(entry, path, verify.scenario, 'milestone.unknown-scenario', index, hints));
    }
    if (verify !== undefined && 'check' in verify && !Object.hasOwn(index.config.checks, verify.check)) {
      const path = [...base, 'verify', 'check'];
      const known = Object.keys(index.config.checks);
      const names = hints.nearest('check', verify.check, () => known);
      const message = `The check "${verify.check}" is unknown.${didYouMean(names)} Known checks: ${known.join(', ')}.`;
      const fixes = names.map((name) => replace(entry, path, name));
      found.push(at(entry, path, { code: 'milestone.unknown-check', severity: 'error', message, fixes }));
    }
    return found;
  });
}
