import { launchBrowser, openWindow } from './browser.ts';
import { installVsCode } from './install.ts';
import { makeSample } from './sample.ts';
import { startServer } from './server.ts';
import { mainBundleBytes, stageExtension } from './stage.ts';

const vscode = await installVsCode(console.log);
const ext = await stageExtension('trial', { tests: false });
console.log('main bundle', mainBundleBytes(ext));
const sample = makeSample(ext);
const server = await startServer({
  vscode,
  settings: {
    'workbench.colorTheme': process.argv[2] ?? 'Default Dark Modern',
    'workbench.startupEditor': 'none',
    'chat.commandCenter.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  },
});
const browser = await launchBrowser();
const page = await openWindow(browser, { authority: server.authority, folder: sample.folder, extension: ext });
await page.waitForTimeout(2500);
await page.locator('.activitybar [aria-label="InfraBuilder"]').first().click();
await page.waitForTimeout(2500);
await page.screenshot({ path: '/tmp/shot1.png' });
await page.keyboard.press('Control+P');
await page.waitForTimeout(500);
await page.keyboard.type('infrabuilder.yaml');
await page.waitForTimeout(1500);
await page.keyboard.press('Enter');
await page.waitForTimeout(3000);
await page.screenshot({ path: '/tmp/shot2.png' });
await page.keyboard.press('F1');
await page.waitForTimeout(500);
await page.keyboard.type('InfraBuilder: Show Dashboard');
await page.waitForTimeout(800);
await page.keyboard.press('Enter');
await page.waitForTimeout(3000);
await page.screenshot({ path: '/tmp/shot3.png' });
for (const [n, t] of server.logs())
  if (/exthost|InfraBuilder/i.test(n))
    console.log(
      '##',
      n,
      t.length,
      t
        .split('\n')
        .filter((l) => /error|warn|infrabuilder/i.test(l))
        .slice(0, 30)
        .join('\n'),
    );
console.log([...server.logs().keys()].join('\n'));
await browser.close();
await server.stop();
sample.remove();
