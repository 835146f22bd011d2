import assert from 'node:assert/strict';
import { extensionErrors } from '../../vscode/harness/log.ts';

const OWN = `2026-01-31T10:00:00.000Z [error] Error: ENOENT
	at read (/x/.infrabuilder-cache/extension/dist/extension.js:1:1)`;
const FOREIGN = `2026-01-31T10:00:01.000Z [error] Error: no such module
	at load (/x/.infrabuilder-cache/code-server-4.0.0/lib/vscode/out/host.js:1:1)`;

describe("reading the extension host's log", () => {
  it('finds an exception of ours with its stack, and leaves those of VS Code alone', () => {
    const found = extensionErrors(new Map([['exthost1/remoteexthost.log', `${OWN}\n${FOREIGN}\n`]]));
    assert.deepEqual(found, [`exthost1/remoteexthost.log: ${OWN}`]);
  });

  it('finds every error in our own channel, whatever it says', () => {
    const text = '2026-01-31T10:00:00.000Z [info] fine\n2026-01-31T10:00:01.000Z [error] broken\n';
    const name = 'exthost1/infrabuilder.infrabuilder/InfraBuilder.log';
    assert.deepEqual(extensionErrors(new Map([[name, text]])), [`${name}: 2026-01-31T10:00:01.000Z [error] broken`]);
  });
});
