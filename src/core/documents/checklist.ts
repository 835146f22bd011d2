import type { Verdict } from '../model/verdict.ts';
import type { View } from './template.ts';
import { verdictMark } from './words.ts';

/** One box of plan section 9: ticked where it was computed to hold, and by nothing else. */
export interface ChecklistBox {
  readonly title: string;
  readonly verdict: Verdict;
  /** What was looked at. */
  readonly finding: string;
  /** What to do next; undefined where it holds. */
  readonly next: string | undefined;
  /** True for a goal that the project has switched off: it is shown, and not counted. */
  readonly off?: boolean;
}

export interface ChecklistSection {
  readonly title: string;
  readonly boxes: readonly ChecklistBox[];
}

/** The fields of `templates/documents/checklist.md`. */
export function checklistView(sections: readonly ChecklistSection[]): View {
  const boxes = sections.flatMap((section) => section.boxes).filter(({ off }) => off !== true);
  const holding = boxes.filter(({ verdict }) => verdict === 'pass').length;
  return {
    holding: String(holding),
    total: String(boxes.length),
    sections: sections.map(({ title, boxes: list }) => ({
      title,
      boxes: list.map(({ title: what, verdict, finding, next, off }) => ({
        box: off === true ? '➖' : verdict === 'pass' ? '[x]' : '[ ]',
        title: what,
        verdict: verdictMark(verdict),
        finding,
        next: next ?? '',
      })),
    })),
  };
}
