import type { Issue } from '../../model/issue.ts';
import { documentKind } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { finding } from './finding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DATE = /(?<![\w/.-])(\d{4})-(\d{2})-(\d{2})(?![\w/-]|\.\d)/g;
const STAMP = /(?<![\w/.-])(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}/g;
/** What is to come may lie in the future, and what is quoted may be old. */
const PLANNED =
  /expire|due|deadline|until|planned|plan\b|next|target|eta\b|review|estimate|scheduled|upcoming|by the|kernel|copyright|version|since|published|standard|rfc|licen[cs]e/i;

/** Dates of work that lie in the future, or before there was anything to work on. */
export function impossibleDates(repository: Repository): Issue[] {
  const { firstCommit, now } = repository;
  const earliest = firstCommit === undefined ? undefined : Date.parse(firstCommit) - DAY_MS;
  const latest = now.getTime() + DAY_MS;
  return repository.paths.filter(isDated).flatMap((file) =>
    (repository.read(file) ?? '').split(/\r?\n/).flatMap((text, index) => {
      if (PLANNED.test(text)) return [];
      return dates(text).flatMap(({ shown, time }) => {
        const place = { file, line: index + 1, text };
        if (time > latest) return [finding('date-in-future', 'error', `${shown} has not come yet.`, place)];
        if (earliest === undefined || time >= earliest) return [];
        const message = `${shown} is before the first commit (${firstCommit?.slice(0, 10)}).`;
        return [finding('date-before-start', 'warning', message, place)];
      });
    }),
  );
}

/** Results, and tasks that are done. */
function isDated(path: string): boolean {
  return documentKind(path) === 'result' || /(?:^|\/)done\/[^/]+\.ya?ml$/.test(path);
}

function dates(text: string): { shown: string; time: number }[] {
  return [...text.matchAll(DATE), ...text.matchAll(STAMP)].flatMap(([, year, month, day]) => {
    const shown = `${year}-${month}-${day}`;
    const time = Date.parse(shown);
    return Number.isNaN(time) ? [] : [{ shown, time }];
  });
}
