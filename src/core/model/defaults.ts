import { z } from 'zod';
import { type Check, checkSchema } from './check.ts';
import { type Config, type ConfigFile, type Paths, pathsSchema } from './config.ts';
import { type Goal, goalSchema } from './goal.ts';
import { type Milestone, milestoneSchema } from './milestone.ts';

/** The Makefile of plan section 2.1 as argv arrays. */
export function defaultChecks(paths: Paths): Record<string, Check> {
  return z.record(z.string(), checkSchema).parse({
    lint: { run: ['golangci-lint', 'run', './...'], cwd: paths.source, parser: 'golangci' },
    test: {
      run: ['go', 'test', '-json', '-race', '-cover', '-count=1', './...'],
      cwd: paths.source,
      parser: 'gotest',
      coverage: { min: 80 },
    },
    bench: {
      run: ['go', 'test', '-run=^$', '-bench=.', '-benchmem', './sampler/...', './sketch/...'],
      cwd: paths.source,
      parser: 'gobench',
    },
    harness: {
      run: ['./run_replay.sh'],
      cwd: paths.testbed,
      parser: 'replay',
      replay: { corpus: `${paths.testbed}/results/corpus.jsonl`, out: `${paths.testbed}/results/replay` },
    },
    integration: { run: ['./run_integration.sh'], cwd: paths.testbed },
  });
}

/** G-1 to G-10 of plan section 0.1. */
export function defaultGoals(): Goal[] {
  const percent = 'percent';
  return z.array(goalSchema).parse([
    { id: 'G-1', title: 'Additive-Only Schema', kind: 'schema' },
    {
      id: 'G-2',
      title: 'Host Safety',
      kind: 'kpi',
      scenario: 'standard',
      kpis: { cpu_usage: { max: 2, unit: percent }, memory_usage: { max: 100, unit: 'MB' } },
    },
    {
      id: 'G-3',
      title: 'Statistical Fidelity',
      kind: 'kpi',
      scenario: 'standard',
      kpis: { p95p99_error: { max: 1, unit: percent } },
    },
    {
      id: 'G-4',
      title: 'Top-N Accuracy',
      kind: 'kpi',
      scenario: 'standard',
      kpis: { topn_capture_ratio: { min: 95, unit: percent } },
    },
    {
      id: 'G-5',
      title: 'Tail Error Bound',
      kind: 'kpi',
      scenario: 'standard',
      kpis: { tail_error: { max: 5, unit: percent } },
    },
    { id: 'G-6', title: 'Self-Governance', kind: 'event', scenario: 'failover' },
    { id: 'G-7', title: 'Documentation Parity', kind: 'docs-parity' },
    { id: 'G-8', title: 'Local Test Green', kind: 'checks', checks: ['lint', 'test', 'bench', 'harness'] },
    { id: 'G-9', title: 'Architectural Conformance', kind: 'conformance' },
    { id: 'G-10', title: 'Documentation Quality', kind: 'runbook', scenario: 'runbook_scenarios' },
  ]);
}

/** Milestones of plan section 8.1. */
export function defaultMilestones(): Milestone[] {
  return z.array(milestoneSchema).parse([
    { id: 'M1', title: 'Process scanner refactored' },
    { id: 'M2', title: 'Top-N sampler implemented' },
    { id: 'M3', title: 'DDSketch integration complete' },
    { id: 'M4', title: 'OTLP exporter functional' },
    { id: 'M5', title: 'Watchdog module complete' },
  ]);
}

/** Fills what `infrabuilder.yaml` leaves out. A section that is present replaces its default as a whole. */
export function withDefaults(file: ConfigFile | undefined): Config {
  const paths = file?.paths ?? pathsSchema.parse({});
  return {
    version: 1,
    paths,
    checks: file?.checks ?? defaultChecks(paths),
    goals: file?.goals ?? defaultGoals(),
    milestones: file?.milestones ?? defaultMilestones(),
    canaries: file?.canaries ?? [],
    blueprint: file?.blueprint,
    agent: file?.agent,
    llm: file?.llm,
  };
}
