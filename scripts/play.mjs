// npm run play [-- --port N]: the extension on the embedded workspace, in a VS Code in your browser. Ctrl-C ends it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { windowUrl } from '../test/vscode/harness/browser.ts';
import { installVsCode } from '../test/vscode/harness/install.ts';
import { makeSample } from '../test/vscode/harness/sample.ts';
import { startServer } from '../test/vscode/harness/server.ts';
import { removeStage, stageExtension } from '../test/vscode/harness/stage.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, open: { type: 'boolean', default: true } },
  allowNegative: true,
});
const root = fileURLToPath(new URL('..', import.meta.url));
const vscode = await installVsCode((line) => console.log(line));
const extension = await stageExtension('play', { tests: false });
const demo = join(root, '.demo');
const sample = existsSync(join(demo, 'infrabuilder.yaml')) ? { folder: demo, remove() {} } : makeSample(extension);
const server = await startServer({
  vscode,
  port: Number(values.port),
  settings: { 'workbench.startupEditor': 'none' },
});
const url = windowUrl({ authority: server.authority, folder: sample.folder, extension });

console.log(
  `\nWorkspace: ${sample.folder}\nOpen this address in a browser; it is served on this machine alone:\n\n  ${url}\n\nCtrl-C ends it.`,
);
if (values.open) openBrowser(url);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await server.stop();
    sample.remove();
    removeStage(extension);
    process.exit(0);
  });
}

/** Where there is a desktop; elsewhere the address above is enough. */
function openBrowser(address) {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', address]
        : ['xdg-open', address];
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
