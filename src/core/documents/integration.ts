import type { Task } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import type { View } from './template.ts';
import { cell, verdictMark } from './words.ts';

/** What plan section 7.2 asks for, by the names of the plan's scenarios. */
export const INTEGRATION_SECTIONS = [
  { title: 'Dual-Write Scenario', scenario: 'dualwrite' },
  { title: 'NRDB Storage Scenario', scenario: 'nrdb_write' },
  { title: 'Query Router Scenario', scenario: 'query_router_fallback' },
] as const;

export interface IntegrationLine {
  readonly verdict: Verdict;
  readonly text: string;
}

export interface IntegrationInput {
  readonly task: Task;
  readonly platforms: readonly {
    readonly os: string;
    readonly version: string;
    readonly verdict: Verdict;
    readonly note: string;
  }[];
  /** By scenario: what ran on this work tree and said something. */
  readonly sections: ReadonlyMap<string, readonly IntegrationLine[]>;
  readonly recovery: readonly IntegrationLine[];
  readonly goals: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    readonly fresh: boolean;
    readonly reason: string;
  }[];
}

/** The report of plan section 7.3, from whatever ran; what did not run says so. */
export function integrationView({ task, platforms, sections, recovery, goals }: IntegrationInput): View {
  return {
    slug: task.slug,
    platforms: platforms.map(({ os, version, verdict, note }) => ({
      os,
      version,
      status: verdictMark(verdict),
      note: cell(note),
    })),
    sections: INTEGRATION_SECTIONS.map(({ title, scenario }) => ({
      title,
      scenario,
      lines: (sections.get(scenario) ?? []).map(lineView),
    })),
    recovery: recovery.map(lineView),
    goals: goals.map(({ id, verdict, fresh, reason }) => ({
      id,
      status: verdictMark(verdict, fresh),
      reason: cell(reason),
    })),
  };
}

function lineView({ verdict, text }: IntegrationLine): View {
  return { mark: verdictMark(verdict).split(' ')[0] ?? '', text };
}
