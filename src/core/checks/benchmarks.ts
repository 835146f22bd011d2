import { GoTestRun } from './parsers/goTestRun.ts';
import { linesOf } from './parsers/parser.ts';

/** All samples of one benchmark in one unit (`ns/op`, `B/op`, `allocs/op`, `MB/s` or a reported metric's). */
export interface BenchmarkSeries {
  /** Import path and name without the `-8` of GOMAXPROCS: the same benchmark on another machine. */
  readonly key: string;
  /** As shown: the last part of the import path and the name. */
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
}

interface Line {
  readonly importPath: string;
  readonly name: string;
  readonly figures: readonly { value: number; unit: string }[];
}

const LINE = /^(Benchmark\S*)\s+\d+\s+(\S.*)$/;
const PROCS = /-\d+$/;

/** Reads what `go test -bench` prints, plain or with -json. Order is that of the output. */
export function benchmarkSeries(output: string): BenchmarkSeries[] {
  const lines = benchmarkLines(output);
  const [first] = lines;
  // A name may itself end in a number; only a suffix that all share is the number of processors.
  const suffix = first === undefined ? undefined : PROCS.exec(first.name)?.[0];
  const strip = suffix !== undefined && lines.every(({ name }) => name.endsWith(suffix)) ? suffix.length : 0;
  const found = new Map<string, { key: string; name: string; unit: string; samples: number[] }>();
  for (const { importPath, name, figures } of lines) {
    const short = name.slice(0, name.length - strip);
    const key = importPath === '' ? short : `${importPath}.${short}`;
    const shown = importPath === '' ? short : `${importPath.split('/').at(-1)}.${short}`;
    for (const { value, unit } of figures) {
      const id = `${key} ${unit}`;
      const series = found.get(id) ?? { key, name: shown, unit, samples: [] };
      series.samples.push(value);
      found.set(id, series);
    }
  }
  return [...found.values()];
}

/** The benchmark lines alone, in Go's own format: what a baseline file holds and benchstat reads. */
export function benchmarkText(output: string): string {
  let text = '';
  for (const line of plainText(output))
    if (LINE.test(line) || /^(?:goos|goarch|pkg|cpu): /.test(line)) text += `${line}\n`;
  return text;
}

function benchmarkLines(output: string): Line[] {
  const lines: Line[] = [];
  let importPath = '';
  for (const line of plainText(output)) {
    importPath = /^pkg: (\S+)/.exec(line)?.[1] ?? importPath;
    const [, name, rest = ''] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const words = rest.trim().split(/\s+/);
    const figures: { value: number; unit: string }[] = [];
    for (let index = 0; index + 1 < words.length; index += 2) {
      const value = Number(words[index]);
      if (Number.isFinite(value)) figures.push({ value, unit: words[index + 1] ?? '' });
    }
    if (figures.length > 0) lines.push({ importPath, name, figures });
  }
  return lines;
}

/** Undoes -json, which tears a benchmark's line into several events and mixes packages. */
function plainText(output: string): string[] {
  if (!/^\{"/m.test(output)) return linesOf(output);
  const go = GoTestRun.of(output);
  return [...go.packages.values()].flatMap((goPackage) => linesOf(goPackage.output));
}
