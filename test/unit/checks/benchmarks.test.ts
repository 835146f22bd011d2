import assert from 'node:assert/strict';
import { benchmarkSeries, benchmarkText } from '../../../src/core/checks/benchmarks.ts';
import { compareBenchmarks, geometricMeans, mannWhitney } from '../../../src/core/checks/benchstat.ts';
import { parse, recorded, shown } from './support.ts';

/** Go's benchmark format for one benchmark in ns/op. */
function bench(name: string, samples: readonly number[]): string {
  return `pkg: example.com/sketch\n${samples.map((value) => `${name}-8 \t 100\t ${value} ns/op\n`).join('')}`;
}

describe('benchmarks', () => {
  it('reads every unit of the plain format, with all samples', () => {
    assert.deepEqual(
      benchmarkSeries(recorded('gobench.txt')).map(({ name, unit, samples }) => `${name} ${unit} n=${samples.length}`),
      [
        'bench.BenchmarkAllocate ns/op n=5',
        'bench.BenchmarkAllocate items/op n=5',
        'bench.BenchmarkAllocate B/op n=5',
        'bench.BenchmarkAllocate allocs/op n=5',
        'bench.BenchmarkCopy ns/op n=5',
        'bench.BenchmarkCopy B/op n=5',
        'bench.BenchmarkCopy allocs/op n=5',
      ],
    );
  });

  it('reads -json, which tears a line apart', () => {
    const names = benchmarkSeries(recorded('gobench.jsonl.txt')).map(({ name, unit }) => `${name} ${unit}`);
    assert.deepEqual(names.slice(0, 2), ['bench.BenchmarkAllocate ns/op', 'bench.BenchmarkAllocate items/op']);
    assert.equal(names.length, 7);
  });

  it('takes off the number of processors, but not a number of the name', () => {
    const keys = (text: string): string[] => benchmarkSeries(text).map(({ key }) => key);
    assert.deepEqual(keys('BenchmarkAdd/size-10-4 1 2 ns/op\nBenchmarkAdd/size-20-4 1 2 ns/op'), [
      'BenchmarkAdd/size-10',
      'BenchmarkAdd/size-20',
    ]);
    assert.deepEqual(keys('BenchmarkAdd/size-10 1 2 ns/op\nBenchmarkAdd/size-20 1 2 ns/op'), [
      'BenchmarkAdd/size-10',
      'BenchmarkAdd/size-20',
    ]);
  });

  it('writes a baseline that reads back the same', () => {
    const output = recorded('gobench.txt');
    assert.deepEqual(benchmarkSeries(benchmarkText(`noise\n${output}`)), benchmarkSeries(output));
    assert.doesNotMatch(benchmarkText(output), /PASS|ok/);
  });
});

describe('benchstat', () => {
  it('knows the exact p of the Mann-Whitney U test', () => {
    // 2 of the C(8,4) = 70 ways are as extreme as complete separation.
    assert.equal(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]), 2 / 70);
    assert.equal(mannWhitney([1, 2, 3], [4, 5, 6]), 2 / 20);
    assert.equal(mannWhitney([1, 1, 1, 1], [1, 1, 1, 1]), 1);
    // R: wilcox.test(c(1,3,5,7,9), c(2,4,6,8,10), exact = TRUE) gives 0.6905.
    assert.equal(mannWhitney([1, 3, 5, 7, 9], [2, 4, 6, 8, 10]).toFixed(4), '0.6905');
  });

  it('shares ranks between equal values', () => {
    // 1 2 2 3 against 3 4 4 5: rank sum 10.5; of 70 ways 2 are as low or lower on one side.
    assert.equal(mannWhitney([1, 2, 2, 3], [3, 4, 4, 5]), mannWhitney([3, 4, 4, 5], [1, 2, 2, 3]));
    assert.ok(mannWhitney([1, 2, 2, 3], [3, 4, 4, 5]) < 0.1);
  });

  it('approximates where there are many samples, close to the exact value', () => {
    const series = (length: number, offset: number): number[] =>
      Array.from({ length }, (_, index) => index * 2 + offset);
    const exact = mannWhitney(series(20, 0), series(20, 9));
    const near = mannWhitney(series(21, 0), series(20, 9));
    assert.ok(Math.abs(exact - near) < 0.05, `${exact} and ${near}`);
  });

  function change(before: readonly number[], after: readonly number[]): string {
    const [row] = compareBenchmarks(
      benchmarkSeries(bench('BenchmarkAdd', before)),
      benchmarkSeries(bench('BenchmarkAdd', after)),
    );
    return `${row?.change} ${row?.delta?.toFixed(1)} p=${row?.p?.toFixed(3)}`;
  }

  it('calls a change what is significant, and ~ what is not', () => {
    assert.equal(change([10, 11, 12, 13], [20, 21, 22, 23]), 'worse 87.0 p=0.029');
    assert.equal(change([20, 21, 22, 23], [10, 11, 12, 13]), 'better -46.5 p=0.029');
    assert.equal(change([10, 12, 14, 16], [11, 13, 15, 17]), '~ 7.7 p=0.686');
  });

  it('cannot tell from fewer than four samples', () => {
    assert.equal(change([10, 10, 10], [90, 90, 90]), '~ 800.0 p=undefined');
  });

  it('knows that a rate is good when high', () => {
    const text = (values: readonly number[]): string =>
      values.map((value) => `BenchmarkRead 1 ${value} MB/s\n`).join('');
    const rows = compareBenchmarks(benchmarkSeries(text([10, 11, 12, 13])), benchmarkSeries(text([20, 21, 22, 23])));
    assert.deepEqual(
      rows.map((row) => row.change),
      ['better'],
    );
  });

  it('gives the geometric mean per unit', () => {
    const before = benchmarkSeries('BenchmarkA 1 10 ns/op\nBenchmarkB 1 10 ns/op');
    const after = benchmarkSeries('BenchmarkA 1 20 ns/op\nBenchmarkB 1 5 ns/op');
    assert.deepEqual(geometricMeans(compareBenchmarks(before, after)), [{ unit: 'ns/op', delta: 0, n: 2 }]);
  });
});

describe('parser gobench', () => {
  const check = { baseline: 'bench.txt' };

  it('gives the median and the number of samples', () => {
    const result = parse('gobench', { stdout: bench('BenchmarkAdd', [1, 9, 2]) });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual(result.values, [{ name: 'sketch.BenchmarkAdd ns/op', value: 2, unit: 'ns/op', n: 3 }]);
  });

  it('has not run when there was no benchmark, although go test exits with 0', () => {
    assert.equal(parse('gobench', { stdout: 'PASS\nok  \texample.com/cases/passing\t0.003s\n' }).verdict, 'not-run');
  });

  it('warns of what became slower than the baseline', () => {
    const baseline = bench('BenchmarkAdd', [10, 11, 12, 13]);
    const result = parse('gobench', { stdout: bench('BenchmarkAdd', [20, 21, 22, 23]), baseline, check });
    assert.equal(result.verdict, 'pass');
    assert.equal(result.reason, '1 benchmark ran; against bench.txt: 1 worse, 0 better, 0 ~.');
    assert.deepEqual(shown(result.issues), [
      'infrabuilder.yaml:1:1: warning gobench.slower: sketch.BenchmarkAdd ns/op: 11.5 -> 21.5 (+87.0 %, p=0.029, n=4+4)',
    ]);
    assert.deepEqual(
      result.values.map(({ name, value }) => `${name} ${value.toFixed(1)}`),
      ['sketch.BenchmarkAdd ns/op 21.5', 'sketch.BenchmarkAdd ns/op delta 87.0', 'geomean ns/op delta 87.0'],
    );
  });

  it('says what it needs to tell a change', () => {
    const result = parse('gobench', {
      stdout: bench('BenchmarkAdd', [20]),
      baseline: bench('BenchmarkAdd', [10]),
      check,
    });
    assert.match(result.reason, /0 worse, 0 better, 1 ~, needs -count 4 or more on both sides/);
    assert.equal(result.values[1]?.verdict, 'inconclusive');
  });

  it('says that there is no baseline yet', () => {
    const result = parse('gobench', { stdout: bench('BenchmarkAdd', [20]), check });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual(
      result.issues.map(({ code, severity }) => `${severity} ${code}`),
      ['info gobench.no-baseline'],
    );
  });

  it('fails beyond a threshold', () => {
    const thresholds = { 'sketch.BenchmarkAdd ns/op': { max: 15 } };
    const result = parse('gobench', { stdout: bench('BenchmarkAdd', [20]), thresholds });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), [
      'infrabuilder.yaml:1:1: error check.threshold: sketch.BenchmarkAdd ns/op is 20 ns/op, above 15.',
    ]);
  });

  it('fails with the place when the code does not build', () => {
    const stderr = '# example.com/cases/x\nx/x.go:3:5: undefined: y\n';
    const result = parse('gobench', { stdout: 'FAIL\texample.com/cases/x [build failed]\n', stderr, exitCode: 1 });
    assert.equal(result.verdict, 'fail');
    assert.deepEqual(shown(result.issues), ['agent/x/x.go:3:5: error gotest.build: undefined: y']);
  });
});
