import type { Findings } from './findings.ts';
import type { Metric, SketchWindow } from './types.ts';

/**
 * The windows of one metric in the order of their ticks. They must follow each other from tick 0 on without a hole; one
 * that overlaps an earlier one becomes a finding and is left out. The end is checked where the number of ticks is known.
 */
export function checkTiling(
  metric: Metric,
  windows: readonly SketchWindow[],
  findings: Findings,
): readonly SketchWindow[] {
  const kept: SketchWindow[] = [];
  let covered = 0;
  for (const window of windows.filter((each) => each.metric === metric).sort((a, b) => a.from - b.from)) {
    if (window.from < covered) {
      const message = `The ${metric} window from tick ${window.from} overlaps one that reaches to tick ${covered - 1}.`;
      findings.add('oracle.window-overlap', window.place, message, kept.at(-1)?.place);
      continue;
    }
    if (window.from > covered) {
      findings.add(
        'oracle.window-gap',
        window.place,
        `No ${metric} window covers the ticks ${covered} to ${window.from - 1}.`,
      );
    }
    kept.push(window);
    covered = window.to;
  }
  const [other] = windows;
  if (kept.length === 0 && other !== undefined) {
    findings.add('oracle.missing-metric', other.place, `There is no sketch of ${metric}.`);
  }
  return kept;
}
