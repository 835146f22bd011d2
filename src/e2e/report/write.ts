import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';
import type { ActJudgement } from '../kpi/act.ts';
import { chartsOf } from './data.ts';
import { htmlReport } from './html.ts';
import { junitXml } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { metricsJson, metricsText } from './metrics.ts';

/**
 * Writes `metrics.txt`, `metrics.json`, `run.json`, `report.md`, `report.html` and `junit.xml` into the folder of the run,
 * and the figures once more beside it, where the plan's scripts look. Returns the run with its report named.
 */
export async function writeReports(request: {
  readonly root: string;
  /** `e2e/results/<scenario>`, relative to the root. */
  readonly results: string;
  readonly run: ScenarioRun;
  readonly plan: ScenarioPlan;
  readonly acts: readonly ActJudgement[];
}): Promise<ScenarioRun> {
  const { root, results, plan, acts } = request;
  const folder = `${results}/${request.run.run}`;
  const run: ScenarioRun = { ...request.run, report: `${folder}/report.html` };
  const charts = acts.map(chartsOf);
  await mkdir(join(root, folder), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    [`${folder}/metrics.txt`]: metricsText(run),
    [`${folder}/metrics.json`]: metricsJson(run),
    [`${folder}/run.json`]: `${JSON.stringify({ schemaVersion: 1, plan, run }, undefined, 2)}\n`,
    [`${folder}/report.md`]: markdownReport(run, plan),
    [`${folder}/report.html`]: htmlReport(run, plan, charts),
    [`${folder}/junit.xml`]: junitXml(run, plan),
    [`${results}/metrics.txt`]: metricsText(run),
    [`${results}/metrics.json`]: metricsJson(run),
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(root, file), content);
  return run;
}
