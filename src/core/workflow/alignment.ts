import type { Task } from '../model/task.ts';
import type { Snapshot } from '../project/snapshot.ts';

/** One of the five points of plan section 3.2. */
export interface AlignmentPoint {
  readonly code: string;
  readonly title: string;
  readonly holds: boolean;
  readonly message: string;
}

/**
 * Whether blueprint and task agree, so that work may begin: the blueprint knows the task, it has its place under epic and
 * story, scenarios validate it, goals are named, and the acceptance lines address what the blueprint asks for.
 */
export function checkAlignment(snapshot: Snapshot, task: Task): readonly AlignmentPoint[] {
  return [inBlueprint, mapped, scenarios, goals, requirements].map((point) => point(snapshot, task));
}

function inBlueprint({ mapping, blueprint }: Snapshot, { slug, story }: Task): AlignmentPoint {
  const inMapping = (mapping?.tasksBySlug.get(slug) ?? []).length > 0;
  const named = new Set((blueprint?.value.ids ?? []).map(({ value }) => value));
  const title = 'The task exists in the blueprint';
  const file = mapping?.entry.file ?? 'blueprint_tasks.yaml';
  if (mapping === undefined && blueprint !== undefined && story !== undefined && named.has(story)) {
    return point('task.in-blueprint', title, true, `There is no mapping; ${blueprint.file} names ${story}.`);
  }
  if (!inMapping) {
    const message = `${file} does not have ${slug}. Add it under its story ("infrabuilder validate" offers the edit).`;
    return point('task.not-in-mapping', title, false, message);
  }
  if (story !== undefined && blueprint !== undefined && named.size > 0 && !named.has(story)) {
    return point(
      'task.story-not-in-blueprint',
      title,
      false,
      `${blueprint.file} does not name the story ${story}. Describe it there, or correct the task.`,
    );
  }
  return point('task.in-blueprint', title, true, `${file} has ${slug}.`);
}

function mapped({ mapping, blueprint }: Snapshot, { slug, epic, story }: Task): AlignmentPoint {
  const title = 'It is mapped to an epic and a story';
  if (epic === undefined || story === undefined) {
    return point(
      'task.no-story',
      title,
      false,
      `${slug} names no ${epic === undefined ? 'epic' : 'story'}. Add it under "blueprint".`,
    );
  }
  if (mapping === undefined && blueprint?.value.ids.some(({ value }) => value === story)) {
    return point('task.mapped', title, true, `${epic} / ${story}.`);
  }
  const places = mapping?.tasksBySlug.get(slug) ?? [];
  const agrees = places.some((one) => one.epic === epic && one.story === story);
  if (agrees) return point('task.mapped', title, true, `${epic} / ${story}.`);
  const elsewhere = places.map((one) => `${one.epic} / ${one.story}`).join(', ') || 'nowhere';
  return point(
    'task.mapped-elsewhere',
    title,
    false,
    `The task says ${epic} / ${story}, the mapping has it under ${elsewhere}. Make them equal.`,
  );
}

function scenarios(snapshot: Snapshot, { slug, scenarios: names }: Task): AlignmentPoint {
  const title = 'Scenarios validate it';
  if (names.length === 0 && snapshot.scenarios.length === 0) {
    return point('task.no-scenarios-here', title, true, 'The workspace has no scenario.');
  }
  if (names.length === 0) {
    return point(
      'task.no-scenario',
      title,
      false,
      `${slug} names no scenario. List those that validate it under "e2e_scenarios".`,
    );
  }
  const known = new Set(snapshot.symbolNames('scenario'));
  const unknown = names.filter((name) => snapshot.scenario(name) === undefined && !known.has(name));
  if (unknown.length === 0) return point('task.has-scenarios', title, true, `${names.join(', ')}.`);
  return point(
    'task.unknown-scenario',
    title,
    false,
    `There is no scenario ${unknown.join(', ')}. Write it under ${snapshot.layout.scenarios}/.`,
  );
}

function goals(snapshot: Snapshot, { slug, goals: ids }: Task): AlignmentPoint {
  const title = 'Blueprint goals are named';
  if (ids.length === 0 && snapshot.goals.every(({ applies }) => applies === false)) {
    return point('task.no-goals-here', title, true, 'No goal applies to the workspace.');
  }
  if (ids.length === 0) {
    return point(
      'task.no-goal',
      title,
      false,
      `${slug} names no goal. List those that it must keep under "blueprint_goals".`,
    );
  }
  const unknown = ids.filter((id) => snapshot.goal(id) === undefined);
  if (unknown.length === 0) return point('task.has-goals', title, true, `${ids.join(', ')}.`);
  return point('task.unknown-goal', title, false, `No goal is called ${unknown.join(', ')}.`);
}

/** Each goal is validated by a scenario of the task, or by a check that "verify" runs; and there is something to accept. */
function requirements(snapshot: Snapshot, { slug, goals: ids, scenarios: names, acceptance }: Task): AlignmentPoint {
  const title = 'The task addresses what the blueprint asks for';
  const uncovered = ids.filter((id) => {
    const goal = snapshot.goal(id);
    if (goal === undefined || goal.applies === false || !('scenario' in goal)) return false;
    const byName = names.some((name) => snapshot.scenario(name)?.value.blueprint_goals.includes(id));
    return !names.includes(goal.scenario) && !byName;
  });
  if (acceptance.length === 0) return point('task.no-acceptance', title, false, `${slug} has no acceptance line.`);
  if (uncovered.length === 0) {
    return point(
      'task.addresses',
      title,
      true,
      `${acceptance.length} acceptance lines; each goal has a scenario or a check.`,
    );
  }
  return point(
    'task.goal-uncovered',
    title,
    false,
    `No scenario of ${slug} validates ${uncovered.join(', ')}. Add the goal's scenario to "e2e_scenarios".`,
  );
}

function point(code: string, title: string, holds: boolean, message: string): AlignmentPoint {
  return { code, title, holds, message };
}
