import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFiles } from '../../../src/node/files.ts';

/** More than Node reads into one buffer; a day of raw output is more. */
const BYTES = 2 ** 31 + 1;

describe('raw output of more than 2 GiB', () => {
  const root = mkdtempSync(join(tmpdir(), 'huge-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  it('has a digest like any other', async () => {
    const files = createFiles(root);
    writeFileSync(join(root, 'metrics.jsonl'), '');
    truncateSync(join(root, 'metrics.jsonl'), BYTES);
    assert.deepEqual(await files.digest('metrics.jsonl'), {
      bytes: BYTES,
      // As `head -c 2147483649 /dev/zero | sha256sum` says.
      sha256: 'b8030a8ab89280935633d8d991da3d9907c0f12e8b6fc3bfc515f4d440872b6e',
    });
    await assert.rejects(files.readBytes('metrics.jsonl'));
  });
});
