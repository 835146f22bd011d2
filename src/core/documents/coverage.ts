import type { Verdict } from '../model/verdict.ts';
import type { View } from './template.ts';
import { cell, listText, verdictMark } from './words.ts';

export interface ScenarioCoverage {
  readonly name: string;
  /** Undefined for a name that no file has: a workload, or a mistake. */
  readonly file: string | undefined;
  readonly verdict: Verdict;
  readonly fresh: boolean;
  readonly goals: readonly string[];
  readonly tasks: readonly string[];
  /** Platforms that it names, and whether fresh evidence of each passes. */
  readonly platforms: readonly { readonly name: string; readonly verdict: Verdict }[];
}

export interface CoverageInput {
  readonly goals: readonly { readonly id: string; readonly title: string; readonly applies: boolean }[];
  readonly scenarios: readonly ScenarioCoverage[];
}

/** The fields of `templates/documents/coverage.md`: what each scenario validates, and whether it did on this work tree. */
export function coverageView({ goals, scenarios }: CoverageInput): View {
  const applying = goals.filter(({ applies }) => applies);
  const withScenario = applying.filter(({ id }) => scenarios.some((one) => one.goals.includes(id)));
  const shown = applying.filter(({ id }) => scenarios.some((one) => one.goals.includes(id) && isGreen(one)));
  return {
    goalsTotal: String(applying.length),
    goalsCovered: String(withScenario.length),
    goalsShown: String(shown.length),
    goals: goals.map(({ id, title, applies }) => ({
      id,
      title,
      scenarios: cell(
        !applies
          ? 'switched off'
          : listText(
              scenarios.filter((one) => one.goals.includes(id)).map((one) => `${one.name} ${mark(one)}`),
              'no scenario; a check or an analysis judges it',
            ),
      ),
    })),
    scenarios: scenarios.map((one) => ({
      name: one.name,
      verdict: verdictMark(one.verdict, one.fresh),
      goals: cell(listText(one.goals)),
      tasks: cell(listText(one.tasks)),
      platforms: cell(
        listText(
          one.platforms.map(({ name, verdict }) => `${name} ${verdictMark(verdict)}`),
          'any',
        ),
      ),
    })),
  };
}

function isGreen({ verdict, fresh }: ScenarioCoverage): boolean {
  return verdict === 'pass' && fresh;
}

function mark({ verdict, fresh }: ScenarioCoverage): string {
  return verdictMark(verdict, fresh).split(' ')[0] ?? '';
}
