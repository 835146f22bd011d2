import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Bench, shown, workbench } from './support.ts';

const buf = join(import.meta.dirname, '../../../node_modules/.bin/buf');

describe('checks with the real buf', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await workbench();
    await bench.files.makeFolder('proto');
  });
  afterEach(() => bench.dispose());

  it('finds what breaks a rule, in text and in JSON', async () => {
    await bench.files.write('proto/a.proto', 'syntax = "proto3";\npackage foo.v1;\nmessage bad_name {}\n');
    await bench.files.write('buf.yaml', 'version: v2\nlint:\n  use: [MESSAGE_PASCAL_CASE]\n');
    const message = 'Message name "bad_name" should be PascalCase, such as "BadName".';
    const text = await bench.run({ run: [buf, 'lint'], parser: 'buf' });
    assert.deepEqual(shown(text.issues), [`proto/a.proto:3:9-17: error buf.finding: ${message}`]);
    const json = await bench.run({ run: [buf, 'lint', '--error-format=json'], parser: 'buf' });
    assert.deepEqual(shown(json.issues), [`proto/a.proto:3:9-17: error buf.message-pascal-case: ${message}`]);
  });

  it('passes, and has not run without a .proto file', async () => {
    assert.equal((await bench.run({ run: [buf, 'lint'], parser: 'buf' })).verdict, 'not-run');
    await bench.files.write('buf.yaml', 'version: v2\nlint:\n  use: [MESSAGE_PASCAL_CASE]\n');
    await bench.files.write('proto/a.proto', 'syntax = "proto3";\nmessage Good {}\n');
    assert.equal((await bench.run({ run: [buf, 'lint'], parser: 'buf' })).verdict, 'pass');
  });

  it('is an error when there is nothing to compare with', async () => {
    await bench.files.write('proto/a.proto', 'syntax = "proto3";\nmessage Good {}\n');
    const result = await bench.run({ run: [buf, 'breaking', '--against', 'old.binpb'], parser: 'buf' });
    assert.equal(result.verdict, 'error');
    assert.match(result.reason, /^buf could not run: /);
  });
});
