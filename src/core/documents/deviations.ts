import { type Deviation, deviationStatus, deviationText, type RegisteredDeviation } from '../model/deviation.ts';
import type { View } from './template.ts';
import { cell, linkFrom, listText } from './words.ts';

const MARKS: Readonly<Record<Deviation['status'], string>> = {
  proposed: '⏳ Proposed',
  approved: '✅ Approved',
  rejected: '➖ Rejected',
  expired: '❌ Expired',
};

/** The register of plan section 8.3. `today` decides what has run out. */
export function deviationsView(file: string, deviations: readonly RegisteredDeviation[], today: string): View {
  const link = linkFrom(file);
  const list = [...deviations].sort((a, b) => (a.value.id < b.value.id ? -1 : 1));
  return {
    deviations: list.map(({ file: path, value, recorded }) => {
      const status = deviationStatus(value, today);
      const unrecorded = status === 'approved' && !recorded ? ' (no evidence tells who approved it)' : '';
      return {
        id: value.id,
        file: path,
        link: link(path),
        date: value.date,
        item: cell(value.blueprint_item),
        change: value.change.trim(),
        justification: value.justification.trim(),
        impacts: Object.entries(value.impact_analysis).map(([goal, impact]) => ({ goal, impact })),
        scope: listText(value.scope, 'everything that names the item'),
        expires: value.expires ?? 'never',
        approvedBy: value.approved_by ?? 'nobody yet',
        status: `${MARKS[status]}${unrecorded}`,
        state: cell(deviationText(value, today)),
      };
    }),
  };
}
