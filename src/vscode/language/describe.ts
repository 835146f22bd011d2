import { l10n } from 'vscode';
import type { Goal } from '../../core/model/goal.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { Named } from '../../core/project/symbols.ts';
import type { Loaded, Session } from '../session.ts';

export type Describe = (session: Session, id: string) => string | undefined;

/** A title and some lines about what a name stands for; nothing for a name that nobody defines. */
export function describe({ kind, id }: Named, snapshot: Snapshot, core: Loaded['core']): readonly string[] {
  switch (kind) {
    case 'goal':
      return describeGoal(id, snapshot, core);
    case 'task':
      return describeTask(id, snapshot, core);
    case 'scenario':
      return describeScenario(id, snapshot, core);
    case 'epic': {
      const epic = snapshot.mapping?.epicById.get(id);
      if (epic === undefined) return [];
      return [
        titled(l10n.t('Epic {0}', id), epic.title),
        ...epic.stories.map((story) => titled(story.id, story.title)),
      ];
    }
    case 'story': {
      const [story] = snapshot.mapping?.storiesById.get(id) ?? [];
      if (story === undefined) return [];
      const slugs = story.tasks.map(({ slug }) => slug);
      const tasks = slugs.length === 0 ? [] : [l10n.t('Tasks: {0}', slugs.join(', '))];
      return [titled(l10n.t('Story {0}', id), story.title), l10n.t('In epic {0}', story.epic), ...tasks];
    }
    case 'kpi': {
      const kpi = Object.entries(core.KPIS).find(([name]) => name === id)?.[1];
      return kpi === undefined ? [] : [titled(id, kpi.title), l10n.t('Measured in {0}', kpi.units.join(', '))];
    }
    case 'check': {
      const check = snapshot.config.checks[id];
      return check === undefined ? [] : [l10n.t('Check {0}', id), `${check.run.join(' ')} (${check.cwd})`];
    }
    case 'milestone': {
      const milestone = snapshot.milestones.find((one) => one.id === id);
      return milestone === undefined ? [] : [titled(l10n.t('Milestone {0}', id), milestone.title)];
    }
  }
}

function describeGoal(id: string, snapshot: Snapshot, core: Loaded['core']): readonly string[] {
  const goal = snapshot.goal(id);
  const row = snapshot.blueprintGoals.find(({ value }) => value.id === id)?.value;
  if (goal === undefined && row === undefined) return [];
  const lines = [titled(l10n.t('Goal {0}', id), goal?.title ?? row?.title)];
  if (row !== undefined) lines.push(l10n.t('Blueprint: {0}', row.check.replaceAll('`', '')));
  if (goal === undefined) return [...lines, l10n.t('Nothing verifies it.')];
  if (goal.applies === false) return [...lines, l10n.t('Switched off: {0}', goal.reason ?? '')];
  return [...lines, ...verifiedBy(goal, core)];
}

function verifiedBy(goal: Goal, core: Loaded['core']): readonly string[] {
  switch (goal.kind) {
    case 'kpi':
      return [
        ...Object.entries(goal.kpis).map(([name, limit]) => `${name} ${core.thresholdText(limit)}`),
        l10n.t('Verified by scenario {0}', goal.scenario),
      ];
    case 'event':
    case 'runbook':
      return [l10n.t('Verified by scenario {0}', goal.scenario)];
    case 'checks':
      return [l10n.t('Verified by the checks {0}', goal.checks.join(', '))];
    case 'command':
      return [l10n.t('Verified by {0}', goal.run.join(' '))];
    case 'schema':
      return [l10n.t('Verified by buf breaking against {0}', goal.against)];
    case 'docs-parity':
      return [l10n.t('Verified by comparing features with the runbook and the changelog')];
    case 'conformance':
      return [l10n.t('Verified by the rules in conformance.yaml')];
  }
}

function describeTask(slug: string, snapshot: Snapshot, core: Loaded['core']): readonly string[] {
  const task = snapshot.task(slug);
  const row = core.taskRows(snapshot).find((one) => one.slug === slug);
  if (task === undefined || row === undefined) return [];
  return [
    titled(l10n.t('Task {0}', slug), task.title),
    l10n.t('{0}, next step: {1}', task.status, row.step),
    ...row.blockers,
    ...task.acceptance.map(({ text }) => `- ${text}`),
  ];
}

function describeScenario(name: string, snapshot: Snapshot, core: Loaded['core']): readonly string[] {
  const scenario = snapshot.scenario(name)?.value;
  if (scenario === undefined) return [];
  const kpis = Object.entries(scenario.validation?.kpis ?? {});
  const faults = scenario.failures.map(({ type }) => type);
  return [
    l10n.t('Scenario {0}', name),
    ...(scenario.description === undefined ? [] : [scenario.description]),
    ...(scenario.workload === undefined ? [] : [l10n.t('Workload: {0}', scenario.workload.type)]),
    ...(faults.length === 0 ? [] : [l10n.t('Faults: {0}', faults.join(', '))]),
    ...kpis.map(([kpi, limit]) => `${kpi} ${core.thresholdText(limit)}`),
  ];
}

function titled(name: string, title: string | undefined): string {
  return title === undefined ? name : `${name}: ${title}`;
}
