import { highest, lowest } from '../profiling/statistics/summary.ts';
import type { Band, ChartPoint } from './data.ts';
import { escapeXml } from './junit.ts';

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 56;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 34;
const TICKS = 5;
/** More points than pixels only make the file larger. */
const MOST_POINTS = 700;

export interface LineChart {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly ChartPoint[];
  readonly seconds: number;
  readonly bands: readonly Band[];
  /** Horizontal lines: the limits. */
  readonly limits: readonly { readonly value: number; readonly label: string }[];
  /** Where the axis may begin above 0. */
  readonly fromZero: boolean;
}

/** A line over time with limits and fault windows, as one `<svg>`; text for a chart without data. */
export function lineChart(chart: LineChart): string {
  if (chart.points.length === 0) return `<p class="none">${escapeXml(chart.title)}: nothing was measured.</p>`;
  const values = [...chart.points.map(([, y]) => y), ...chart.limits.map(({ value }) => value)];
  const [low, high, step] = axis(chart.fromZero ? 0 : lowest(values), highest(values));
  const x = scale(0, Math.max(1, chart.seconds), LEFT, WIDTH - RIGHT);
  const y = scale(low, high, HEIGHT - BOTTOM, TOP);
  const inside = (at: number) => Math.min(WIDTH - RIGHT, Math.max(LEFT, x(at)));
  const bands = chart.bands.map(({ from, to, label }) => {
    const left = inside(from);
    const width = Math.max(2, inside(to) - left);
    return `<g class="band"><title>${escapeXml(label)}: ${from.toFixed(1)} to ${to.toFixed(1)} s</title><rect x="${px(left)}" y="${TOP}" width="${px(width)}" height="${HEIGHT - TOP - BOTTOM}"/><text x="${px(left + 3)}" y="${TOP + 10}">${escapeXml(label.split('-')[0] ?? '')}</text></g>`;
  });
  const grid = range(low, high, step).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(value))}" y2="${px(y(value))}"/><text class="tick" x="${LEFT - 6}" y="${px(y(value) + 4)}" text-anchor="end">${label(value)}</text>`,
  );
  const [, right, stepX] = axis(0, Math.max(1, chart.seconds));
  const times = range(0, Math.min(right, chart.seconds), stepX).map(
    (value) =>
      `<text class="tick" x="${px(x(value))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${label(value)}</text>`,
  );
  const limits = chart.limits.map(
    ({ value, label: text }) =>
      `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(value))}" y2="${px(y(value))}"/><text class="limit" x="${WIDTH - RIGHT}" y="${px(y(value) - 4)}" text-anchor="end">${escapeXml(text)}</text>`,
  );
  const line = thin(chart.points)
    .map(([at, value]) => `${px(inside(at))},${px(y(value))}`)
    .join(' ');
  return `<figure><figcaption>${escapeXml(chart.title)} <span>${escapeXml(chart.unit)}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(chart.title)}">
${bands.join('')}${grid.join('')}${times.join('')}
<polyline class="line" points="${line}"/>
${limits.join('')}
<text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">seconds after the window opened</text>
</svg></figure>`;
}

export interface Bar {
  readonly label: string;
  readonly value: number | undefined;
  /** Shown where there is no value. */
  readonly missing?: string;
}

/** Horizontal bars with the limit as a line. */
export function barChart(
  title: string,
  unit: string,
  bars: readonly Bar[],
  limit: { readonly value: number; readonly label: string } | undefined,
): string {
  if (bars.length === 0) return `<p class="none">${escapeXml(title)}: nothing was measured.</p>`;
  const ROW = 24;
  const TEXT = 190;
  const height = TOP + bars.length * ROW + BOTTOM;
  const values = [...bars.map(({ value }) => value ?? 0), limit?.value ?? 0];
  const [, high, step] = axis(0, Math.max(...values, 1e-9));
  const x = scale(0, high, TEXT, WIDTH - RIGHT - 50);
  const rows = bars.map(({ label: text, value, missing }, index) => {
    const top = TOP + index * ROW;
    const width = value === undefined ? 0 : Math.max(1, x(value) - TEXT);
    const figure = value === undefined ? (missing ?? 'not measured') : label(value);
    const over = limit !== undefined && value !== undefined && value > limit.value ? ' over' : '';
    return `<text class="tick" x="${TEXT - 8}" y="${top + 15}" text-anchor="end">${escapeXml(text)}</text><rect class="bar${over}" x="${TEXT}" y="${top + 4}" width="${px(width)}" height="${ROW - 10}" rx="2"/><text class="value" x="${px(TEXT + width + 6)}" y="${top + 15}">${escapeXml(figure)}</text>`;
  });
  const bottom = TOP + bars.length * ROW;
  const ticks = range(0, high, step).map(
    (value) => `<text class="tick" x="${px(x(value))}" y="${bottom + 16}" text-anchor="middle">${label(value)}</text>`,
  );
  const line =
    limit === undefined
      ? ''
      : `<line class="limit" x1="${px(x(limit.value))}" x2="${px(x(limit.value))}" y1="${TOP}" y2="${bottom}"/><text class="limit" x="${px(x(limit.value))}" y="${bottom + 30}" text-anchor="middle">${escapeXml(limit.label)}</text>`;
  return `<figure><figcaption>${escapeXml(title)} <span>${escapeXml(unit)}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">${rows.join('')}${ticks.join('')}${line}</svg></figure>`;
}

/** A constant series still gets an axis: one that spans this part of its value. */
const LEAST_SPAN = 0.01;
/** What rounding leaves of a whole number of steps. */
const ROUNDING = 1e-9;

/** Round ends and a round step, about five steps. */
export function axis(low: number, high: number): [low: number, high: number, step: number] {
  const span = Math.max(high - low, Math.abs(high) * LEAST_SPAN) || 1;
  const raw = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const bottom = Math.floor(low / step + ROUNDING);
  const top = Math.max(bottom + 1, Math.ceil(high / step - ROUNDING));
  return [bottom * step, top * step, step];
}

function range(low: number, high: number, step: number): number[] {
  const count = Math.floor((high - low) / step + 1e-6);
  return Array.from({ length: count + 1 }, (_, i) => low + i * step);
}

function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

function thin(points: readonly ChartPoint[]): readonly ChartPoint[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return every <= 1 ? points : points.filter((_, index) => index % every === 0);
}

function px(value: number): string {
  return value.toFixed(1);
}

function label(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
