import type { Issue } from '../../model/issue.ts';
import { isKpi, KPIS } from '../../model/kpi.ts';
import type { Thresholds } from '../../model/threshold.ts';
import { sameDimension } from '../../model/units.ts';
import type { Path } from '../../parse/parsed.ts';
import type { Entry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import { at, atKey, didYouMean, replace, replaceKey } from './report.ts';

/** Names and units of the KPIs below `base`. `subject` begins the codes: `goal` or `scenario`. */
export function checkKpis(
  entry: Entry<unknown>,
  base: Path,
  kpis: Thresholds,
  subject: 'goal' | 'scenario',
  hints: Hints,
): Issue[] {
  return Object.entries(kpis).flatMap(([name, { unit }]) => {
    const path = [...base, name];
    if (!isKpi(name)) {
      const names = hints.nearest('kpi', name, () => Object.keys(KPIS)).filter((near) => !Object.hasOwn(kpis, near));
      const message = `The KPI "${name}" is unknown, so nothing would measure it.${didYouMean(names)} Known KPIs: ${Object.keys(KPIS).join(', ')}.`;
      const fixes = names.map((near) => replaceKey(entry, path, near));
      return [atKey(entry, path, { code: `${subject}.unknown-kpi`, severity: 'error', message, fixes })];
    }
    const [wanted] = KPIS[name].units;
    if (unit === undefined || sameDimension(unit, wanted)) return [];
    const message = `"${name}" is measured in ${wanted}, not in "${unit}". Check the limit too when you change the unit.`;
    const fixes = [replace(entry, [...path, 'unit'], wanted)];
    return [at(entry, [...path, 'unit'], { code: `${subject}.unit-mismatch`, severity: 'error', message, fixes })];
  });
}
