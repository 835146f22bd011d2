import { join, relative, sep } from 'node:path';
import type { Measuring, ProfileAnswer, ProfileOrder, RunRepair } from '../../core/ports.ts';
import { resourceValues } from '../profiling/analysis.ts';
import { fetchProfile } from '../profiling/pprof/fetch.ts';
import { topFunctions } from '../profiling/pprof/top.ts';
import { profileProcess } from '../profiling/profile.ts';
import { resolveAll } from '../reap/journal.ts';
import { findDefinition } from './definition.ts';
import { thisMachine } from './machine.ts';
import { journalFolder, newRunId, type RunnerOptions } from './options.ts';
import { planScenario } from './plan.ts';
import { runScenario } from './run.ts';
import { TIMINGS } from './timings.ts';
import { readWorkspace } from './workspace.ts';

const MOST_FUNCTIONS = 15;

/** The measuring side of one workspace. */
export function createMeasuring(options: RunnerOptions): Measuring {
  return {
    run: (request) => runScenario(options, request),
    async plan(request) {
      const workspace = await readWorkspace(options.root);
      const definition =
        request.definition === undefined
          ? findDefinition(workspace, request.scenario)
          : { file: undefined, scenario: request.definition };
      return planScenario(workspace, definition, request, thisMachine(), { ...TIMINGS, ...options.timings });
    },
    resolveAll: () => repairs(options.root),
    profile: (order) => profile(options.root, order),
  };
}

async function repairs(root: string): Promise<RunRepair[]> {
  return (await resolveAll(journalFolder(root))).map(({ run, state, settled, strays, failures }) => ({
    run,
    state,
    settled: settled.map((debt) => {
      const name = 'name' in debt ? debt.name : 'path' in debt ? debt.path : 'proxy' in debt ? debt.proxy : '';
      return `${debt.kind} ${name}${'pid' in debt ? ` (${debt.pid})` : ''}`;
    }),
    strays,
    failures,
  }));
}

async function profile(root: string, order: ProfileOrder): Promise<ProfileAnswer> {
  const { pid, seconds, hz, signal, pprof, onProgress } = order;
  const file = join(root, '.infrabuilder', 'profiles', `${newRunId(new Date())}-${pid}.jsonl`);
  onProgress?.(`profile: process ${pid} for ${seconds} s at ${hz} Hz`);
  const functions = pprof === undefined ? [] : fetchFunctions(pprof, seconds, signal);
  const { analysis, end } = await profileProcess({
    pid,
    file,
    hz,
    durationMs: seconds * 1000,
    warmUpMs: 0,
    ...(signal && { signal }),
  });
  const notes =
    analysis === undefined
      ? ['Fewer than two samples were taken: nothing was measured.']
      : [
          `${analysis.samples} samples over ${(analysis.durationMs / 1000).toFixed(1)} s by ${analysis.cpu.source}; ended: ${end.reason}, ${end.missed} beats missed.`,
          `CPU is percent of one core, ± ${analysis.cpu.uncertainty.toFixed(2)}.`,
          analysis.memory.leak.reason,
          ...analysis.cpu.anomalies.map(
            ({ at, value }) => `CPU stands out at ${(at / 1000).toFixed(1)} s: ${value.toFixed(1)} percent.`,
          ),
        ];
  return {
    values: resourceValues(analysis),
    notes,
    functions: await functions,
    file: relative(root, file).split(sep).join('/'),
  };
}

async function fetchFunctions(
  url: string,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<{ name: string; percent: number }[]> {
  const top = topFunctions(
    await fetchProfile({ url, kind: 'profile', seconds: Math.max(1, Math.floor(seconds)), ...(signal && { signal }) }),
    MOST_FUNCTIONS,
  );
  return (top?.functions ?? []).map(({ name, flatPercent }) => ({ name, percent: flatPercent }));
}
