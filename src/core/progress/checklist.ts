import type { ChecklistBox, ChecklistSection } from '../documents/checklist.ts';
import { holdsNow } from '../goals/goalState.ts';
import type { BoxFacts } from './boxes/box.ts';
import { DELIVERABLE_BOXES } from './boxes/deliverables.ts';
import { DOCUMENT_BOXES } from './boxes/documents.ts';
import { FEATURE_BOXES } from './boxes/features.ts';
import { STABILITY_BOXES } from './boxes/stability.ts';

/** The checklist of plan sections 9.1 to 9.5; every box is computed. */
export function checklist(facts: BoxFacts): readonly ChecklistSection[] {
  const judge = (rules: typeof FEATURE_BOXES) => rules.map((rule) => rule(facts));
  return [
    { title: 'Feature Completeness', boxes: judge(FEATURE_BOXES) },
    { title: 'Stability Verification', boxes: judge(STABILITY_BOXES) },
    { title: 'Documentation Completeness', boxes: judge(DOCUMENT_BOXES) },
    { title: 'Final Goal Validation', boxes: goalBoxes(facts) },
    { title: 'Final Deliverables', boxes: judge(DELIVERABLE_BOXES) },
  ];
}

function goalBoxes({ state }: BoxFacts): ChecklistBox[] {
  return state.checkpoint.goals.map((one): ChecklistBox => {
    const { goal, verdict, fresh, reason } = one;
    const title = `${goal.id} ${goal.title}`;
    if (goal.applies === false)
      return { title, verdict: 'not-run', finding: `Switched off: ${goal.reason}`, next: undefined, off: true };
    if (holdsNow(one)) return { title, verdict: 'pass', finding: reason, next: undefined };
    const next = `infrabuilder verify --goal ${goal.id}`;
    return { title, verdict: fresh && verdict !== 'pass' ? verdict : 'not-run', finding: reason, next };
  });
}
