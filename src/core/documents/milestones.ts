import type { View } from './template.ts';
import { cell, day, linkFrom } from './words.ts';

export interface MilestoneState {
  readonly id: string;
  readonly title: string;
  readonly status: 'complete' | 'in-progress' | 'pending';
  /** When it was complete, as evidence says; ISO time. */
  readonly date: string | undefined;
  readonly verification: 'verified' | 'failed' | 'inconclusive' | 'stale' | 'not-run' | 'none';
  /** `scenario high_pid_churn`, `check integration`; undefined where nothing verifies it. */
  readonly by: string | undefined;
  /** Evidence of the verification, relative to the workspace root. */
  readonly evidence: string | undefined;
  /** What reproduces the verification. */
  readonly command: string | undefined;
  readonly tasks: readonly { readonly slug: string; readonly done: boolean }[];
}

const STATUS: Readonly<Record<MilestoneState['status'], string>> = {
  complete: '✅ COMPLETE',
  'in-progress': '🔨 IN PROGRESS',
  pending: '⏳ PENDING',
};

/** The table of plan section 8.1. */
export function milestoneView(file: string, milestones: readonly MilestoneState[]): View {
  const link = linkFrom(file);
  return {
    milestones: milestones.map((one) => ({
      id: one.id,
      title: cell(one.title),
      status: STATUS[one.status],
      date: one.date === undefined ? '-' : day(one.date),
      verification: verificationText(one, link),
      tasks: cell(one.tasks.map(({ slug, done }) => `${slug}${done ? ' ✅' : ''}`).join(', ')),
    })),
  };
}

function verificationText(one: MilestoneState, link: (path: string) => string): string {
  const where = one.evidence === undefined ? '' : ` ([evidence](${link(one.evidence)}))`;
  switch (one.verification) {
    case 'verified':
      return `✅ Verified by ${one.by}${where}`;
    case 'failed':
      return `❌ Failed: ${one.by}${where}`;
    case 'inconclusive':
      return `⚠️ Inconclusive: ${one.by}${where}`;
    case 'stale':
      return `⏳ Stale: ${one.by}`;
    case 'not-run':
      return `Not run: ${one.by}`;
    case 'none':
      return 'Nothing verifies it';
  }
}
