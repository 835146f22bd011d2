import { l10n } from 'vscode';
import type { GoalState } from '../../core/goals/goalState.ts';
import { ageText, valueText, verdictText } from '../runs/text.ts';
import { coveredBy, standingOf } from './state.ts';

/** Verdict, value against threshold, age and staleness: `fail · topn_capture_ratio 71.43 % ≥ 95 % · 3 min ago`. */
export function goalText(state: GoalState): string {
  const { goal, verdict, fresh, values, measuredAt, evidence } = state;
  if (goal.applies === false) return l10n.t('does not apply');
  if (evidence.length === 0) return verdict === 'not-run' ? l10n.t('not run') : verdictText(verdict);
  const parts = [verdictText(verdict)];
  const covered = coveredText(state);
  if (covered !== '') parts.push(covered);
  const shown = values.filter(({ min, max }) => min !== undefined || max !== undefined);
  if (shown.length > 0) parts.push(shown.map(valueText).join(', '));
  if (measuredAt !== undefined) parts.push(ageText(new Date(measuredAt)));
  if (!fresh) parts.push(l10n.t('stale'));
  return parts.join(' · ');
}

/** A pass that rests on deviations says so; empty where there is none. */
export function coveredText(state: GoalState): string {
  const ids = coveredBy(state);
  if (ids.length === 0) return '';
  return ids.length === 1
    ? l10n.t('covered by deviation {0}', ids[0] ?? '')
    : l10n.t('covered by deviations {0}', ids.join(', '));
}

/** What a screen reader and a tooltip say. */
export function standingText(state: GoalState): string {
  switch (standingOf(state)) {
    case 'pass':
      return l10n.t('holds');
    case 'fail':
      return l10n.t('does not hold');
    case 'stale':
      return l10n.t('was measured on an older tree');
    case 'unknown':
      return l10n.t('is not known to hold');
    case 'off':
      return l10n.t('does not apply');
  }
}
