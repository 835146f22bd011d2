import { INTEGRATION_SECTIONS, type IntegrationInput, type IntegrationLine } from '../documents/integration.ts';
import { valueText } from '../documents/words.ts';
import type { MeasuredEntry } from '../evidence/store.ts';
import type { Task } from '../model/task.ts';
import type { Files } from '../ports.ts';
import { platformVerdicts } from './platforms.ts';
import type { ProjectState } from './state.ts';

/** `ok   dualwrite: raw ticks are stored: 600 of 600`, as the testbed prints it. */
const CHECKED = /^(ok|FAIL)\s+([A-Za-z]\w*):\s+(.+)$/;

/** What ran on this work tree for the integration of a task; evidence alone, nothing is measured. */
export async function integrationInput(state: ProjectState, task: Task, files: Files): Promise<IntegrationInput> {
  const { snapshot, checkpoint } = state;
  const fresh = checkpoint.states.flatMap((one) => one.fresh ?? []);
  const scenarios = task.scenarios.flatMap((name) => snapshot.scenario(name)?.value ?? []);
  const platforms = scenarios.flatMap((scenario) => {
    const entry = state.step(`scenario:${scenario.name}`)?.fresh;
    return platformVerdicts(scenario, entry === undefined ? [] : [entry]).map(({ os, version, verdict }) => ({
      os,
      version: version ?? 'any',
      verdict,
      note: `scenario ${scenario.name}`,
    }));
  });
  const sections = new Map<string, IntegrationLine[]>();
  for (const { scenario } of INTEGRATION_SECTIONS) {
    const entry = state.step(`scenario:${scenario}`)?.fresh;
    sections.set(scenario, entry === undefined ? [] : valueLines(entry));
  }
  for (const { scenario, ...line } of await printedLines(state.step('check:integration')?.fresh, files)) {
    sections.get(scenario)?.push(line);
  }
  return {
    task,
    platforms,
    sections,
    recovery: fresh.flatMap(recoveryLines),
    goals: checkpoint.goals
      .filter(({ goal }) => goal.applies !== false)
      .map(({ goal, verdict, fresh: isFresh, reason }) => ({ id: goal.id, verdict, fresh: isFresh, reason })),
  };
}

function valueLines({ statement: { predicate } }: MeasuredEntry): IntegrationLine[] {
  return predicate.values.map((value) => ({
    verdict: value.verdict ?? predicate.verdict,
    text: `${value.name}: ${valueText(value)}`,
  }));
}

async function printedLines(entry: MeasuredEntry | undefined, files: Files) {
  const found: (IntegrationLine & { readonly scenario: string })[] = [];
  for (const { path } of entry?.statement.predicate.outputs ?? []) {
    const text = await files.read(path).catch(() => undefined);
    for (const line of text?.split(/\r?\n/) ?? []) {
      const [, word, scenario, said] = CHECKED.exec(line) ?? [];
      if (scenario === undefined || said === undefined) continue;
      found.push({ scenario, verdict: word === 'ok' ? 'pass' : 'fail', text: said });
    }
  }
  return found;
}

function recoveryLines({ statement: { predicate } }: MeasuredEntry): IntegrationLine[] {
  const { scenario, values, step } = predicate;
  if (scenario === null) return [];
  const lines = scenario.faults.map(({ type, target, injected, recovered, durationSeconds, note }): IntegrationLine => {
    const where = target === null ? '' : ` of ${target}`;
    const said = injected !== 'pass' ? `injection: ${injected}` : `recovered: ${recovered}`;
    const verdict = injected === 'pass' ? recovered : injected;
    return { verdict, text: `${type}${where} for ${durationSeconds} s, ${said}. ${note} (${step.replace(':', ' ')})` };
  });
  if (lines.length === 0) return [];
  const figures = values.filter(({ name }) => name === 'recovery_time' || name === 'data_loss');
  return [
    ...lines,
    ...figures.map((value) => ({
      verdict: value.verdict ?? predicate.verdict,
      text: `${value.name}: ${valueText(value)} (${step.replace(':', ' ')})`,
    })),
  ];
}
