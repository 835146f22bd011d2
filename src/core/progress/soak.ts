import type { MeasuredEntry } from '../evidence/store.ts';
import type { Step } from '../goals/step.ts';
import { scenarioStep } from '../goals/validators/scenario.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import { combineVerdicts } from '../model/verdict.ts';
import type { ProjectState } from './state.ts';

const PREFIX = 'soak:';

/** A scenario that runs for long. A leak that the profiler finds fails it, whatever the scenario itself says. */
export function soakStep(name: string, seconds: number, context: StepContext): Step {
  const { ports } = context;
  const runner = ports.scenarios;
  const long: typeof runner = runner && { run: (request) => runner.run({ ...request, durationSeconds: seconds }) };
  const step = scenarioStep(name, { ...context, ports: { ...ports, scenarios: long } });
  return {
    ...step,
    id: `${PREFIX}${name}`,
    definition: { soak: step.definition },
    command: `infrabuilder checklist --soak ${seconds}s`,
    async measure(measuring) {
      const measured = await step.measure(measuring);
      const growth = measured.values.find((value) => value.name === 'memory_usage.growth');
      if (!measured.ran || growth?.verdict === undefined) return measured;
      const reason = `${measured.reason} Memory grew by ${growth.value.toPrecision(3)} ${growth.unit ?? ''}: ${growth.verdict}.`;
      return { ...measured, verdict: combineVerdicts([measured.verdict, growth.verdict]), reason };
    },
  };
}

/** Soak tests of the source as it is: their inputs are those of the scenario. */
export function soakRuns({ checkpoint, step }: ProjectState): readonly MeasuredEntry[] {
  const ids = new Set(
    checkpoint.survey.ledger.entries.flatMap(({ statement }) => {
      const id = 'step' in statement.predicate ? statement.predicate.step : '';
      return id.startsWith(PREFIX) ? [id] : [];
    }),
  );
  return [...ids].flatMap((id) => {
    const subject = step(id.replace(PREFIX, 'scenario:'))?.subject ?? [];
    const now = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
    return checkpoint.survey.ledger
      .history(id)
      .filter(({ statement }) => statement.subject.every(({ name, digest }) => now.get(name) === digest.sha256));
  });
}
