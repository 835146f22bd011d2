import type { Command } from 'commander';
import { HumanError } from '../../core/base/errors.ts';
import { fix } from '../../core/doctor/fix.ts';
import { doctorText, fixText } from '../../core/doctor/render.ts';
import { doctor } from '../../core/operations/doctor.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { AGREE, addCommon, type CommonOptions } from './common.ts';

interface DoctorOptions extends CommonOptions {
  readonly fix?: boolean;
  readonly yes?: boolean;
}

export function addDoctor(program: Command, context: Context): void {
  addCommon(program.command('doctor'))
    .description('find the tools that the workspace needs, and say what each is for')
    .argument('[tools...]', 'with --fix: install these; by default what the workspace needs')
    .option('-y, --yes', 'agree to every question')
    .option('--fix', 'after asking, install what needs no root into .infrabuilder/tools')
    .addHelpText('after', EXAMPLES)
    .action((tools: string[], options: DoctorOptions) => run(tools, options, context));
}

async function run(tools: readonly string[], options: DoctorOptions, context: Context): Promise<void> {
  const { io } = context;
  if (tools.length > 0 && !options.fix) {
    const hint = `To install: infrabuilder doctor --fix ${tools.join(' ')}. To see all tools, leave the names out.`;
    throw new HumanError('doctor.tools-without-fix', 'Tools are named only together with --fix.', hint);
  }
  const engine = context.engineOrHere(options);
  if (options.fix) {
    const ports = options.yes ? { ...engine.doctorPorts, approval: AGREE } : engine.doctorPorts;
    const report = await fix(await engine.needs(), ports, {
      only: tools.length === 0 ? undefined : tools,
      signal: io.signal,
      onLine: (line) => context.say(`${line}\n`),
    });
    if (options.json) context.printJson({ schemaVersion: 1, ...report });
    else context.print(`${[...doctorText(report.doctor), ...fixText(report)].join('\n')}\n`);
    context.exitCode = report.doctor.ok ? EXIT.holds : EXIT.environment;
    return;
  }
  const report = await doctor.run(engine, {}, { signal: io.signal });
  if (options.json) context.printJson(report);
  else context.print(`${[...doctorText(report), '', answersText(report.answers)].join('\n')}\n`);
  context.exitCode = report.ok ? EXIT.holds : EXIT.environment;
}

function answersText({ provider, note }: { readonly provider: string; readonly note: string | null }): string {
  return `Questions are answered by ${provider}.${note === null ? '' : ` ${note}`}`;
}

const EXAMPLES = `
Examples:
  infrabuilder doctor
  infrabuilder doctor --json
  infrabuilder doctor --fix
  infrabuilder doctor --fix buf kind

Exit code 3: a tool that a configured check needs is missing or too old.
`;
