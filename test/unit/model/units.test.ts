import assert from 'node:assert/strict';
import { KPIS } from '../../../src/core/model/kpi.ts';
import { convert, dimensionOf, sameDimension, unitName } from '../../../src/core/model/units.ts';

describe('units', () => {
  for (const [text, name] of [
    ['%', 'percent'],
    ['Percent', 'percent'],
    [' ms ', 'milliseconds'],
    ['µs', 'microseconds'],
    ['Seconds', 'seconds'],
    ['MB', 'MB'],
    ['mb', 'MB'],
    ['MiB', 'MiB'],
    ['Mb', undefined],
    ['/s', 'per second'],
    ['PIDs/s', 'per second'],
    ['events per second', 'per second'],
    ['MB/s', 'MB per second'],
    ['bytes/s', 'bytes per second'],
    ['Mbit/s', undefined],
    ['GiB/s', undefined],
    ['items', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ] as const) {
    it(`"${text}" is ${name ?? 'unknown'}`, () => assert.equal(unitName(text), name));
  }

  for (const [value, from, to, expected] of [
    [1.5, 'min', 's', 90],
    [100, 'MB', 'MiB', 95.367431640625],
    [1, 'GiB', 'MiB', 1024],
    [250, 'ms', 'seconds', 0.25],
    [0.02, 'ratio', '%', 2],
    [120, 'rpm', '/s', 2],
    [7, 'items', 'items', 7],
    [1, 'MB', 's', undefined],
    [1, 'items', 'count', undefined],
    [3, '%', 'percent', 3],
  ] as const) {
    it(`${value} ${from} is ${expected ?? 'nothing'} in ${to}`, () => assert.equal(convert(value, from, to), expected));
  }

  it('of one dimension convert, others do not', () => {
    assert.ok(sameDimension('MB', 'GiB'));
    assert.ok(sameDimension('%', 'ratio'));
    assert.ok(sameDimension('items', 'items'));
    assert.ok(!sameDimension('items', 'things'));
    assert.ok(!sameDimension('MB', 'MB/s'));
    assert.ok(!sameDimension('s', 'count'));
  });

  it('of every KPI are known by the name that the KPI uses', () => {
    for (const [kpi, { units }] of Object.entries(KPIS)) {
      for (const unit of units) {
        assert.equal(unitName(unit), unit, kpi);
        assert.notEqual(dimensionOf(unit), undefined, kpi);
      }
    }
  });
});
