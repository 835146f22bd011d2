import type { SelfTestJson } from '../../core/operations/selfTest.ts';
import { paint, type Stream } from '../io.ts';
import { verdictText } from './check.ts';
import { table } from './table.ts';

type Canary = SelfTestJson['canaries'][number];

const RESULTS: Readonly<Record<Canary['result'], readonly [string, 'green' | 'red' | 'yellow' | 'dim']>> = {
  red: ['turns red', 'green'],
  green: ['STAYS GREEN', 'red'],
  broken: ['broken', 'red'],
  'not-proven': ['not proven', 'yellow'],
  'no-canary': ['no canary', 'yellow'],
  off: ['off', 'dim'],
};

/** One row a defect, and below why some prove nothing. */
export function selfTestText(stream: Stream, { canaries, holds }: SelfTestJson): string {
  const open = canaries.filter(({ result }) => result !== 'red' && result !== 'off');
  const why = open.map(({ goal, defect, reason }) => `${goal}  ${defect === null ? '' : `${defect}: `}${reason}\n`);
  const planted = canaries.filter(({ verdict }) => verdict !== null).length;
  const proven = planted === 1 ? 'The defect turned its goal red.' : `All ${planted} defects turned their goals red.`;
  const end = holds ? proven : `${open.length} of ${canaries.length} canaries prove nothing.`;
  return [
    table(
      ['GOAL', 'DEFECT', 'VERDICT', 'MEASURED', 'SECONDS', 'RESULT'],
      canaries.map((canary) => row(stream, canary)),
    ),
    ...why,
    `${end}\n`,
  ].join('');
}

function row(
  stream: Stream,
  { goal, defect, scenario, before, verdict, measured, seconds, result, note }: Canary,
): string[] {
  const [word, style] = RESULTS[result];
  const change =
    verdict === null
      ? '-'
      : `${before === null ? '-' : verdictText(stream, before)} -> ${verdictText(stream, verdict)}`;
  return [
    goal,
    defect === null ? '-' : scenario === null ? defect : `${defect} (${scenario.name}, ${scenario.seconds} s)`,
    change,
    measured === '' ? '-' : measured,
    seconds === null ? '-' : seconds.toFixed(1),
    paint(stream, style, word) + (note === '' ? '' : `: ${note}`),
  ];
}
